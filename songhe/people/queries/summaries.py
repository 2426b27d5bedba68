"""The counts by community added up: for tabs, the first page of the console, and whoever shows a region at a glance.

They are read once and added here: a city has some hundred communities, and a page asks for many sums of the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextField
from django.db.models.functions import Cast

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


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of the communities of a division: code, moment, and a number for each of `GROUPS`.

    Moments stay as the database writes them: reading hundreds of them takes longer than all the rest.
    """

    digits: str
    rows: Sequence[tuple[str, str, Sequence[int]]]

    @classmethod
    def of(cls, region: str) -> Counts:
        """Reads them; `region` is a code or leading digits, "" is all that the scope shows."""
        digits = _digits(region)
        lo, hi = region_range(digits)
        found = CommunityCount.objects.filter(region_code__gte=lo, region_code__lt=hi).order_by("region_code")
        written = found.annotate(at=Cast("counted_at", TextField())).values_list("region_code", "at", *GROUPS)
        rows = [(code, at, numbers) for code, at, *numbers in written]
        return cls(digits, rows)

    def within(self, region: str) -> Counts:
        """Those of a smaller division."""
        digits = _digits(region)
        return (
            self if digits == self.digits else Counts(digits, [row for row in self.rows if row[0].startswith(digits)])
        )

    @property
    def summary(self) -> Summary:
        """All of them added up."""
        return _added(self.digits, self.rows)

    def by(self, length: int) -> list[Summary]:
        """The parts whose codes have so many telling digits, by code; files known less well are left out."""
        parts: dict[str, list[tuple[str, str, Sequence[int]]]] = {}
        for row in self.rows:
            parts.setdefault(row[0][:length], []).append(row)
        known = {part: rows for part, rows in parts.items() if significant(part.ljust(DIGITS, "0")) == part}
        return [_added(part, rows) for part, rows in known.items()]

    def people(self, group: str, areas: Iterable[str] = ()) -> int:
        """How many belong to a group, in any of some divisions when they are named."""
        place, prefixes = _PLACES[group], tuple(map(_digits, areas))
        return sum(numbers[place] for code, _, numbers in self.rows if not prefixes or code.startswith(prefixes))


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
