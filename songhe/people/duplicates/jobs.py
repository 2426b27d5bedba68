"""Finding duplicates in the background."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs.handlers import handler
from songhe.foundation.jobs.progress import Progress
from songhe.kernel.told import phrase
from songhe.people.duplicates.operations import find_pairs
from songhe.people.permissions import MERGE

FIND = "people.duplicates.find"


@handler(FIND, MERGE, words="查重复档案")
def find(job: Progress, region: str = "") -> dict[str, Any]:
    """Compares all files of a region with each other."""
    job.at(0, 1, "在比对档案")
    now = timezone.now()
    with scoped(job.actor, f"job {FIND}"):
        found = find_pairs(actor=job.actor, today=timezone.localdate(now), now=now, region=region)
    job.at(1, 1, "比完了")
    return {"link": "/duplicates/", "counts": {phrase("新找到的对"): found}}
