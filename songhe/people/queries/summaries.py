"""The counts by community added up: for tabs, the first page of the console, and whoever shows a region at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Sum
from django.db.models.functions import Substr

from songhe.foundation.access.actors import region_range
from songhe.kernel.regions import significant
from songhe.people.groups import GROUPS
from songhe.people.models import CommunityCount

DIGITS = 12


@dataclass(frozen=True, slots=True)
class Summary:
    """How many people of a division belong to each group of `GROUPS`, as counted last; None when it never was."""

    digits: str
    people: Mapping[str, int]
    counted_at: datetime | None


def summary_of(region: str) -> Summary:
    """One division, by its code or leading digits; "" is all that the scope shows."""
    digits = _digits(region)
    lo, hi = region_range(digits)
    rows = CommunityCount.objects.filter(region_code__gte=lo, region_code__lt=hi)
    sums = rows.aggregate(counted_at=Max("counted_at"), **_SUMS)
    return Summary(digits, {code: sums[code] or 0 for code in GROUPS}, sums["counted_at"])


def summaries_by(region: str, length: int) -> list[Summary]:
    """The parts of a division whose codes have so many telling digits, by code; files known less well are left out."""
    lo, hi = region_range(_digits(region))
    rows = CommunityCount.objects.filter(region_code__gte=lo, region_code__lt=hi)
    parts = rows.annotate(part=Substr("region_code", 1, length)).values_list("part")
    summed = parts.annotate(newest=Max("counted_at"), **_SUMS).order_by("part")
    return [
        Summary(part, dict(zip(GROUPS, counts, strict=True)), newest)
        for part, newest, *counts in summed
        if significant(part.ljust(DIGITS, "0")) == part
    ]


_SUMS = {code: Sum(code) for code in GROUPS}


def _digits(region: str) -> str:
    return significant(region) if len(region) in (6, 9, DIGITS) else region
