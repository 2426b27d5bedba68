"""The long work of imports, in the background: reading and comparing, writing, taking back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import Progress, handler
from songhe.foundation.uploads.models import Upload
from songhe.kernel.errors import SongheError
from songhe.kernel.told import phrase
from songhe.people.imports.applying import Say
from songhe.people.imports.models import WORDS_LENGTH, Batch
from songhe.people.imports.operations.approving import APPLY, NOT_APPROVED, TAKE_BACK
from songhe.people.imports.operations.handing_in import STAGE
from songhe.people.imports.operations.opening import the_batch
from songhe.people.imports.operations.working import read_file, take_list_back, write_list
from songhe.people.imports.states import BatchState
from songhe.people.imports.telling import tell_officers
from songhe.people.permissions import APPROVE_IMPORT, IMPORT, UNDO


def _saying(job: Progress) -> Say:
    def say(done: int, total: int, words: str) -> None:
        job.check_cancelled()
        job.at(done, total, words)

    return say


def _result(batch: Batch, words: str, count: int) -> dict[str, Any]:
    return {"link": reverse("import", args=[batch.pk]), "counts": {words: count}}


@handler(STAGE, IMPORT, words="读取名册")
def stage_batch(job: Progress, batch: str) -> None:
    """Reads and compares; a file that cannot be read leaves the batch failed, with the reason."""
    try:
        with scoped(job.actor, f"job {STAGE}"):
            found = the_batch(job.actor, UUID(batch), wait=True)
            if found.state != BatchState.MAPPED:
                return
            read_file(found, now=timezone.now(), say=_saying(job))
            job.check_cancelled()
            job.finish(_result(found, phrase("读到行数"), found.counts["read"]))
    except SongheError as error:
        with scoped(job.actor, f"job {STAGE}"):
            failed = the_batch(job.actor, UUID(batch), wait=True)
            if failed.state == BatchState.MAPPED:
                failed.move(BatchState.FAILED, failure=_words(failed, error))
        raise


def _words(batch: Batch, error: SongheError) -> str:
    """What went wrong, with the file called as people know it and not as it is kept."""
    upload = Upload.objects.filter(pk=batch.upload).first()
    stored = upload.place.rpartition("/")[2] if upload is not None else ""
    words = str(error)
    return (words.replace(stored, batch.file_name) if stored else words)[:WORDS_LENGTH]


@handler(APPLY, APPROVE_IMPORT, words="写入名册")
def apply_batch(job: Progress, batch: str, list_hash: str) -> None:
    """Writes the approved list; when it is another one by now, or the register changed, nothing is written."""
    try:
        with scoped(job.actor, f"job {APPLY}"):
            found = the_batch(job.actor, UUID(batch), wait=True)
            if found.state != BatchState.APPROVED:
                return
            done = write_list(found, actor=job.actor, list_hash=list_hash, now=timezone.now(), say=_saying(job))
            job.check_cancelled()
            job.finish(_result(found, phrase("写入条数"), done["facts"]))
    except SongheError as error:
        with scoped(job.actor, f"job {APPLY}"):
            failed = the_batch(job.actor, UUID(batch), wait=True)
            if failed.state == BatchState.APPROVED:
                failed.move(BatchState.COMPARED, failure=str(error)[:WORDS_LENGTH], **NOT_APPROVED)
                tell_officers(failed, "没有写入", failed.failure, by=None, now=timezone.now())
        raise


@handler(TAKE_BACK, UNDO, words="撤回名册")
def undo_batch(job: Progress, batch: str) -> None:
    """Takes an applied batch back, whole or not at all."""
    with scoped(job.actor, f"job {TAKE_BACK}"):
        found = the_batch(job.actor, UUID(batch), wait=True)
        if found.state != BatchState.APPLIED:
            return
        done = take_list_back(found, actor=job.actor, now=timezone.now(), say=_saying(job))
        job.check_cancelled()
        job.finish(_result(found, phrase("撤回条数"), done["facts"]))
