"""Who wants to be rung by the community, and how often somebody unknown came today."""

from __future__ import annotations

import uuid

from django.db import models

from songhe.foundation.database.fields import RegionCodeField


class ContactRequest(models.Model):
    """Somebody asks to be rung. Name and telephone are sealed, and gone once the matter is settled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="portal_request_region"),)


class Knock(models.Model):
    """How often an address of the network did one thing on one day; `holder` says nothing but “the same one”."""

    holder = models.BinaryField()
    what = models.CharField(max_length=20)
    day = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        """See Django."""

        constraints = (models.UniqueConstraint(fields=("holder", "what", "day"), name="portal_knock_once"),)
