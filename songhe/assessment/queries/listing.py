"""The list of assessments: filtered, in order, a page by key, with counts beside the filters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.assessment import states
from songhe.assessment.models import Assessment
from songhe.assessment.terms import AssessmentState, Purpose, Reason
from songhe.foundation.access.actors import Actor, region_range
from songhe.kernel.errors import BadInput
from songhe.kernel.regions import significant

PAGE_ROWS = 50
CLOSED, NEWEST = "closed", "newest"
OVERDUE, TODAY, WEEK, LATER = "overdue", "today", "week", "later"
DUE = {OVERDUE: N_("过期"), TODAY: N_("今天"), WEEK: N_("一周内"), LATER: N_("以后")}
_CODE, _LEVELS = re.compile(r"[0-9]{12}"), (4, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for; empty fields narrow nothing, an empty `state` is every open one."""

    state: str = ""
    purpose: str = ""
    reason: str = ""
    due: str = ""
    region: str = ""
    sort: str = ""
    after: str = ""

    @property
    def is_open(self) -> bool:
        """Whether what is still in work is asked for."""
        return self.state != CLOSED and self.state not in _ENDED

    @property
    def narrows(self) -> bool:
        """Whether anything but the tab is set."""
        return any((self.purpose, self.reason, self.due, self.region)) or self.state not in ("", CLOSED)

    def address(self, **changes: str) -> str:
        """The query part of the address, from the first page unless `after` is given."""
        fields = {name: value for name, value in asdict(replace(self, **{"after": "", **changes})).items() if value}
        return f"?{urlencode(fields)}"


_ENDED = tuple(state for state in AssessmentState if state not in states.OPEN)


@dataclass(frozen=True, slots=True)
class Page:
    """Assessments in order; `after` is the key of the next page."""

    rows: Sequence[Assessment]
    after: str


def filters_of(given: Mapping[str, str]) -> Filters:
    """Filters out of an address; what is none of ours narrows nothing."""
    state = given.get("state", "")
    return Filters(
        state=state if state in {*AssessmentState.values, CLOSED} else "",
        purpose=given.get("purpose", "") if given.get("purpose") in Purpose.values else "",
        reason=given.get("reason", "") if given.get("reason") in Reason.values else "",
        due=given.get("due", "") if given.get("due") in DUE else "",
        region=given.get("region", "") if _CODE.fullmatch(given.get("region", "")) else "",
        sort=NEWEST if given.get("sort") == NEWEST else "",
        after=given.get("after", "")[:80],
    )


def filtered(actor: Actor, filters: Filters, today: date, *, without: str = "") -> QuerySet[Assessment]:
    """The rows of the actor's region that the filters give, in no order; `without` leaves one filter out."""
    lo, hi = actor.range
    found = Assessment.objects.filter(region_code__gte=lo, region_code__lt=hi)
    if filters.state in ("", CLOSED) or without == "state":
        found = found.filter(state__in=_ENDED if filters.state == CLOSED else states.OPEN)
    else:
        found = found.filter(state=filters.state)
    if filters.purpose and without != "purpose":
        found = found.filter(purpose=filters.purpose)
    if filters.reason and without != "reason":
        found = found.filter(reason=filters.reason)
    if filters.due and filters.is_open and without != "due":
        found = found.filter(_due(filters.due, today))
    if filters.region and without != "region":
        low, high = region_range(significant(filters.region))
        found = found.filter(region_code__gte=low, region_code__lt=high)
    return found


def ordered(found: QuerySet[Assessment], filters: Filters) -> QuerySet[Assessment]:
    """The first due first; what is closed, or on demand, the newest first."""
    by_newest = filters.sort == NEWEST or not filters.is_open
    return found.order_by("-asked_at", "-id") if by_newest else found.order_by("due_date", "id")


def page_of(actor: Actor, filters: Filters, today: date) -> Page:
    """One page. BadInput for a key that is none."""
    found = ordered(filtered(actor, filters, today), filters).select_related("person", "organisation")
    if filters.after:
        found = found.filter(_after(filters))
    rows = list(found[: PAGE_ROWS + 1])
    last = rows[PAGE_ROWS - 1] if len(rows) > PAGE_ROWS else None
    key = ""
    if last is not None:
        by_newest = filters.sort == NEWEST or not filters.is_open
        key = f"{last.asked_at.isoformat() if by_newest else last.due_date.isoformat()}|{last.pk}"
    return Page(rows[:PAGE_ROWS], key)


def counts(actor: Actor, filters: Filters, today: date, field: str) -> dict[str, int]:
    """Numbers by a filter's own values, with all other filters on."""
    found = filtered(actor, filters, today, without=field)
    if field == "due":
        return {code: found.filter(_due(code, today)).count() for code in DUE}
    if field == "region":
        width = next((level for level in _LEVELS if level > len(actor.region)), _LEVELS[-1])
        rows = found.annotate(part=Left("region_code", width)).values_list("part").annotate(n=Count("id"))
        return {part.ljust(12, "0"): number for part, number in rows.order_by("part")}
    return dict(found.values_list(field).annotate(n=Count("id")).order_by("-n"))


def _due(code: str, today: date) -> Q:
    week = today + timedelta(days=7)
    return {
        OVERDUE: Q(due_date__lt=today),
        TODAY: Q(due_date=today),
        WEEK: Q(due_date__gt=today, due_date__lte=week),
        LATER: Q(due_date__gt=week),
    }[code]


def _after(filters: Filters) -> Q:
    first, _, last = filters.after.partition("|")
    try:
        key = UUID(last)
        if filters.sort == NEWEST or not filters.is_open:
            at = _moment(first)
            return Q(asked_at__lt=at) | Q(asked_at=at, id__lt=key)
        day = date.fromisoformat(first)
    except ValueError:
        raise BadInput("翻页", "地址里的页不对", accepted="从第一页看起") from None
    return Q(due_date__gt=day) | Q(due_date=day, id__gt=key)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at
