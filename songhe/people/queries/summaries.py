"""How many people of each group there are in a region and its parts, from the counts by community."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, Sum
from django.db.models.functions import Left

from songhe.people.groups import GROUPS
from songhe.people.models import CommunityCount


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers of people by group (`groups.GROUPS`) in one region; `counted_at` is None when nothing was counted yet."""

    digits: str
    people: dict[str, int]
    counted_at: datetime | None


def summary_of(digits: str) -> Summary:
    """One region, given by its leading digits, as far as the scope shows it."""
    sums = {code: Sum(code, default=0) for code in GROUPS}
    row = CommunityCount.objects.filter(region_code__startswith=digits).aggregate(**sums, counted=Max("counted_at"))
    counted = row.pop("counted")
    return Summary(digits, row, counted)


def summaries_by(digits: str, level: int) -> list[Summary]:
    """The parts of a region at a level (how many digits), by code; parts without people are left out."""
    rows = (
        CommunityCount.objects.filter(region_code__startswith=digits)
        .annotate(part=Left(F("region_code"), level))
        .values("part")
        .annotate(**{f"n_{code}": Sum(code) for code in GROUPS}, counted=Max("counted_at"))
        .order_by("part")
    )
    return [Summary(row["part"], {code: row[f"n_{code}"] for code in GROUPS}, row["counted"]) for row in rows]
