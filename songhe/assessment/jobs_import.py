"""The long work of assessment, in the background: a file of results is read, written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from songhe.assessment.batches import BatchState, ResultBatch
from songhe.assessment.operations.importing import APPLY, STAGE, UNDO, apply, stage, the_batch, undo
from songhe.assessment.operations.reading_rows import Say
from songhe.assessment.permissions import IMPORT, REVIEW
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import Progress, handler
from songhe.kernel.told import phrase


@handler(STAGE, IMPORT, words="读取评估结果")
def stage_results(job: Progress, batch: str) -> None:
    """Reads a file of results; done once more, it finds nothing to do."""
    with scoped(job.actor, f"job {STAGE}"):
        if the_batch(job.actor, UUID(batch)).state == BatchState.READING:
            found = stage(actor=job.actor, batch_id=UUID(batch), now=timezone.now(), say=_saying(job))
            job.finish(_result(found, phrase("读到行数"), found.counts.get("read", 0)))


@handler(APPLY, REVIEW, words="写入评估结果")
def apply_results(job: Progress, batch: str) -> None:
    """Writes an approved file; what goes wrong leaves it to be approved again."""
    with scoped(job.actor, f"job {APPLY}"):
        if the_batch(job.actor, UUID(batch)).state == BatchState.APPROVED:
            found = apply(actor=job.actor, batch_id=UUID(batch), now=timezone.now(), say=_saying(job))
            job.finish(_result(found, phrase("写入条数"), found.counts["new"]))


@handler(UNDO, REVIEW, words="撤回评估结果")
def undo_results(job: Progress, batch: str) -> None:
    """Takes a written file back, whole or not at all."""
    with scoped(job.actor, f"job {UNDO}"):
        found = the_batch(job.actor, UUID(batch))
        if found.state == BatchState.APPLIED:
            found = undo(actor=job.actor, batch_id=found.pk, words=found.reason, now=timezone.now())
            job.finish(_result(found, phrase("撤回条数"), found.counts["undone"]["withdrawn"]))


def _saying(job: Progress) -> Say:
    def say(done: int, total: int, words: str) -> None:
        job.check_cancelled()
        job.at(done, total, words)

    return say


def _result(batch: ResultBatch, words: str, count: int) -> dict[str, Any]:
    return {"link": reverse("result-batch", args=[batch.pk]), "counts": {words: count}}
