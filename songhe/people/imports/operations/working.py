"""The long parts of an import, each one transaction of its caller's: reading and comparing, writing, taking back.

Jobs call them with their progress, the command line with its bar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.uploads.models import Upload
from songhe.foundation.uploads.queries import opened
from songhe.kernel.errors import Conflict, NotFound
from songhe.people.imports.applying import Say, write
from songhe.people.imports.freezing import hash_of
from songhe.people.imports.models import Batch
from songhe.people.imports.operations.approving import let_in
from songhe.people.imports.operations.handing_in import map_columns
from songhe.people.imports.staging import stage
from songhe.people.imports.states import BatchState
from songhe.people.imports.telling import tell_officers
from songhe.people.imports.undoing import take_back


@contextmanager
def file_of(batch: Batch) -> Iterator[Path]:
    """The file of a batch, in plain while it is read. NotFound when it is gone."""
    upload = Upload.objects.filter(pk=batch.upload).first()
    if upload is None:
        raise NotFound("这个文件")
    with opened(upload) as path:
        yield path


def read_file(batch: Batch, *, now: datetime, say: Say) -> None:
    """Reads a batch whose columns are told, and compares it."""
    with file_of(batch) as path:
        staged = stage(batch, path, today=timezone.localdate(now), say=say)
    batch.move(BatchState.STAGED)
    batch.move(BatchState.COMPARED, counts=staged.counts, notices=staged.notices)


def write_list(batch: Batch, *, actor: Actor, list_hash: str, now: datetime, say: Say) -> dict[str, int]:
    """Writes an approved batch. Conflict when the list is another one by now, or the register changed."""
    if not list_hash == batch.list_hash == hash_of(batch):
        raise Conflict("名单和审批时不一样，没有写入")
    done = write(batch, actor=actor, today=timezone.localdate(now), now=now, say=say)
    batch.move(BatchState.APPLIED, applied_at=now, counts={**batch.counts, "applied": done})
    tell_officers(
        batch, "批准了，已写入", f"{batch.approver}批的，写入事实{done['facts']:,}条", by=actor.account_id, now=now
    )
    return done


def take_list_back(batch: Batch, *, actor: Actor, now: datetime, say: Say) -> dict[str, int]:
    """Takes an applied batch back; the reason is the batch's."""
    done = take_back(batch, actor=actor, today=timezone.localdate(now), now=now, reason=batch.reason, say=say)
    batch.move(
        BatchState.UNDONE, undone_at=now, undone_by=actor.account_id, undoer=actor.name,
        counts={**batch.counts, "undone": done},
    )  # fmt: skip
    tell_officers(batch, "撤回了", f"{actor.name}撤回的：{batch.reason}", by=actor.account_id, now=now)
    return done


@transaction.atomic
def read_at_once(
    *, actor: Actor, batch_id: UUID, header: Sequence[str], mapping: Mapping[str, str], now: datetime, say: Say
) -> Batch:
    """Says which column holds what, reads and compares here and now; see `handing_in.read_batch`."""
    batch = map_columns(actor=actor, batch_id=batch_id, header=header, mapping=mapping, now=now)
    read_file(batch, now=now, say=say)
    return batch


@transaction.atomic
def approve_at_once(*, actor: Actor, batch_id: UUID, list_hash: str, now: datetime, say: Say) -> Batch:
    """Lets a proposed list in and writes it here and now; see `approving.approve`."""
    batch = let_in(actor=actor, batch_id=batch_id, list_hash=list_hash, now=now, at_once=True)
    write_list(batch, actor=actor, list_hash=list_hash, now=now, say=say)
    return batch
