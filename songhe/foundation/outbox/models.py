"""Events and their deliveries, one a handler. Ids, days and codes only: nobody's personal data, so no region rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from songhe.foundation.database.fields import RegionCodeField
from songhe.foundation.outbox.states import State


class StoredEvent(models.Model):
    """An event as it was told. `name` is the dotted name of its kind; `region` as in `Event`."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=120)
    region = RegionCodeField(blank=True)
    body = models.JSONField()
    told_at = models.DateTimeField(db_default=Now())

    class Meta:
        """See Django."""

        db_table = "outbox_event"


class Delivery(models.Model):
    """One handler's copy. `error` is class, database code and line of the last failure, never its text."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(StoredEvent, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("next_try_at", "id"), condition=Q(state=State.WAITING), name="outbox_delivery_due"),
            models.Index(fields=("-id",), condition=~Q(state=State.DONE), name="outbox_delivery_open"),
        )
        constraints = (models.UniqueConstraint(fields=("event", "handler"), name="outbox_delivery_once"),)
