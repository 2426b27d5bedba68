"""Counting the people of each group by community: what the list's tabs and the first page of the console show.

The counts are a summary that may be behind by seconds: changes ask for them through the outbox, imports at their end, a
job once a day because people grow older.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, Q

from songhe.foundation.access.actors import region_range
from songhe.kernel.regions import significant
from songhe.people.groups import GROUPS
from songhe.people.models import CommunityCount, Sheet
from songhe.people.terms import Standing

_BATCH = 1_000


def recount(*, today: date, now: datetime, region: str = "", codes: Iterable[str] | None = None) -> int:
    """Counts all communities of a region (a code; "" for everything in scope), or those of `codes`; how many there are.

    A community that lost its last file stays, with zeros.
    """
    lo, hi = region_range(significant(region) if region else "")
    where = Q(region_code__gte=lo, region_code__lt=hi)
    if codes is not None:
        where &= Q(region_code__in=sorted(set(codes)))
    aggregates = {
        code: Count("person_id", filter=group.query(today)) if group.query(today) else Count("person_id")
        for code, group in GROUPS.items()
    }
    found = Sheet.objects.filter(where, standing=Standing.PRESENT).values_list("region_code").annotate(**aggregates)
    counted: dict[str, dict[str, int]] = {row[0]: dict(zip(GROUPS, row[1:], strict=True)) for row in found}
    for code in CommunityCount.objects.filter(where).values_list("region_code", flat=True):
        counted.setdefault(code, dict.fromkeys(GROUPS, 0))
    rows = [
        CommunityCount(region_code=code, on_date=today, counted_at=now, **counts)
        for code, counts in sorted(counted.items())  # in this order, so that two counts never wait for each other
    ]
    CommunityCount.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["region_code"],
        update_fields=["on_date", "counted_at", *GROUPS],
    )
    return len(rows)
