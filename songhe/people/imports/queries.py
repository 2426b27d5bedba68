"""Reading batches: the list of them, the rows and errors of one, page by page from a key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.jobs.models import Job
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import significant
from songhe.kernel.told import phrase
from songhe.people.imports.models import Batch, Candidate, Change, RowError, StagedRow
from songhe.people.imports.states import OPEN, BatchState
from songhe.people.imports.terms import RowKind
from songhe.people.models import Person
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

WHAT = phrase("这批名册")
PAGE_ROWS, PAGE_ERRORS, PAGE_BATCHES = 30, 10, 30
IN_WORK = "open"
SORTS = Sorts(
    {"at": "created_at", "day": "data_until", "list": "source", "place": "region_code", "who": "creator"},
    usual="-at", first=frozenset({"day"}),
)  # fmt: skip
SHOWN_KINDS = (RowKind.NEW, RowKind.CHANGED, RowKind.CONFLICTING, RowKind.GONE)
LISTED_KINDS = (*SHOWN_KINDS, RowKind.SAME, RowKind.REVIEW, RowKind.UNMATCHED, RowKind.SKIPPED)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the keys before and behind them ("" when there is nothing)."""

    rows: Sequence[Any]
    before: str
    after: str
    total: int


def batch_of(actor: Actor, batch_id: UUID) -> Batch:
    """The batch. NotFound when it is not there, or not the actor's to see."""
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None or not actor.covers(batch.region_code):
        raise NotFound(WHAT)
    return batch


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of batches is narrowed to; empty fields narrow nothing. `after` and `before` are keys of rows."""

    source: str = ""
    state: str = ""
    region: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything but the order is set."""
        return bool(self.source or self.state or self.region)

    def address(self, **changed: str) -> str:
        """The query part of the address."""
        return address_of(self, **changed)


def listed(filters: Filters) -> QuerySet[Batch]:
    """The batches in the scope that the filters leave, in their order."""
    found = Batch.objects.all()
    if filters.source:
        found = found.filter(source=filters.source)
    if filters.state == IN_WORK:
        found = found.filter(state__in=OPEN)
    elif filters.state in BatchState.values:
        found = found.filter(state=filters.state)
    if filters.region:
        lo, hi = region_range(significant(filters.region))
        found = found.filter(region_code__gte=lo, region_code__lt=hi)
    return found.order_by(*SORTS.order(filters.sort))


def batches(filters: Filters) -> KeyedPage[Batch]:
    """One page of the batches, the newest first where nothing else is asked for."""
    return page_at(
        listed(filters), SORTS.order(filters.sort), after=filters.after, before=filters.before, rows=PAGE_BATCHES
    )


def regions() -> list[str]:
    """The divisions that batches in the scope are for."""
    return list(Batch.objects.order_by("region_code").values_list("region_code", flat=True).distinct())


def counts_by_state() -> dict[str, int]:
    """How many batches there are in each state."""
    return dict(Batch.objects.order_by().values_list("state").annotate(Count("id")))


def rows_of(batch: Batch, *, kind: str = "", fact: str = "", after: str = "") -> Page:
    """Rows of one kind, or of all that would change something, in the order of the file; who is gone comes last."""
    found = StagedRow.objects.filter(batch=batch)
    found = found.filter(kind=kind) if kind in LISTED_KINDS else found.filter(kind__in=SHOWN_KINDS)
    if fact:
        found = found.filter(number__in=Change.objects.filter(batch=batch, fact=fact).values("number"))
    total = found.count()
    positive = found.filter(number__gt=0).order_by("number")
    gone = found.filter(number__lt=0).order_by("-number")
    key = _number(after)
    rows = list(positive.filter(number__gt=key)[: PAGE_ROWS + 1]) if key >= 0 else []
    if len(rows) <= PAGE_ROWS:
        last = key if key < 0 else 0
        rows += list(gone.filter(number__lt=last)[: PAGE_ROWS + 1 - len(rows)])
    more = str(rows[PAGE_ROWS - 1].number) if len(rows) > PAGE_ROWS else ""
    return Page(rows[:PAGE_ROWS], "", more, total)


def changes_of_rows(batch: Batch, numbers: Sequence[int]) -> dict[int, list[Change]]:
    """The changes of these rows, in the order of the facts."""
    found: dict[int, list[Change]] = {}
    for change in Change.objects.filter(batch=batch, number__in=numbers).order_by("number", "fact"):
        found.setdefault(change.number, []).append(change)
    return found


def persons(ids: Sequence[UUID | None]) -> dict[UUID, Person]:
    """These persons of the register, by id."""
    return {person.pk: person for person in Person.objects.filter(pk__in={one for one in ids if one})}


def errors_of(batch: Batch, *, kind: str = "", after: str = "") -> Page:
    """Bad cells in the order of the file."""
    found = RowError.objects.filter(batch=batch)
    if kind:
        found = found.filter(kind=kind)
    total = found.count()
    at, _, key = after.partition("-")
    ordered, number = found.order_by("number", "id"), _number(at)
    if number and key:
        ordered = ordered.filter(Q(number__gt=number) | Q(number=number, id__gt=_number(key)))
    rows = list(ordered[: PAGE_ERRORS + 1])
    last = rows[PAGE_ERRORS - 1] if len(rows) > PAGE_ERRORS else None
    return Page(rows[:PAGE_ERRORS], "", f"{last.number}-{last.pk}" if last else "", total)


def excluded_count(batch: Batch) -> int:
    """How many rows somebody left out."""
    return StagedRow.objects.filter(batch=batch, included=False, kind__in=SHOWN_KINDS).count()


def row_of(batch: Batch, number: int) -> StagedRow:
    """One row. NotFound when the batch has none of that number."""
    row = StagedRow.objects.filter(batch=batch, number=number).first()
    if row is None:
        raise NotFound("这一行")
    return row


def candidates_of(batch: Batch, number: int) -> list[Candidate]:
    """Who a row may be about, the likeliest first."""
    return list(Candidate.objects.filter(batch=batch, number=number).order_by("rank", "id"))


def review_state(batch: Batch, number: int = 0) -> Mapping[str, int | None]:
    """How many rows are in doubt, how many were, and the next one after `number` (else the first)."""
    doubtful = StagedRow.objects.filter(batch=batch, told__isnull=False)
    waiting = doubtful.filter(kind=RowKind.REVIEW).order_by("number")
    following = waiting.filter(number__gt=number).first() or waiting.exclude(number=number).first()
    return {
        "open": waiting.count(),
        "all": doubtful.count(),
        "next": following.number if following else None,
    }


def _number(text: str) -> int:
    """A number of an address, or 0 for anything else."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else 0


def job_of(batch: Batch) -> Job | None:
    """The newest work on the batch."""
    return Job.objects.filter(pk=batch.job).first() if batch.job else None
