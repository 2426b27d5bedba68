"""Reading jobs: one's own, and with "jobs.read" those of others in the working region."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from songhe.foundation.access.actors import Actor
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.operations import check_may_see
from songhe.foundation.jobs.permissions import READ
from songhe.foundation.jobs.states import OPEN
from songhe.kernel.errors import NotFound
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

PAGE_ROWS = 30
MINE, ALL = "mine", "all"
SORTS = Sorts({"at": "created_at", "kind": "kind", "place": "region_code", "who": "starter_name"}, usual="-at")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty fields narrow nothing. `after` and `before` are keys of jobs."""

    whose: str = MINE
    state: str = ""
    kind: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    def address(self, **changed: str) -> str:
        """The query part of the address."""
        return address_of(self, **changed)


def page_of(actor: Actor, filters: Filters, rows: int = PAGE_ROWS) -> KeyedPage[Job]:
    """One page of the list, the newest first where nothing else is asked for."""
    return page_at(
        listed(actor, filters), SORTS.order(filters.sort), after=filters.after, before=filters.before, rows=rows
    )


def listed(actor: Actor, filters: Filters) -> QuerySet[Job]:
    """The whole list in its order."""
    found = _seen(actor, filters.whose)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    return found.order_by(*SORTS.order(filters.sort))


def count_of(actor: Actor, filters: Filters) -> int:
    """How many rows the whole list has."""
    return listed(actor, filters).count()


def open_jobs(actor: Actor, filters: Filters, rows: int = 10) -> list[Job]:
    """What waits or runs, the oldest first."""
    return list(_seen(actor, filters.whose).filter(state__in=OPEN).order_by("created_at", "id")[:rows])


def job_of(actor: Actor, job_id: UUID) -> Job:
    """One job. NotFound for those of other regions too; Refused for those of others without "jobs.read"."""
    found = _seen(actor, ALL, everybody=True).filter(pk=job_id).first()
    if found is None:
        raise NotFound("这项后台工作")
    check_may_see(actor, found)
    return found


def _seen(actor: Actor, whose: str, *, everybody: bool = False) -> QuerySet[Job]:
    lo, hi = actor.range
    found = Job.objects.filter(region_code__gte=lo, region_code__lt=hi)
    if everybody or (whose == ALL and actor.may(READ)):
        return found
    return found.filter(started_by_id=actor.account_id) if actor.account_id else found.none()
