"""Systems that may call, and the answers of what they did. Neither holds anybody's personal data."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from songhe.doors.api.terms import NAME_LENGTH, OFFICE_LENGTH
from songhe.foundation.database.fields import RegionCodeField


class ApiClient(models.Model):
    """A system of another office, in a region, until a day (excluded).

    `source` is whose facts it tells, empty when it tells none. `digest` is a keyed digest of its token, empty until a
    second person approved it: the token itself is shown once and kept nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=NAME_LENGTH)
    office = models.CharField(max_length=OFFICE_LENGTH)
    region = RegionCodeField()
    source = models.CharField(max_length=24, blank=True)
    purposes = models.JSONField(default=list)
    actions = models.JSONField(default=list)
    until_date = models.DateField()
    digest = models.BinaryField(max_length=16, null=True, unique=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        constraints = (
            models.UniqueConstraint(fields=("name",), condition=Q(ended_at__isnull=True), name="api_client_name"),
            models.CheckConstraint(
                name="api_client_two_persons",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="api_client_approved", condition=Q(digest__isnull=True) | Q(approved_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.name


class ApiAnswer(models.Model):
    """What a system was answered when it did something, by its key: the same request again gets the same answer.

    `digest` is a keyed digest of what was sent. The answers hold ids, codes and counts.
    """

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=16)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        """See Django."""

        constraints = (models.UniqueConstraint(fields=("client", "key"), name="api_answer_once"),)
        indexes = (models.Index(fields=("asked_at",), name="api_answer_age"),)
