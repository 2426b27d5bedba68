"""A file is handed in, its columns are told, and reading it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.jobs import start
from songhe.foundation.uploads.models import Upload
from songhe.foundation.uploads.operations import discard
from songhe.kernel.errors import BadInput, Conflict, Refused
from songhe.kernel.told import told
from songhe.people.imports.mapping import Mapped, checked, guessed, signature
from songhe.people.imports.models import Batch, ColumnMapping
from songhe.people.imports.operations.opening import check_idle, check_state, the_batch
from songhe.people.imports.sources import List, list_of
from songhe.people.imports.staging import clear
from songhe.people.imports.states import OPEN, BatchState
from songhe.people.imports.telling import GIVEN_UP, approval_done
from songhe.people.permissions import IMPORT

STAGE = "people.import.stage"
OLDEST = timedelta(days=5 * 366)
_READ_AGAIN = (
    BatchState.UPLOADED, BatchState.MAPPED, BatchState.STAGED, BatchState.COMPARED, BatchState.FAILED,
)  # fmt: skip


class AlreadyWritten(Refused):
    """The same file was written before; `batch` is what it became."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        day = batch.applied_at or batch.created_at
        super().__init__(told("这份名册{month}月{day}日已写入，结果不变", month=day.month, day=day.day))


class AlreadyOpen(Conflict):
    """The same file is being worked on; `batch` is that work."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        super().__init__(
            told(
                "这份名册{creator}已经交过，现在是“{state}”，不用再交",
                creator=batch.creator,
                state=batch.get_state_display(),
            )
        )


@transaction.atomic
def open_batch(
    *, actor: Actor, upload: Upload, source: str, data_until: date, today: date, now: datetime, region: str = ""
) -> Batch:
    """A batch for a kept file. `data_until` is the day that the list speaks of; `region` the actor's when empty.

    AlreadyWritten for a file that was written, AlreadyOpen for one that somebody is working on.
    """
    actor.require(IMPORT)
    expected = list_of(source)
    code = (region or actor.region).ljust(12, "0")
    actor.require_region(code)
    if not code.strip("0"):
        raise BadInput("地区", "没有工作的地区", accepted="一个市、区县或乡镇")
    if not today - OLDEST <= data_until <= today:
        problem = "还没到这一天" if data_until > today else "太早了"
        raise BadInput("数据日期", problem, given=data_until.isoformat(), accepted="名册说的是哪一天，不晚于今天")
    _check_once(code, source, upload.sha256)
    batch = Batch.objects.create(
        region_code=code, source=expected.key, upload=upload.pk, file_name=upload.name, file_hash=upload.sha256,
        data_until=data_until, created_by=actor.account_id, creator=actor.name, created_at=now,
    )  # fmt: skip
    detail = {"source": source, "data_until": data_until.isoformat(), "sha256": upload.sha256}
    record(actor, action="people.import.open", subject=batch.pk, region=code, detail=detail)
    return batch


def _check_once(region: str, source: str, digest: str) -> None:
    same = Batch.objects.filter(region_code=region, source=source, file_hash=digest)
    written = same.filter(state=BatchState.APPLIED).first()
    if written is not None:
        raise AlreadyWritten(written)
    begun = same.filter(state__in=OPEN).first()
    if begun is not None:
        raise AlreadyOpen(begun)


def suggested(batch: Batch, header: Sequence[str]) -> Mapped:
    """The mapping that a file with this header had last time in this region, else what its headers look like."""
    saved = ColumnMapping.objects.filter(
        region_code=batch.region_code, source=batch.source, signature=signature(header)
    ).first()
    expected = list_of(batch.source)
    if saved is None:
        return dict(batch.mapping) or guessed(expected, header)
    return {key: name for key, name in saved.mapping.items() if name in header and key in expected.columns}


@transaction.atomic
def map_columns(
    *, actor: Actor, batch_id: UUID, header: Sequence[str], mapping: Mapping[str, str], now: datetime
) -> Batch:
    """Says which column holds what, and remembers it for the next file with this header.

    BadInput for a mapping with which the file cannot be read.
    """
    actor.require(IMPORT)
    batch = the_batch(actor, batch_id)
    check_state(batch, *_READ_AGAIN)
    check_idle(batch)
    mapped = checked(list_of(batch.source), header, mapping)
    ColumnMapping.objects.update_or_create(
        region_code=batch.region_code, source=batch.source, signature=signature(header),
        defaults={"mapping": mapped, "saved_by": actor.account_id, "saved_at": now},
    )  # fmt: skip
    if batch.state in (BatchState.MAPPED, BatchState.STAGED):  # reading was stopped, or broke off
        batch.move(BatchState.UPLOADED)
    batch.move(BatchState.MAPPED, mapping=mapped, failure="", counts={}, notices=[])
    return batch


@transaction.atomic
def read_batch(
    *, actor: Actor, batch_id: UUID, header: Sequence[str], mapping: Mapping[str, str], now: datetime
) -> Batch:
    """Says which column holds what, and starts reading in the background; see `map_columns`."""
    batch = map_columns(actor=actor, batch_id=batch_id, header=header, mapping=mapping, now=now)
    title = title_of(list_of(batch.source), "读取和比对")
    batch.job = start(actor, STAGE, {"batch": str(batch.pk)}, title, batch.region_code, now=now).pk
    batch.save(update_fields=["job"])
    return batch


def title_of(expected: List, what: str) -> str:
    """How the work on a list is called among the jobs."""
    return f"{expected.name}：{what}"


@transaction.atomic
def abandon(*, actor: Actor, batch_id: UUID, now: datetime) -> Batch:
    """Gives a batch up: what was staged is removed, and its file."""
    actor.require(IMPORT)
    batch = the_batch(actor, batch_id)
    check_idle(batch)
    batch.move(BatchState.ABANDONED)
    clear(batch)
    upload = Upload.objects.filter(pk=batch.upload).first()
    if upload is not None:
        discard(actor=actor, upload=upload, now=now)
    record(actor, action="people.import.abandon", subject=batch.pk, region=batch.region_code)
    approval_done(batch, GIVEN_UP, actor=actor, now=now)
    return batch
