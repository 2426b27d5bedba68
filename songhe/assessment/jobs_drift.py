"""Comparing assessors in the background."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from songhe.assessment.drift import measure_drift
from songhe.assessment.permissions import REVIEW
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import Progress, handler
from songhe.kernel.told import phrase

MEASURE = "assessment.drift"


@handler(MEASURE, REVIEW, words="比较评估员打分")
def measure(job: Progress) -> Any:
    """Compares the assessors of the region of who asked, anew."""
    job.at(0, 1, "在比")
    with scoped(job.actor, f"job {MEASURE}"):
        run = measure_drift(actor=job.actor, now=timezone.now())
        job.finish({"link": reverse("drift"), "counts": {phrase("次评估"): run.cases, phrase("位评估员"): run.judged}})
