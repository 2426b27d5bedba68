"""Pairs of files that may be one person's."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from songhe.foundation.database.fields import RegionCodeField
from songhe.people.duplicates.terms import PairState


class Pair(models.Model):
    """Two files, how likely they are one person's, and what somebody decided.

    `region_code` is the smallest division that holds both, so that who sees the pair sees both files. `evidence` holds
    levels of comparison and their weights as `songhe.people.linkage.explain` reads them, no value of a file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    left = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    evidence = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=PairState.choices, default=PairState.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decider = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    merge_event = models.UUIDField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="duplicates_pair_region"),
            models.Index(fields=("region_code", "state", "-probability", "id"), name="duplicates_pair_list"),
        )
        constraints = (
            models.UniqueConstraint(fields=("left", "right"), name="duplicates_pair_once"),
            models.CheckConstraint(name="duplicates_pair_order", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(
                name="duplicates_pair_merge", condition=Q(merge_event__isnull=True) | Q(state=PairState.MERGED)
            ),
        )
