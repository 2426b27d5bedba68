"""What belongs to a campaign: requests opened for a community in one deed, and who is left out and why."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from songhe.foundation.database.fields import RegionCodeField

_WORDS_LENGTH = 300


class LeftOut(models.TextChoices):
    """Why somebody of the group is not assessed now."""

    DECLINED = "declined", _("本人不愿意评")
    HOSPITAL = "hospital", _("在住院")
    AWAY = "away", _("不在本地，找不到")
    OTHER = "other", pgettext_lazy("left out of a campaign", "其他")


class Opening(models.Model):
    """Requests that a campaign made for a community in one deed; its desk has one task for all of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    campaign = models.ForeignKey("assessment.Campaign", on_delete=models.PROTECT, related_name="openings")
    requests = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    asker_id = models.UUIDField(null=True)
    asker = models.CharField(max_length=40)
    told_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="assessment_opening_region"),)


class Exclusion(models.Model):
    """Somebody of the group who is left out of a campaign, until lifted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    campaign = models.ForeignKey("assessment.Campaign", on_delete=models.PROTECT, related_name="exclusions")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=12, choices=LeftOut.choices)
    words = models.CharField(max_length=_WORDS_LENGTH, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    maker = models.CharField(max_length=40)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="assessment_left_out_region"),)
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "person"), condition=Q(lifted_at=None), name="assessment_left_out_once"
            ),
        )
