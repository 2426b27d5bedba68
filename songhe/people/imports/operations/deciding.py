"""Whom a row in doubt is about, and which rows are left out: said by a person, before anything is proposed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import Count

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.people.imports.comparing import compare_told
from songhe.people.imports.models import Batch, Candidate, Change, StagedRow
from songhe.people.imports.operations.opening import check_idle, check_state, the_batch
from songhe.people.imports.reading import NUMBER
from songhe.people.imports.sources import list_of
from songhe.people.imports.states import BatchState
from songhe.people.imports.terms import Choice, RowKind
from songhe.people.permissions import IMPORT

_CHOSEN = (RowKind.NEW, RowKind.CHANGED, RowKind.CONFLICTING, RowKind.GONE, RowKind.SAME)


def _open(actor: Actor, batch_id: UUID) -> Batch:
    actor.require(IMPORT)
    batch = the_batch(actor, batch_id)
    check_state(batch, BatchState.COMPARED)
    check_idle(batch)
    return batch


@transaction.atomic
def include_rows(*, actor: Actor, batch_id: UUID, numbers: Collection[int], included: bool) -> int:
    """Leaves rows out of what will be written, or takes them in again; gives how many changed."""
    batch = _open(actor, batch_id)
    rows = StagedRow.objects.filter(batch=batch, number__in=numbers, kind__in=_CHOSEN).exclude(included=included)
    return int(rows.update(included=included))


@transaction.atomic
def include_kind(*, actor: Actor, batch_id: UUID, kind: str, included: bool) -> int:
    """The same for all rows of a kind."""
    batch = _open(actor, batch_id)
    if kind not in _CHOSEN:
        raise BadInput("哪一类", "这一类不写入", accepted="、".join(str(each.label) for each in _CHOSEN))
    return int(StagedRow.objects.filter(batch=batch, kind=kind).exclude(included=included).update(included=included))


@transaction.atomic
def accept_candidate(
    *, actor: Actor, batch_id: UUID, number: int, person: UUID, today: date, now: datetime
) -> StagedRow:
    """The row is about this person: its facts are compared, and nobody else is meant by the row.

    Conflict when another row is about the person.
    """
    batch = _open(actor, batch_id)
    row = _row(batch, number)
    candidates = Candidate.objects.select_for_update().filter(batch=batch, number=number)
    if not candidates.filter(person=person).exists():
        raise NotFound("这位老人")
    if StagedRow.objects.filter(batch=batch, person=person, number__gt=0).exclude(pk=row.pk).exists():
        raise Conflict("名册里另有一行说的是这位老人，先看那一行")
    _forget_facts(batch, row)
    _no_longer_gone(batch, person)
    said = {"chosen_by": actor.account_id, "chosen_at": now}
    candidates.exclude(person=person).update(choice=Choice.REJECTED, **said)
    candidates.filter(person=person).update(choice=Choice.ACCEPTED, **said)
    row.person, row.linked, row.included = person, True, True
    row.kind = _compare_row(batch, row, today)
    row.save(update_fields=["person", "linked", "included", "kind"])
    _recount(batch)
    detail = {"row": number, "person": str(person)}
    record(actor, action="people.import.link", subject=batch.pk, region=batch.region_code, detail=detail)
    return row


@transaction.atomic
def reject_candidates(*, actor: Actor, batch_id: UUID, number: int, now: datetime) -> StagedRow:
    """The row is about none of the persons shown: it is not written."""
    batch = _open(actor, batch_id)
    row = _row(batch, number)
    _forget_facts(batch, row)
    Candidate.objects.filter(batch=batch, number=number).update(
        choice=Choice.REJECTED, chosen_by=actor.account_id, chosen_at=now
    )
    row.person, row.linked, row.kind = None, False, RowKind.UNMATCHED
    row.save(update_fields=["person", "linked", "kind"])
    _recount(batch)
    record(actor, action="people.import.link_none", subject=batch.pk, region=batch.region_code, detail={"row": number})
    return row


@transaction.atomic
def reopen_row(*, actor: Actor, batch_id: UUID, number: int) -> StagedRow:
    """Takes back what was said about a row in doubt."""
    batch = _open(actor, batch_id)
    row = _row(batch, number)
    _forget_facts(batch, row)
    Candidate.objects.filter(batch=batch, number=number).update(choice=Choice.OPEN, chosen_by=None, chosen_at=None)
    row.person, row.linked, row.kind = None, False, RowKind.REVIEW
    row.save(update_fields=["person", "linked", "kind"])
    _recount(batch)
    return row


def _row(batch: Batch, number: int) -> StagedRow:
    """A row that was in doubt when it was read. NotFound for any other."""
    row = StagedRow.objects.select_for_update().filter(batch=batch, number=number, told__isnull=False).first()
    if row is None:
        raise NotFound("这一行")
    return row


def _forget_facts(batch: Batch, row: StagedRow) -> None:
    Change.objects.filter(batch=batch, number=row.number).delete()


def _no_longer_gone(batch: Batch, person: UUID) -> None:
    gone = StagedRow.objects.filter(batch=batch, person=person, number__lt=0)
    Change.objects.filter(batch=batch, number__in=list(gone.values_list("number", flat=True))).delete()
    gone.delete()


def _compare_row(batch: Batch, row: StagedRow, today: date) -> str:
    facts = [
        {NUMBER: row.number, "person": str(row.person), "fact": fact, "value": value, "from_date": begins}
        for fact, (value, begins) in (row.told or {}).items()
    ]
    schema = {NUMBER: pl.Int64, **dict.fromkeys(("person", "fact", "value", "from_date"), pl.String)}
    compared = compare_told(
        pl.DataFrame(facts, schema=schema), list_of(batch.source), day=batch.data_until, today=today
    )
    Change.objects.bulk_create(_change(batch, change) for change in compared.changes.iter_rows(named=True))
    kinds = compared.kinds["kind_of_facts"].to_list()
    return str(kinds[0]) if kinds else RowKind.SAME.value


def _change(batch: Batch, change: dict[str, Any]) -> Change:
    return Change(
        batch=batch, region_code=batch.region_code, number=change[NUMBER], person=change["person"], fact=change["fact"],
        value=change["value"], from_date=change["from_date"] or batch.data_until, verdict=change["verdict"],
        was=change["was"], was_source=change["was_source"] or "", was_as_of=change["was_as_of"],
        replaced=change["replaced"],
    )  # fmt: skip


def _recount(batch: Batch) -> None:
    kinds = {kind.value: 0 for kind in RowKind}
    kinds |= dict(StagedRow.objects.filter(batch=batch).values_list("kind").annotate(Count("id")))
    batch.counts = {**batch.counts, "kinds": kinds}
    batch.save(update_fields=["counts"])
