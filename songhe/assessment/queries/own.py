"""What the person herself, or who acts for her, is told: what is in work, the result that counts, what was objected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from songhe.assessment import states
from songhe.assessment.models import Assessment, Assessor, Objection, Result
from songhe.assessment.queries.one import team_now
from songhe.assessment.scales.definition import CURRENT, scale_keys, scale_of
from songhe.assessment.terms import ObjectionState, ResultState


@dataclass(frozen=True, slots=True)
class Underway:
    """One assessment in work with who comes."""

    row: Assessment
    team: Sequence[Assessor]


@dataclass(frozen=True, slots=True)
class Known:
    """The result of the national scale that counts: its level in words, until when one may object.

    `may_object` only while that is open.
    """

    row: Result
    level: str
    may_object: bool
    objections: Sequence[Objection]


@dataclass(frozen=True, slots=True)
class Course:
    """All of it. `ended` is the last one that came to no result, when nothing came after it."""

    underway: Sequence[Underway]
    known: Known | None
    ended: Assessment | None


def course_of(person_id: UUID, today: date) -> Course:
    """Of one person, whose file the working scope shows. Blind second assessments are nobody's to see."""
    rows = list(
        Assessment.objects.filter(person_id=person_id, second_of=None)
        .select_related("organisation").order_by("-asked_at", "pk")
    )  # fmt: skip
    underway = [Underway(row, team_now(row)) for row in rows if row.state in states.OPEN]
    ended = rows[0] if rows and rows[0].state not in {*states.OPEN, "confirmed"} else None
    return Course(underway, _known(person_id, today), ended)


def _known(person_id: UUID, today: date) -> Known | None:
    scales = [key for key in scale_keys() if scale_of(key).use == CURRENT]
    found = Result.objects.filter(
        person_id=person_id, state__in=states.STANDING, assessment__second_of=None, scale__in=scales
    )
    row = found.order_by("-assessed_date", "-confirmed_at", "pk").first()
    if row is None:
        return None
    objections = list(row.objections.order_by("-raised_at"))
    waiting = any(one.state in {ObjectionState.RAISED, ObjectionState.AGAIN} for one in objections)
    in_time = row.objection_until is not None and today <= row.objection_until
    level = scale_of(row.scale).name_of(row.level) if row.level is not None else ""
    return Known(row, level, row.state == ResultState.PROVISIONAL and in_time and not waiting, objections)
