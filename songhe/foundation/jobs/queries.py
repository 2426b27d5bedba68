"""Reading jobs: one's own, and with "jobs.read" those of others in the working region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.http import urlencode

from songhe.foundation.access.actors import Actor
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.operations import check_may_see
from songhe.foundation.jobs.permissions import READ
from songhe.foundation.jobs.states import OPEN
from songhe.kernel.errors import BadInput, NotFound

PAGE_ROWS = 30
MINE, ALL = "mine", "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty fields narrow nothing. `after` is the key of the row before the page."""

    whose: str = MINE
    state: str = ""
    kind: str = ""
    after: str = ""

    def address(self, **changed: str) -> str:
        """The address of the same list with some filters changed; the page is the first unless `after` is given."""
        kept = {"whose": self.whose, "state": self.state, "kind": self.kind} | changed
        return "?" + urlencode({name: value for name, value in kept.items() if value})


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `after` is the key of the next, empty on the last."""

    jobs: list[Job]
    after: str


def page_of(actor: Actor, filters: Filters, rows: int = PAGE_ROWS) -> Page:
    """One page of the list, the newest first."""
    found = _filtered(actor, filters).order_by("-created_at", "id")
    if filters.after:
        at, key = _key_read(filters.after)
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, pk__gt=key))
    jobs = list(found[: rows + 1])
    shown = jobs[:rows]
    return Page(shown, f"{shown[-1].created_at.isoformat()}~{shown[-1].pk}" if len(jobs) > rows else "")


def count_of(actor: Actor, filters: Filters) -> int:
    """How many rows the whole list has."""
    return _filtered(actor, filters).count()


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


def _filtered(actor: Actor, filters: Filters) -> QuerySet[Job]:
    found = _seen(actor, filters.whose)
    if filters.state:
        found = found.filter(state=filters.state)
    return found.filter(kind=filters.kind) if filters.kind else found


def _key_read(after: str) -> tuple[datetime, UUID]:
    first, _, key = after.partition("~")
    try:
        return datetime.fromisoformat(first), UUID(key)
    except ValueError as error:
        raise BadInput("页码", "读不懂") from error
