"""The list of matters: filtered, in order, a page by key; counts beside the filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.eligibility.decisions.models import Matter
from songhe.eligibility.decisions.terms import MatterKind, MatterOutcome
from songhe.foundation.access.actors import Actor, region_range
from songhe.kernel.errors import BadInput
from songhe.kernel.keys import key_read
from songhe.kernel.regions import significant

PAGE_ROWS = 50
A_WEEK = timedelta(days=7)
OPEN, CLOSED, NEWEST = "", "closed", "newest"
OVERDUE, TODAY, WEEK, LATER = "overdue", "today", "week", "later"
DUE = {OVERDUE: N_("过期"), TODAY: N_("今天"), WEEK: N_("一周内"), LATER: N_("以后")}
_LEVELS = (4, 6, 9, 12)


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

    def address(self, **changes: str) -> str:
        """The query part of the address, from the first page unless `after` is given."""
        fields = {name: value for name, value in asdict(replace(self, **{"after": "", **changes})).items() if value}
        return f"?{urlencode(fields)}"


@dataclass(frozen=True, slots=True)
class Page:
    """Matters in order; `after` is the key of the next page."""

    rows: Sequence[Matter]
    after: str


def page_of(actor: Actor, filters: Filters, today: date) -> Page:
    """One page, with persons: by last day, by when it was opened, or (closed ones) by when it was settled."""
    found = listed(actor, filters, today)
    if filters.after:
        found = found.filter(_behind(filters))
    rows = list(found.select_related("person")[: PAGE_ROWS + 1])
    more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    return Page(rows, f"{_first(rows[-1], filters).isoformat()}~{rows[-1].pk}" if more else "")


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


def split_by(actor: Actor, filters: Filters, today: date, field: str) -> dict[str, int]:
    """The list's rows by one field; the filter by that field left aside."""
    aside = replace(filters, after="", **{field: "" if field != "outcome" else CLOSED})
    rows = filtered(actor, aside, today).values_list(field).annotate(number=Count("pk"))
    return {value: number for value, number in rows if value}


def place_split(actor: Actor, filters: Filters, today: date) -> list[tuple[str, int]]:
    """The list's rows by the divisions just below the working region; the filter by place left aside."""
    digits = next((end for end in _LEVELS if end > len(actor.region)), _LEVELS[-1])
    found = filtered(actor, replace(filters, region="", after=""), today)
    rows = found.values(part=Left("region_code", digits)).annotate(number=Count("pk"))
    return sorted((row["part"].ljust(12, "0"), row["number"]) for row in rows)


def filters_of(given: dict[str, str]) -> Filters:
    """The filters that an address says; what nobody offers narrows nothing."""
    asked = {name: given.get(name, "")[:120] for name in Filters.__dataclass_fields__}
    offered = {
        "kind": MatterKind.values, "due": list(DUE), "sort": [NEWEST], "outcome": [CLOSED, *MatterOutcome.values]
    }  # fmt: skip
    asked |= {name: "" for name, values in offered.items() if asked[name] not in values}
    if not asked["region"].isdigit():
        asked["region"] = ""
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
