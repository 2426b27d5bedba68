"""The counts by community added up: for tabs, the first page of the console, and whoever shows a region at a glance.

They are read once and added here: a city has some hundred communities, and a page asks for many sums of the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache

from django.db.models import TextField
from django.db.models.functions import Cast

from songhe.foundation.access.actors import region_range
from songhe.foundation.database.statements import rows_of
from songhe.kernel.regions import significant
from songhe.people.groups import GROUPS
from songhe.people.models import CommunityCount

DIGITS = 12
_KEPT_REGIONS = 64
# Which rows one sees, and whether any of them was written since: the counts of a city are some thousand numbers.
_VERSION = """
SELECT current_user, current_setting('app.lo', true), current_setting('app.hi', true),
    count(*), sum(xmin::text::bigint), sum(cmin::text::bigint)
FROM people_count WHERE region_code >= %s AND region_code < %s
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many people of a division belong to each group of `GROUPS`, as counted last; None when it never was."""

    digits: str
    people: Mapping[str, int]
    counted_at: datetime | None


@dataclass(frozen=True)
class Counts:
    """The counts of the communities of a division: code, moment, and a number for each of `GROUPS`.

    Moments stay as the database writes them: reading hundreds of them takes longer than all the rest.
    """

    digits: str
    rows: Sequence[tuple[str, str, Sequence[int]]]
    version: tuple[object, ...] = ()

    @classmethod
    def of(cls, region: str) -> Counts:
        """Reads them; `region` is a code or leading digits, "" is all that the scope shows.

        Those that nobody wrote since this process read them are kept; whether anybody did is asked every time.
        """
        digits = _digits(region)
        return _counts(digits, rows_of(_VERSION, region_range(digits))[0])

    def within(self, region: str) -> Counts:
        """Those of a smaller division."""
        digits = _digits(region)
        if digits not in self._within:
            self._within[digits] = Counts(digits, [row for row in self.rows if row[0].startswith(digits)])
        return self._within[digits]

    @cached_property
    def _within(self) -> dict[str, Counts]:
        return {self.digits: self}

    @cached_property
    def _by(self) -> dict[int, list[Summary]]:
        return {}

    @cached_property
    def summary(self) -> Summary:
        """All of them added up."""
        return _added(self.digits, self.rows)

    def by(self, length: int) -> list[Summary]:
        """The parts whose codes have so many telling digits, by code; files known less well are left out."""
        if length not in self._by:
            self._by[length] = self._added_by(length)
        return self._by[length]

    def _added_by(self, length: int) -> list[Summary]:
        parts: dict[str, list[tuple[str, str, Sequence[int]]]] = {}
        for row in self.rows:
            parts.setdefault(row[0][:length], []).append(row)
        known = {part: rows for part, rows in parts.items() if significant(part.ljust(DIGITS, "0")) == part}
        return [_added(part, rows) for part, rows in known.items()]

    def people(self, group: str, areas: Iterable[str] = ()) -> int:
        """How many belong to a group, in any of some divisions when they are named."""
        place, prefixes = _PLACES[group], tuple(map(_digits, areas))
        return sum(numbers[place] for code, _, numbers in self.rows if not prefixes or code.startswith(prefixes))


@lru_cache(maxsize=_KEPT_REGIONS)
def _counts(digits: str, version: tuple[object, ...]) -> Counts:
    lo, hi = region_range(digits)
    found = CommunityCount.objects.filter(region_code__gte=lo, region_code__lt=hi).order_by("region_code")
    written = found.annotate(at=Cast("counted_at", TextField())).values_list("region_code", "at", *GROUPS)
    return Counts(digits, [(code, at, numbers) for code, at, *numbers in written], version)


_PLACES = {code: place for place, code in enumerate(GROUPS)}


def summary_of(region: str) -> Summary:
    """One division, by its code or leading digits; "" is all that the scope shows."""
    return Counts.of(region).summary


def summaries_by(region: str, length: int) -> list[Summary]:
    """The parts of a division whose codes have so many telling digits, by code; files known less well are left out."""
    return Counts.of(region).by(length)


def _added(digits: str, rows: Sequence[tuple[str, str, Sequence[int]]]) -> Summary:
    sums = [sum(column) for column in zip(*(numbers for _, _, numbers in rows), strict=True)] or [0] * len(GROUPS)
    latest = max((at for _, at, _ in rows), default="")
    return Summary(digits, dict(zip(GROUPS, sums, strict=True)), datetime.fromisoformat(latest) if latest else None)


def _digits(region: str) -> str:
    return significant(region) if len(region) in (6, 9, DIGITS) else region


def counted_on() -> date | None:
    """The day of the oldest count within the scope; None when nothing was counted yet."""
    oldest: date | None = CommunityCount.objects.order_by("on_date").values_list("on_date", flat=True).first()
    return oldest
