"""Results: the list with its filters, one with all that it came from, a person's, who read it; objections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left

from songhe.assessment import states
from songhe.assessment.models import AnswerChange, Assessment, Objection, Result, Signature, Tie
from songhe.assessment.queries.workload import month_of
from songhe.assessment.scales.definition import current_scale, scale_keys
from songhe.assessment.terms import ObjectionState, Purpose, ResultSource, ResultState
from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.access.models import Account
from songhe.foundation.audit.models import Entry, Kind
from songhe.kernel.errors import NotFound
from songhe.kernel.keys import key_read
from songhe.kernel.regions import digits_below, significant
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

PAGE_ROWS, MOST_READERS = 50, 50
STANDING, SOON, OVER = "standing", "soon", "over"
KEPT, EVERY, MONTH = "kept", "all", "month"
SOON_DAYS = timedelta(days=30)
VALID = "valid"
SORTS = Sorts({"assessed": "assessed_date", VALID: "valid_until"}, "-assessed", frozenset({"assessed"}))
READ_ACTIONS = ("assessment.read_result", "assessment.report")
OPEN_OBJECTIONS = (ObjectionState.RAISED, ObjectionState.AGAIN)
_CODE = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class ResultFilters:
    """What an address asks for; empty narrows nothing, but `state` then is every result that stands.

    A level belongs to a scale: to the one asked for, else to the national one. `due` is of what stands. `confirmed` in
    this month is what the city's own assessors found; `kept` is what was not withdrawn.
    """

    state: str = ""
    level: str = ""
    scale: str = ""
    purpose: str = ""
    source: str = ""
    due: str = ""
    region: str = ""
    assessor: str = ""
    confirmed: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is set."""
        given = (self.state, self.level, self.scale, self.purpose, self.source, self.due, self.region)
        return any((*given, self.assessor, self.confirmed))

    @property
    def scale_of_level(self) -> str:
        """Whose levels are meant."""
        return self.scale or national()

    def address(self, **changed: str) -> str:
        """The query part of the address, from the first page."""
        return address_of(self, **changed)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody opened a result."""

    at: datetime
    who: str
    unit: str


def national() -> str:
    """The key of the scale that decides; the newest when there are several."""
    return current_scale(date.max).key


def filters_of(given: Mapping[str, str]) -> ResultFilters:
    """Filters out of an address; what is none of ours narrows nothing."""
    offered = {
        "state": [EVERY, KEPT, *ResultState.values], "confirmed": [MONTH], "scale": list(scale_keys()),
        "purpose": Purpose.values, "source": ResultSource.values, "due": [SOON, OVER],
    }  # fmt: skip
    asked = {name: given.get(name, "") if given.get(name) in values else "" for name, values in offered.items()}
    level, region = given.get("level", ""), given.get("region", "")
    assessor = key_read(given.get("assessor", ""))
    return ResultFilters(
        **asked, assessor=str(assessor or ""),
        level=level if level in set("012345") else "", region=region if _CODE.fullmatch(region) else "",
        sort=SORTS.read(given.get("sort", "")), after=given.get("after", "")[:36], before=given.get("before", "")[:36],
    )  # fmt: skip


def filtered(actor: Actor, filters: ResultFilters, today: date, *, without: str = "") -> QuerySet[Result]:
    """The results of the actor's region that the filters give, in no order; `without` leaves one filter out."""
    lo, hi = actor.range
    found = Result.objects.filter(region_code__gte=lo, region_code__lt=hi)
    wanted = {name: getattr(filters, name) for name in ("purpose", "source", "scale")}
    found = found.filter(**{name: value for name, value in wanted.items() if value and name != without})
    if without != "state" and filters.state == KEPT:
        found = found.exclude(state=ResultState.WITHDRAWN)
    elif without != "state" and filters.state != EVERY:
        found = found.filter(state__in=(filters.state,) if filters.state else states.STANDING)
    if filters.assessor:
        found = found.filter(assessors__contains=[filters.assessor])
    if filters.confirmed:
        found = found.filter(confirmed_at__gte=month_of(today), source=ResultSource.OWN)
    if filters.level and without != "level":
        found = found.filter(scale=filters.scale_of_level, level=int(filters.level))
    elif without == "level":
        found = found.filter(scale=filters.scale_of_level)
    if filters.due and without != "due":
        found = found.filter(_due(filters.due, today))
    if filters.region and without != "region":
        low, high = region_range(significant(filters.region))
        found = found.filter(region_code__gte=low, region_code__lt=high)
    return found


def page_of(actor: Actor, filters: ResultFilters, today: date) -> KeyedPage[Result]:
    """One page with the persons; by the end of validity only what has one is listed."""
    found = _ordered(filtered(actor, filters, today).select_related("person"), filters)
    return page_at(
        found, SORTS.order(filters.sort), after=filters.after, before=filters.before, rows=PAGE_ROWS
    )  # fmt: skip


def listed(actor: Actor, filters: ResultFilters, today: date) -> QuerySet[Result]:
    """The whole list in its order, with the persons."""
    found = _ordered(filtered(actor, filters, today).select_related("person"), filters)
    return found.order_by(*SORTS.order(filters.sort))


def counts(actor: Actor, filters: ResultFilters, today: date, field: str) -> dict[str, int]:
    """Numbers by a filter's own values, with all other filters on."""
    found = filtered(actor, filters, today, without=field)
    if field == "due":
        return {code: number for code in (SOON, OVER) if (number := found.filter(_due(code, today)).count())}
    if field == "region":
        width = digits_below(actor.region)
        rows = found.annotate(part=Left("region_code", width)).values_list("part").annotate(n=Count("id"))
        return {part.ljust(12, "0"): number for part, number in rows.order_by("part")}
    told = found.exclude(**{f"{field}__isnull": True}).values_list(field).annotate(n=Count("id")).order_by(field)
    return {str(code): number for code, number in told}


def result_by_key(actor: Actor, pk: UUID) -> Result:
    """The result with what it came from. NotFound when it is not there, or not the actor's to see."""
    lo, hi = actor.range
    found = Result.objects.filter(pk=pk, region_code__gte=lo, region_code__lt=hi)
    row = found.select_related("person", "form", "assessment", "replaced_by", "organisation").first()
    if row is None:
        raise NotFound("这个评估结果")
    return row


def changes_of(result: Result) -> list[AnswerChange]:
    """Fields of its form that somebody answered anew, in their order."""
    if result.form_id is None:
        return []
    return list(AnswerChange.objects.filter(form=result.form_id).exclude(before=None).order_by("id"))


def signatures_of(result: Result) -> list[Signature]:
    """Who signed its form."""
    return [] if result.form_id is None else list(Signature.objects.filter(form=result.form_id).order_by("signed_at"))


def others_of(result: Result) -> list[Result]:
    """The person's other results, the newest first."""
    others = Result.objects.filter(person=result.person_id).exclude(pk=result.pk)
    return list(others.order_by("-assessed_date", "-confirmed_at"))


def readers_of(result: Result) -> list[Reader]:
    """Who opened it, the latest first: each account once a day, at most 50."""
    entries = Entry.objects.filter(
        subject=str(result.person_id),
        kind=Kind.READING,
        action__in=READ_ACTIONS,
        detail__results__contains=[str(result.pk)],
    ).order_by("-id")[:500]
    rows, seen = [], set()
    for one in entries:
        if (key := (one.actor, one.at.date())) not in seen:
            seen.add(key)
            rows.append(one)
    rows = rows[:MOST_READERS]
    units = dict(Account.objects.filter(pk__in={one.actor for one in rows}).values_list("pk", "unit"))
    return [Reader(one.at, one.actor_name, units.get(one.actor, "") if one.actor else "") for one in rows]


def open_of_person(person_id: UUID) -> list[Assessment]:
    """Assessments of a person that are in work."""
    return list(Assessment.objects.filter(person=person_id, state__in=states.OPEN).order_by("-asked_at"))


def ties_of_person(person_id: UUID, today: date) -> list[Tie]:
    """Who may not assess a person, and why, today."""
    on = Q(from_date__lte=today) & (Q(until_date=None) | Q(until_date__gt=today))
    return list(Tie.objects.filter(on, person=person_id).select_related("assessor", "organisation"))


def objections_listed(actor: Actor, state: str) -> QuerySet[Objection]:
    """Objections of the actor's region: open ones, or those of a state, the oldest first."""
    lo, hi = actor.range
    found = Objection.objects.filter(region_code__gte=lo, region_code__lt=hi).select_related("result__person")
    return found.filter(state__in=(state,) if state else OPEN_OBJECTIONS)


def objection_counts(actor: Actor) -> dict[str, int]:
    """How many there are, by state."""
    lo, hi = actor.range
    found = Objection.objects.filter(region_code__gte=lo, region_code__lt=hi)
    return dict(found.values_list("state").annotate(n=Count("id")).order_by("state"))


def objection_by_key(actor: Actor, pk: UUID) -> Objection:
    """The objection with its result and the second assessment. NotFound when not there, or not the actor's to see."""
    lo, hi = actor.range
    found = Objection.objects.filter(pk=pk, region_code__gte=lo, region_code__lt=hi)
    row = found.select_related("result__person", "result__form", "again").first()
    if row is None:
        raise NotFound("这件异议")
    return row


def second_result_of(objection: Objection) -> Result | None:
    """What the others found."""
    if objection.again_id is None:
        return None
    return Result.objects.filter(assessment=objection.again_id).select_related("form").first()


def _ordered(found: QuerySet[Result], filters: ResultFilters) -> QuerySet[Result]:
    by_end = filters.sort.removeprefix("-") == VALID
    return found.exclude(valid_until=None) if by_end else found


def _due(code: str, today: date) -> Q:
    stands = Q(state__in=states.STANDING)
    if code == SOON:
        return stands & Q(valid_until__gt=today, valid_until__lte=today + SOON_DAYS)
    return stands & Q(valid_until__lte=today)
