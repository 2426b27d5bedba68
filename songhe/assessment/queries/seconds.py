"""Blind second assessments beside the first: item by item, and how far organisations agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from songhe.assessment import kinds, states
from songhe.assessment.drifting.agreement import Agreement, agreement
from songhe.assessment.figures import figure
from songhe.assessment.models import Assessment, Organisation, Result
from songhe.assessment.scales.definition import scale_of
from songhe.assessment.scales.scoring import points_of
from songhe.assessment.terms import AssessmentState
from songhe.foundation.access.actors import Actor
from songhe.foundation.tasks.queries import open_about
from songhe.kernel.errors import NotFound
from songhe.kernel.keys import key_read
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

PAGE_ROWS = 50
WORK, DONE = "work", "done"
SORTS = Sorts({"asked": "asked_at"}, "-asked", frozenset({"asked"}))


@dataclass(frozen=True, slots=True)
class SecondFilters:
    """What an address asks for; empty fields narrow nothing."""

    state: str = ""
    body: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is set."""
        return bool(self.state or self.body)

    def address(self, **changed: str) -> str:
        """The query part of the address, from the first page."""
        return address_of(self, **changed)


@dataclass(frozen=True, slots=True)
class Line:
    """One item as both found it, in points."""

    code: str
    name: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Both results; `differs` when the totals lie further apart than two assessments of one person may."""

    first: Result
    second: Result
    allowed: int
    lines: Sequence[Line]

    @property
    def apart(self) -> int:
        """By how many points the second total lies above the first."""
        return (self.second.total or 0) - (self.first.total or 0)

    @property
    def differs(self) -> bool:
        """Whether they may not be called alike."""
        return abs(self.apart) > self.allowed


@dataclass(frozen=True, slots=True)
class BodyAgreement:
    """How far the second teams agreed with an organisation's."""

    organisation: Organisation
    found: Agreement


def second_of(actor: Actor, assessment: UUID) -> Compared:
    """The two results of a second assessment that is confirmed. NotFound else, or when not the actor's to see."""
    lo, hi = actor.range
    found = Result.objects.filter(assessment=assessment, assessment__second_of__isnull=False)
    row = found.filter(region_code__gte=lo, region_code__lt=hi).select_related("person").first()
    if row is None:
        raise NotFound("这次抽查")
    return compared(row)


def is_to_look_at(second: UUID) -> bool:
    """Whether somebody still has to look at a second assessment that differs."""
    return open_about(second, kinds.SECOND.code).exists()


def compared(second: Result) -> Compared:
    """A second result beside the first one."""
    if second.assessment is None or second.assessment.second_of is None:
        raise NotFound("这次抽查")
    first = Result.objects.select_related("form").get(assessment=second.assessment.second_of)
    allowed = figure("second_differs", region=second.region_code, day=second.assessed_date)
    return Compared(first, second, allowed, _lines(first, second))


def filters_of(given: Mapping[str, str]) -> SecondFilters:
    """Filters out of an address; what is none of ours narrows nothing."""
    state, body = given.get("state", ""), key_read(given.get("body", ""))
    return SecondFilters(
        state if state in (WORK, DONE) else "", str(body or ""),
        SORTS.read(given.get("sort", "")), given.get("after", "")[:36], given.get("before", "")[:36],
    )  # fmt: skip


def seconds(actor: Actor, filters: SecondFilters | None = None) -> QuerySet[Assessment]:
    """Second assessments in work and confirmed; what was given up is left out. A body is who assessed first."""
    lo, hi = actor.range
    asked = filters or SecondFilters()
    wanted = {WORK: states.OPEN, DONE: (AssessmentState.CONFIRMED,)}
    shown = wanted.get(asked.state, (*states.OPEN, AssessmentState.CONFIRMED))
    found = Assessment.objects.filter(state__in=shown, region_code__gte=lo, region_code__lt=hi, second_of__isnull=False)
    if asked.body:
        found = found.filter(second_of__organisation=key_read(asked.body))
    return found.select_related("person", "organisation", "second_of__organisation", "result", "second_of__result")


def page_of(actor: Actor, filters: SecondFilters) -> KeyedPage[Assessment]:
    """One page."""
    order = SORTS.order(filters.sort)
    return page_at(seconds(actor, filters), order, after=filters.after, before=filters.before, rows=PAGE_ROWS)


def agreements(rows: Iterable[Assessment]) -> list[BodyAgreement]:
    """Agreement by the organisation that assessed first, of those second assessments that are confirmed."""
    pairs: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    bodies: dict[UUID, Organisation] = {}
    most = 0
    for row in rows:
        if row.state != AssessmentState.CONFIRMED or row.second_of is None or row.second_of.organisation is None:
            continue
        first, second = row.second_of.result.level, row.result.level
        if first is None or second is None:
            continue
        most = max(most, scale_of(row.scale).worst)
        bodies[row.second_of.organisation_id] = row.second_of.organisation  # type: ignore[index]
        pairs[row.second_of.organisation_id].append((first, second))  # type: ignore[index]
    found = [
        BodyAgreement(bodies[key], agreement(*zip(*both, strict=True), levels=most + 1)) for key, both in pairs.items()
    ]
    return sorted(found, key=lambda one: (one.organisation.district, one.organisation.name))


def _lines(first: Result, second: Result) -> list[Line]:
    if first.form is None or second.form is None or first.scale != second.scale:
        return []
    scale = scale_of(first.scale)
    one, other = points_of(scale, first.form.answers), points_of(scale, second.form.answers)
    return [Line(item.code, item.name, one[item.code], other[item.code]) for item in scale.items]
