"""A file of results: handed in by one officer, let in by another, written at once, and taken back whole."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import polars as pl
from django.db import transaction
from django.utils import timezone

from songhe.assessment.batches import BatchState, ResultBatch, ResultError
from songhe.assessment.models import WORDS_LENGTH
from songhe.assessment.operations.reading_rows import IDENTITY, NUMBER, Errors, Say, checked, read_file, scored
from songhe.assessment.operations.taking_results import placed, take, take_batch_back, tells_facts
from songhe.assessment.permissions import IMPORT, REVIEW
from songhe.assessment.terms import ResultSource
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.jobs import start
from songhe.foundation.uploads.models import Upload
from songhe.foundation.uploads.queries import opened
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.lines import said
from songhe.people.api import people_by_numbers

STAGE, APPLY, UNDO = "assessment.import.stage", "assessment.import.apply", "assessment.import.undo"
_OPEN = (BatchState.READING, BatchState.STAGED, BatchState.APPROVED)


@transaction.atomic
def hand_in(*, actor: Actor, upload: Upload, now: datetime, begin: bool = True) -> ResultBatch:
    """A batch for a kept file; reading it begins in the background. Conflict when the same file is in work already."""
    actor.require(IMPORT)
    region = actor.region.ljust(12, "0")
    if not actor.region:
        raise BadInput("地区", "没有工作的地区", accepted="一个市、区县或乡镇")
    if ResultBatch.objects.filter(region_code=region, file_hash=upload.sha256, state__in=_OPEN).exists():
        raise Conflict("这份名册已经交过，还在办")
    batch = ResultBatch.objects.create(
        region_code=region, upload=upload.pk, file_name=upload.name, file_hash=upload.sha256,
        made_by=actor.account_id, maker=actor.name[:40], made_at=now,
    )  # fmt: skip
    record(actor, action="assessment.import", subject=batch.pk, region=region, detail={"sha256": upload.sha256})
    if begin:
        _begin(actor, batch, STAGE, "读取评估结果")
    return batch


@transaction.atomic
def stage(*, actor: Actor, batch_id: UUID, now: datetime, say: Say) -> ResultBatch:
    """Reads the file and keeps every cell that cannot be used; a file that is no table leaves the batch failed."""
    actor.require(IMPORT)
    batch = the_batch(actor, batch_id)
    try:
        rows, errors, read = _rows(actor, batch, now, say)
    except BadInput as error:
        batch.move(BatchState.FAILED, failure=str(error)[:400])
        return batch
    found = [
        ResultError(region_code=batch.region_code, batch=batch, number=number, column=column, shown=shown,
                    problem=problem, accepted=accepted)
        for number, column, shown, problem, accepted in sorted(errors.found, key=lambda one: one[0])
    ]  # fmt: skip
    ResultError.objects.bulk_create(found, batch_size=5_000)
    counts = {"read": read, "good": rows.height, "bad": len(errors.rows), "errors": len(found),
              "tells": int(tells_facts(rows))}  # fmt: skip
    batch.move(BatchState.STAGED, counts=counts)
    return batch


@transaction.atomic
def approve(*, actor: Actor, batch_id: UUID, now: datetime, begin: bool = True) -> ResultBatch:
    """Lets the rows without errors in. Refused for who handed the file in: facts are told by two officers."""
    actor.require(REVIEW)
    batch = the_batch(actor, batch_id)
    if batch.made_by is not None and batch.made_by == actor.account_id:
        raise Refused("要由另一位审批，交名册的人自己不能批")
    if batch.state == BatchState.STAGED and not batch.counts.get("good"):
        raise Refused("没有一行能用")
    batch.move(BatchState.APPROVED, decided_by=actor.account_id, decider=actor.name[:40], decided_at=now)
    record(actor, action="assessment.import_approve", subject=batch.pk, region=batch.region_code)
    if begin:
        _begin(actor, batch, APPLY, "写入评估结果")
    return batch


@transaction.atomic
def refuse(*, actor: Actor, batch_id: UUID, words: str, now: datetime) -> ResultBatch:
    """The file is not let in; why is told."""
    actor.require(REVIEW)
    batch = the_batch(actor, batch_id)
    if batch.made_by is not None and batch.made_by == actor.account_id:
        raise Refused("要由另一位审批，交名册的人自己不能批")
    batch.move(
        BatchState.REFUSED, reason=said(words, "为什么不批", WORDS_LENGTH), decided_by=actor.account_id,
        decider=actor.name[:40], decided_at=now,
    )  # fmt: skip
    record(actor, action="assessment.import_refuse", subject=batch.pk, region=batch.region_code)
    return batch


@transaction.atomic
def apply(*, actor: Actor, batch_id: UUID, now: datetime, say: Say) -> ResultBatch:
    """Writes the rows without errors, all or none."""
    actor.require(REVIEW)
    batch = the_batch(actor, batch_id)
    if batch.state != BatchState.APPROVED:
        raise Conflict("还没有批准，或已经写入")
    rows, _, _ = _rows(actor, batch, now, say)
    say(90, 100, "写入")
    done = take(
        actor=actor, rows=rows, batch=batch.pk, source=ResultSource.FILE, today=timezone.localdate(now), now=now
    )
    batch.move(BatchState.APPLIED, counts={**batch.counts, **done})
    record(actor, action="assessment.import_apply", subject=batch.pk, region=batch.region_code, number=done["new"],
           detail={"facts": done["facts"]})  # fmt: skip
    return batch


@transaction.atomic
def ask_undo(*, actor: Actor, batch_id: UUID, words: str, now: datetime) -> ResultBatch:
    """Says why a written batch is taken back, which begins in the background."""
    actor.require(REVIEW)
    batch = the_batch(actor, batch_id)
    if batch.state != BatchState.APPLIED:
        raise Conflict("还没有写入，或已经撤回")
    batch.reason = said(words, "为什么撤回", WORDS_LENGTH)
    batch.save(update_fields=["reason"])
    _begin(actor, batch, UNDO, "撤回评估结果")
    return batch


@transaction.atomic
def undo(*, actor: Actor, batch_id: UUID, words: str, now: datetime) -> ResultBatch:
    """Takes a written batch back, whole or not at all: results withdrawn, what they replaced stands again."""
    actor.require(REVIEW)
    batch = the_batch(actor, batch_id)
    if batch.state != BatchState.APPLIED:
        raise Conflict("还没有写入，或已经撤回")
    reason = said(words, "为什么撤回", WORDS_LENGTH)
    done = take_batch_back(actor=actor, batch=batch.pk, today=timezone.localdate(now), now=now)
    batch.move(
        BatchState.UNDONE, reason=reason, undone_at=now, undoer=actor.name[:40], counts={**batch.counts, "undone": done}
    )
    record(actor, action="assessment.import_undo", subject=batch.pk, region=batch.region_code,
           number=done["withdrawn"])  # fmt: skip
    return batch


def the_batch(actor: Actor, batch_id: UUID) -> ResultBatch:
    """The batch, locked. NotFound when it is not there, or not of the actor's region."""
    batch = ResultBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None or not actor.covers(batch.region_code):
        raise NotFound("这份名册")
    return batch


def _rows(actor: Actor, batch: ResultBatch, now: datetime, say: Say) -> tuple[pl.DataFrame, Errors, int]:
    """Good rows, placed and scored; the errors; how many rows were read."""
    upload = Upload.objects.filter(pk=batch.upload).first() if batch.upload else None
    if upload is None:
        raise NotFound("这个文件")
    with opened(upload) as path:
        cells, errors = read_file(path, say)
    say(40, 100, "逐项核对")
    frame = checked(cells, errors, timezone.localdate(now))
    rows = scored(frame, errors)
    say(70, 100, "找档案")
    rows = rows.filter(pl.col(IDENTITY).is_not_null())
    keys = people_by_numbers(actor.within(batch.region_code), set(rows[IDENTITY].to_list()))
    rows = placed(rows, keys, IDENTITY, errors, "身份证号")
    return rows.filter(~pl.col(NUMBER).is_in(list(errors.rows))), errors, cells.height


def _begin(actor: Actor, batch: ResultBatch, kind: str, title: str) -> None:
    job = start(actor, kind, {"batch": str(batch.pk)}, title, batch.region_code)
    batch.job = job.pk
    batch.save(update_fields=["job"])
