"""What one person may have: now as the register knows her, or on a past day with what was known then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.utils.translation import gettext as _

from songhe.eligibility.decisions.models import Change, Matter, Pause, Receipt, Run, Standing
from songhe.eligibility.decisions.places import known_places, outcome_at
from songhe.eligibility.decisions.queries.desks import desk_of
from songhe.eligibility.reason_sheet.overview import Line, QuickDesk
from songhe.foundation.access.actors import Actor
from songhe.foundation.database.kept import Kept
from songhe.kernel.errors import NotFound
from songhe.people.api import KnownFact, facts_as_known, facts_of, sheet_as_known
from songhe.policy.api import Release, release_for
from songhe.rules.facts import PERSON_TABLE
from songhe.ui import formats

_DIGITS, _CHANGES = 12, 60
_OUTCOMES = {True: "y", False: "n", None: "u"}
# What every page of a person asks.
_PERSON = Kept(
    lambda pk, lo, hi: (
        apps.get_model("people", "Person")
        .objects.filter(pk=pk, region_code__gte=lo, region_code__lt=hi)
        .select_related("sheet", "household")
    )
)
_STANDING = Kept(lambda person: Standing.objects.filter(pk=person))
_RECEIPTS = Kept(lambda person: Receipt.objects.filter(person=person, until_date=None))
_PAUSES = Kept(lambda person: Pause.objects.filter(person=person, until_date=None))
_MATTERS = Kept(lambda person: Matter.objects.filter(person=person).order_by("opened_at", "pk"))
_CHANGED = Kept(lambda person: Change.objects.filter(person=person).order_by("-id")[:_CHANGES])


@dataclass(frozen=True, slots=True)
class Moment:
    """The day that is asked about and, for a replay, the instant until which was known what counts."""

    on: date
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A person with the facts, where each comes from, and the list that holds. `facts` is None where no file was yet.

    `desk` is None where no list held.
    """

    person: Any
    moment: Moment
    facts: Mapping[str, Any] | None
    told: Mapping[str, KnownFact]
    release: Release | None
    desk: QuickDesk | None

    @property
    def complete(self) -> bool:
        """Whether there is something to decide and something to decide it by."""
        return self.desk is not None and self.facts is not None


@dataclass(slots=True)
class Course:
    """What was decided and done: the standing with its run, receipts, pauses, matters and changes."""

    standing: Standing | None = None
    decided: Mapping[str, str] = field(default_factory=dict)
    run: Run | None = None
    receipts: dict[str, Receipt] = field(default_factory=dict)
    pauses: dict[str, Pause] = field(default_factory=dict)
    matters: dict[str, Matter] = field(default_factory=dict)
    settled: dict[str, Matter] = field(default_factory=dict)
    changes: Sequence[tuple[Change, str]] = ()


def person_of(actor: Actor, pk: UUID) -> Any:
    """The person with sheet and household. NotFound when she is not there, or not the actor's to see."""
    lo, hi = actor.range
    person = _PERSON.first(pk=pk, lo=lo, hi=hi)
    if person is None:
        raise NotFound("这位老人")
    return person


def file_now(person: Any, today: date) -> File:
    """The facts as the register has them today: those that the runs read."""
    sheet = getattr(person, "sheet", None)
    facts = None if sheet is None else {name: getattr(sheet, name) for name in PERSON_TABLE}
    return _file(person, Moment(today), facts, facts_of(person.pk, today), person.region_code)


def file_then(person: Any, on: date, known_at: datetime) -> File:
    """The facts that held on the day as far as they were known at the instant, and the list of that day and place."""
    try:
        facts = sheet_as_known(person.pk, on, known_at)
    except NotFound:
        return File(person, Moment(on, known_at), None, {}, None, None)
    where = facts["residence_region"] or facts["registered_region"] or person.region_code
    return _file(person, Moment(on, known_at), facts, facts_as_known(person.pk, on, known_at), where)


def course_of(person: Any) -> Course:
    """What was decided of the person last, and what follows from it."""
    course = Course(standing=_STANDING.first(person=person.pk))
    places = known_places()
    if course.standing is not None:
        word = course.standing
        course.decided = {slug: outcome_at(word.yes, word.unknown, place).value for slug, place in places.items()}
    course.receipts = {row.item: row for row in _RECEIPTS(person=person.pk)}
    course.pauses = {row.item: row for row in _PAUSES(person=person.pk)}
    for row in _MATTERS(person=person.pk):
        if row.closed_at is None:
            course.matters[row.item] = row
        elif row.outcome != "moot":
            course.settled[row.item] = row
    slugs = {place: slug for slug, place in places.items()}
    course.changes = [(row, slugs[row.position]) for row in _CHANGED(person=person.pk) if row.position in slugs]
    return course


def lags(lines: Sequence[Line], course: Course) -> bool:
    """Whether the facts say otherwise than what was decided last: a run is still to come."""
    if course.standing is None:
        return False
    return any(course.decided.get(line.slug, "n") != _OUTCOMES[line.answer] for line in lines)


def sources_of(told: Mapping[str, KnownFact], today: date) -> dict[str, str]:
    """Where each fact comes from, with its day; of what is too old, what it was and how long it counts."""
    found = {name: _("档案") for name in PERSON_TABLE if name not in told}
    for name, known in told.items():
        found[name] = _source(known, today)
    return {name: words for name, words in found.items() if words}


def _source(known: KnownFact, today: date) -> str:
    if known.said is not None:
        said = f"{known.said.source} {formats.day(known.said.telling.as_of, today)}"
        others = (_("{said}记为{value}").format(said=other.source, value=other.words) for other in known.others)
        return _("；").join([said, *others])
    if known.stale is not None:
        old = known.stale
        day = formats.day(old.telling.as_of, today)
        words = _("太旧：{value}，{source} {day}").format(value=old.words, source=old.source, day=day)
        limit = _("{words}，限{months}个月").format(words=words, months=old.months)
        return limit if old.months else words
    return _("没有来源")


def _file(
    person: Any, moment: Moment, facts: Mapping[str, Any] | None, told: Mapping[str, KnownFact], where: str
) -> File:
    release = release_for(where.ljust(_DIGITS, "0"), moment.on)
    desk = None
    if release is not None:
        desk = desk_of(release, moment.on).for_one(sources_of(told, moment.on))
    return File(person, moment, facts, told, release, desk)
