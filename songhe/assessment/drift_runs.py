"""What the comparison of assessors came to, kept until the next one."""

from __future__ import annotations

import uuid

from django.db import models

from songhe.foundation.database.fields import RegionCodeField


class DriftRun(models.Model):
    """One comparison over the results of a region. Sums about staff: nobody's assessment can be read from it.

    `effects` holds a mapping an assessor: assessor, points, low, high, cases, verdict (as in drifting.fitting).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = RegionCodeField()
    made_at = models.DateTimeField()
    maker = models.CharField(max_length=40)
    from_date = models.DateField()
    until_date = models.DateField()
    cases = models.PositiveIntegerField()
    judged = models.PositiveIntegerField()
    least = models.PositiveSmallIntegerField()
    spread = models.FloatField()
    effects = models.JSONField(default=list)

    class Meta:
        """See Django."""

        app_label = "assessment"
        indexes = (models.Index(fields=("region", "-made_at"), name="assessment_drift_region"),)
