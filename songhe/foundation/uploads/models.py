"""One row for each file kept."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from songhe.foundation.database.fields import RegionCodeField

NAME_LENGTH = 120


class Upload(models.Model):
    """A file in settings.FILES, under a random name that says nothing.

    `name` is what people call it. `permission` is the action that reading it asks for besides the region, also of who
    handed it in; empty when only that one may. A row outlives its file: `deleted_at` says when that went. `size` and
    `sha256` are those of the plain bytes; files kept before there was `sealed` lie plain.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    name = models.CharField(max_length=NAME_LENGTH)
    kind = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    place = models.CharField(max_length=80, unique=True)
    permission = models.CharField(max_length=60, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    sealed = models.BooleanField(default=False)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="uploads_upload_region"),
            models.Index(fields=("sha256",), name="uploads_upload_sha256"),
        )

    def __str__(self) -> str:
        return self.name
