"""What anybody may know of a result: that it is there and stands. Never a level, a score or a whole name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from songhe.assessment import states
from songhe.assessment.models import Result
from songhe.assessment.terms import Purpose, ResultState
from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.access.scope import scoped
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import significant

HOLDS, OVER, REPLACED, WITHDRAWN = "holds", "over", "replaced", "withdrawn"
MOST_NOTICES = 200
_SYSTEM = "评估核验"
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Genuine:
    """A report that is real: whose it is as far as anybody may know, and whether it still stands."""

    name: str
    assessed_date: date
    organisation: str
    state: str
    last_day: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A result that is made public until a day (included)."""

    name: str
    assessed_date: date
    purpose: str
    until: date


def genuine(code: str, *, today: date) -> Genuine:
    """The report of a code. NotFound, always in the same words, for a code that is none."""
    wanted = "".join(code[:_LONGEST].split()).replace("-", "").upper()
    with scoped(Actor.system(_SYSTEM, ""), "assessment.verify"):
        readable = wanted.isascii() and wanted.isalnum()
        row = Result.objects.select_related("person").filter(code=wanted).first() if readable else None
        if row is None:
            raise NotFound("这个核验码的报告")
        return Genuine(
            masked_name(row.person.name),
            row.assessed_date,
            row.organisation_name,
            _state(row, today),
            row.last_day,
            row.valid_until,
        )


def public_notices(community: str, *, today: date) -> list[Notice]:
    """Results of a community that are public today, the newest first, at most 200."""
    low, high = region_range(significant(community))
    with scoped(Actor.system(_SYSTEM, ""), "assessment.notice"):
        found = Result.objects.select_related("person").filter(
            region_code__gte=low, region_code__lt=high, state__in=states.STANDING, public_until__gte=today
        )
        return [
            Notice(masked_name(row.person.name), row.assessed_date, str(Purpose(row.purpose).label), row.public_until)
            for row in found.order_by("-confirmed_at")[:MOST_NOTICES]
            if row.public_until is not None
        ]


def masked_name(name: str) -> str:
    """The first letter; how long the rest is, is not told."""
    return f"{name[:1]}**"


def _state(row: Result, today: date) -> str:
    if row.state == ResultState.WITHDRAWN:
        return WITHDRAWN
    if row.state == ResultState.REPLACED:
        return REPLACED
    return OVER if row.valid_until is not None and row.valid_until <= today else HOLDS
