"""Photos from a visit."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from songhe.foundation.database.fields import RegionCodeField


class Consent(models.TextChoices):
    """Who agreed to a photo."""

    SELF = "self", _("本人同意")
    GUARDIAN = "guardian", _("监护人同意")


class Photo(models.Model):
    """A photo from a visit, sealed, that somebody agreed to. Its id comes from the device that took it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    form = models.ForeignKey("assessment.Form", on_delete=models.CASCADE, related_name="photos")
    image_sealed = models.BinaryField()
    consent = models.CharField(max_length=10, choices=Consent.choices)
    taken_by = models.UUIDField(null=True)
    taker = models.CharField(max_length=40)
    taken_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="assessment_photo_region"),)
