"""The list of assessments: filtered, in order, a page by key, with counts beside the filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.assessment import states
from songhe.assessment.models import Assessment
from songhe.assessment.queries.workload import BACK, WORK, worked
from songhe.assessment.terms import AssessmentState, Purpose, Reason
from songhe.foundation.access.actors import Actor, region_range
from songhe.kernel.keys import key_read
from songhe.kernel.regions import digits_below, significant
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

PAGE_ROWS = 50
CLOSED = "closed"
_COLUMNS = {"due": "due_date", "asked": "asked_at"}
_OPEN_SORTS = Sorts(_COLUMNS, "due", frozenset({"asked"}))
_CLOSED_SORTS = Sorts({"asked": "asked_at"}, "-asked", frozenset({"asked"}))
OVERDUE, TODAY, WEEK, LATER = "overdue", "today", "week", "later"
DUE = {OVERDUE: N_("过期"), TODAY: N_("今天"), WEEK: N_("一周内"), LATER: N_("以后")}
_CODE = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for; empty fields narrow nothing, an empty `state` is every open one."""

    state: str = ""
    purpose: str = ""
    reason: str = ""
    due: str = ""
    region: str = ""
    assessor: str = ""
    work: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    @property
    def is_open(self) -> bool:
        """Whether what is still in work is asked for."""
        return self.state != CLOSED and self.state not in _ENDED

    @property
    def narrows(self) -> bool:
        """Whether anything but the tab is set."""
        given = (self.purpose, self.reason, self.due, self.region, self.assessor, self.work)
        return any(given) or self.state not in ("", CLOSED)

    @property
    def sorts(self) -> Sorts:
        """What is in work stands by its day; what is closed, the newest first."""
        return _OPEN_SORTS if self.is_open else _CLOSED_SORTS

    def address(self, **changed: str) -> str:
        """The query part of the address, from the first page."""
        return address_of(self, **changed)


_ENDED = tuple(state for state in AssessmentState if state not in states.OPEN)


def filters_of(given: Mapping[str, str]) -> Filters:
    """Filters out of an address; what is none of ours narrows nothing."""
    state, assessor = given.get("state", ""), key_read(given.get("assessor", ""))
    asked = Filters(
        state=state if state in {*AssessmentState.values, CLOSED} else "",
        purpose=given.get("purpose", "") if given.get("purpose") in Purpose.values else "",
        reason=given.get("reason", "") if given.get("reason") in Reason.values else "",
        due=given.get("due", "") if given.get("due") in DUE else "",
        region=given.get("region", "") if _CODE.fullmatch(given.get("region", "")) else "",
        assessor=str(assessor or ""),
        work=given.get("work", "") if given.get("work") in WORK else "",
        after=given.get("after", "")[:36],
        before=given.get("before", "")[:36],
    )
    return replace(asked, sort=asked.sorts.read(given.get("sort", "")))


def filtered(actor: Actor, filters: Filters, today: date, *, without: str = "") -> QuerySet[Assessment]:
    """The rows of the actor's region that the filters give, in no order; `without` leaves one filter out."""
    lo, hi = actor.range
    found = Assessment.objects.filter(region_code__gte=lo, region_code__lt=hi)
    if filters.state == "" and filters.work == BACK:
        pass  # what went back this month may be closed by now
    elif filters.state in ("", CLOSED) or without == "state":
        found = found.filter(state__in=_ENDED if filters.state == CLOSED else states.OPEN)
    else:
        found = found.filter(state=filters.state)
    if filters.purpose and without != "purpose":
        found = found.filter(purpose=filters.purpose)
    if filters.reason and without != "reason":
        found = found.filter(reason=filters.reason)
    if filters.work or filters.assessor:
        found = found.filter(worked(filters.work, filters.assessor, today))
    if filters.due and filters.is_open and without != "due":
        found = found.filter(_due(filters.due, today))
    if filters.region and without != "region":
        low, high = region_range(significant(filters.region))
        found = found.filter(region_code__gte=low, region_code__lt=high)
    return found


def page_of(actor: Actor, filters: Filters, today: date) -> KeyedPage[Assessment]:
    """One page."""
    found = filtered(actor, filters, today).select_related("person", "organisation")
    order = filters.sorts.order(filters.sort)
    return page_at(found, order, after=filters.after, before=filters.before, rows=PAGE_ROWS)


def counts(actor: Actor, filters: Filters, today: date, field: str) -> dict[str, int]:
    """Numbers by a filter's own values, with all other filters on."""
    found = filtered(actor, filters, today, without=field)
    if field == "due":
        return {code: found.filter(_due(code, today)).count() for code in DUE}
    if field == "region":
        width = digits_below(actor.region)
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
