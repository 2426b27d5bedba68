"""The list of matters: filtered, in order, a page by key; counts beside the filters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Left
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.eligibility.decisions.models import Matter
from songhe.eligibility.decisions.terms import MatterKind, MatterOutcome
from songhe.foundation.access.actors import Actor, region_range
from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.keys import key_read
from songhe.kernel.regions import digits_below, significant
from songhe.rules.facts import PERSON_TABLE
from songhe.ui.lists import address_of

PAGE_ROWS = 50
A_WEEK = timedelta(days=7)
OPEN, CLOSED, NEWEST = "", "closed", "newest"
OVERDUE, TODAY, WEEK, LATER = "overdue", "today", "week", "later"
DUE = {OVERDUE: N_("过期"), TODAY: N_("今天"), WEEK: N_("一周内"), LATER: N_("以后")}
_CODE, _SLUG = re.compile(r"[0-9]{12}"), re.compile(r"[a-z0-9-]{1,60}")
_DIMENSIONS = ("kind", "item", "question", "outcome", "due", "region")


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for; empty fields narrow nothing. `outcome` is "closed" for every outcome."""

    kind: str = ""
    item: str = ""
    question: str = ""
    due: str = ""
    region: str = ""
    outcome: str = ""
    sort: str = ""
    after: str = ""

    @property
    def is_open(self) -> bool:
        """Whether what is still to do is asked for."""
        return self.outcome == OPEN

    @property
    def narrows(self) -> bool:
        """Whether anything but the tab is set."""
        return any((self.kind, self.item, self.question, self.due, self.region)) or self.outcome not in (OPEN, CLOSED)

    def address(self, **changed: str) -> str:
        """The query part of the address, from the first page unless `after` is given."""
        return address_of(self, **changed)


@dataclass(frozen=True, slots=True)
class Page:
    """Matters in order; `after` is the key of the next page."""

    rows: Sequence[Matter]
    after: str


@dataclass(frozen=True, slots=True)
class Cube:
    """Numbers of matters by kind, item, question, outcome, due and part of the region."""

    rows: Sequence[tuple[tuple[str, ...], int]]
    filters: Filters
    part: str

    @property
    def total(self) -> int:
        """The rows of the list."""
        return sum(number for key, number in self.rows if self._fits(key, ""))

    @property
    def all(self) -> int:
        """Everything that is open (or settled) in the region."""
        return sum(number for _key, number in self.rows)

    @property
    def overdue(self) -> int:
        """How much of it should have been settled by now."""
        return sum(number for key, number in self.rows if key[_DIMENSIONS.index("due")] == OVERDUE)

    def split(self, field: str) -> dict[str, int]:
        """The list's rows by one field; the filter by that field left aside. Parts are leading digits."""
        found: dict[str, int] = {}
        for key, number in self.rows:
            value = key[_DIMENSIONS.index(field)]
            if value and self._fits(key, field):
                found[value] = found.get(value, 0) + number
        return found

    def _fits(self, key: tuple[str, ...], aside: str) -> bool:
        outcome = "" if self.filters.outcome == CLOSED else self.filters.outcome
        wanted = (self.filters.kind, self.filters.item, self.filters.question, outcome, self.filters.due, self.part)
        return all(
            name == aside or not value or value == had
            for name, value, had in zip(_DIMENSIONS, wanted, key, strict=True)
        )


def page_of(actor: Actor, filters: Filters, today: date, most: int = PAGE_ROWS) -> Page:
    """One page, with persons: by last day, by when it was opened, or (closed ones) by when it was settled."""
    found = listed(actor, filters, today)
    if filters.after:
        found = found.filter(_behind(filters))
    rows = list(found.select_related("person")[: most + 1])
    more = len(rows) > most
    rows = rows[:most]
    return Page(rows, f"{_first(rows[-1], filters).isoformat()}~{rows[-1].pk}" if more else "")


def matter_of(actor: Actor, matter: UUID) -> Matter:
    """One matter. NotFound for one outside the actor's region too."""
    lo, hi = actor.range
    found = Matter.objects.filter(pk=matter, region_code__gte=lo, region_code__lt=hi).first()
    if found is None:
        raise NotFound("这件事")
    return found


def listed(actor: Actor, filters: Filters, today: date) -> QuerySet[Matter]:
    """The whole list in its order."""
    field = _field(filters)
    return filtered(actor, filters, today).order_by(field if field == "due_date" else f"-{field}", "id")


def filtered(actor: Actor, filters: Filters, today: date) -> QuerySet[Matter]:
    """The list in no order. What lies outside the actor's region is not there."""
    lo, hi = actor.range
    found = Matter.objects.filter(region_code__gte=lo, region_code__lt=hi)
    if filters.region:
        low, high = region_range(significant(filters.region))
        found = found.filter(region_code__gte=low, region_code__lt=high)
    found = found.filter(closed_at=None) if filters.is_open else found.filter(closed_at__isnull=False)
    if filters.outcome not in (OPEN, CLOSED):
        found = found.filter(outcome=filters.outcome)
    same = {"kind": filters.kind, "item": filters.item, "question": filters.question}
    found = found.filter(**{name: value for name, value in same.items() if value})
    due = {
        OVERDUE: Q(due_date__lt=today), TODAY: Q(due_date=today),
        WEEK: Q(due_date__gt=today, due_date__lte=today + A_WEEK), LATER: Q(due_date__gt=today + A_WEEK),
    }  # fmt: skip
    return found.filter(due[filters.due]) if filters.due in due and filters.is_open else found


def cube_of(actor: Actor, filters: Filters, today: date) -> Cube:
    """The open matters of the region, or the settled ones, counted once by everything that is filtered by."""
    digits = digits_below(actor.region)
    wanted = significant(filters.region) if filters.region else ""
    base = Filters(region=filters.region if len(wanted) > digits else "", outcome=OPEN if filters.is_open else CLOSED)
    bucket = Case(
        When(due_date__lt=today, then=Value(OVERDUE)), When(due_date=today, then=Value(TODAY)),
        When(due_date__lte=today + A_WEEK, then=Value(WEEK)), default=Value(LATER),
    )  # fmt: skip
    rows = filtered(actor, base, today).values_list(
        "kind", "item", "question", "outcome", bucket if filters.is_open else Value(""), Left("region_code", digits)
    )
    counted = [(tuple(key), number) for *key, number in rows.annotate(number=Count("pk"))]
    return Cube(counted, filters, wanted[:digits])


def filters_of(given: dict[str, str]) -> Filters:
    """The filters that an address says; what nobody offers narrows nothing."""
    asked = {name: given.get(name, "")[:120] for name in Filters.__dataclass_fields__}
    offered = {
        "kind": MatterKind.values, "due": list(DUE), "sort": [NEWEST], "outcome": [CLOSED, *MatterOutcome.values]
    }  # fmt: skip
    asked |= {name: "" for name, values in offered.items() if asked[name] not in values}
    if not _CODE.fullmatch(asked["region"]):
        asked["region"] = ""
    if not _SLUG.fullmatch(asked["item"]):
        asked["item"] = ""
    if asked["question"] not in PERSON_TABLE:
        asked["question"] = ""
    return Filters(**asked)


def _field(filters: Filters) -> str:
    if not filters.is_open:
        return "closed_at"
    return "opened_at" if filters.sort == NEWEST else "due_date"


def _first(row: Matter, filters: Filters) -> date:
    value: date = getattr(row, _field(filters))
    return value


def _behind(filters: Filters) -> Q:
    first, _, last = filters.after.partition("~")
    key, field = key_read(last), _field(filters)
    try:
        at = date.fromisoformat(first) if field == "due_date" else datetime.fromisoformat(first)
    except ValueError as error:
        raise BadInput("页码", "读不懂") from error
    if key is None:
        raise BadInput("页码", "读不懂")
    return _after(field, at, key)


def _after(field: str, at: date, key: UUID) -> Q:
    beyond = "gt" if field == "due_date" else "lt"
    return Q(**{f"{field}__{beyond}": at}) | Q(**{field: at, "pk__gt": key})
