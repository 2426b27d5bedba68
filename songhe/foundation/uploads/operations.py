"""Keeping files: sealed and written whole under a random name before the row that names them: no row lacks its file."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Kind
from songhe.foundation.audit.recording import record
from songhe.foundation.files.kinds import FileKind, kind_of
from songhe.foundation.sealing.files import CHUNK_BYTES, sealed
from songhe.foundation.uploads.models import NAME_LENGTH, Upload
from songhe.foundation.uploads.plain import plain_file
from songhe.foundation.uploads.queries import content_of
from songhe.foundation.uploads.scanning import scan
from songhe.kernel.errors import BadInput
from songhe.kernel.told import told

MOST_BYTES = 20 << 20
TABLES = (FileKind.XLSX, FileKind.CSV)
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')


def keep(
    actor: Actor,
    file: UploadedFile[bytes],
    kinds: Iterable[FileKind] = TABLES,
    limit: int = MOST_BYTES,
    *,
    region: str = "",
    permission: str = "",
    now: datetime | None = None,
) -> Upload:
    """Keeps a file that somebody handed in; `permission` is what others need to read it.

    Refused with BadInput: larger than `limit` bytes, empty, of no kind in `kinds` by its content, or named otherwise
    than its content. Nothing is left of a refused file.
    """
    name = clean_name(file.name or "")
    if file.size is not None and file.size > limit:
        raise _too_large(name, file.size, limit)
    _check_room(name)
    made, ending = Made(name), Path(name).suffix.lower()
    with plain_file(f"{made.token}{ending}") as plain:
        with plain.open("wb") as target:
            for chunk in made.counted(file.chunks(), limit):
                target.write(chunk)
        kind = _accepted(plain, name, tuple(kinds))
        scan(plain)
        with _placed(made, ending) as path:
            _written(path, _pieces(plain), made)
            return _row(actor, path, made, kind, region, permission, now or timezone.now())


def adopt(
    actor: Actor, source: Path, name: str, *, region: str = "", permission: str = "", now: datetime | None = None
) -> Upload:
    """Keeps a file that Songhe made, such as an export; `source` is moved away."""
    made = Made(clean_name(name))
    _check_room(made.name)
    with _placed(made, Path(made.name).suffix.lower()) as path:
        _written(path, made.counted(_pieces(source), None), made)
        row = _row(actor, path, made, path.suffix, region, permission, now or timezone.now())
    source.unlink()
    return row


def discard(*, actor: Actor, upload: Upload, now: datetime) -> None:
    """Removes the file when the transaction commits; the row stays and says when."""
    with scoped(actor, "uploads.discard"):
        if not Upload.objects.filter(pk=upload.pk, deleted_at__isnull=True).update(deleted_at=now):
            return
        record(actor, action="uploads.discard", subject=upload.pk, region=upload.region_code)
        path = Path(settings.FILES) / upload.place
        transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


def hand_out(*, actor: Actor, upload: Upload) -> Iterator[bytes]:
    """What is in the file, for who may read it; that it was read is written down. NotFound when it is gone.

    Its beginning is opened before anything is given back: Unsealable for a file that is not what was kept.
    """
    pieces = content_of(upload)
    first = next(pieces, b"")
    record(actor, action="uploads.read", subject=upload.pk, region=upload.region_code, kind=Kind.READING)
    return chain([first], pieces)


def remove_file(upload: Upload) -> None:
    """Removes the file at once, for work whose transaction is undone on purpose and takes the row with it."""
    (Path(settings.FILES) / upload.place).unlink(missing_ok=True)


def clean_name(name: str) -> str:
    """A name as people may see it and a disk may carry it: no folder, no control sign, not too long, ending kept."""
    letters = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    letters = "".join(letter for letter in letters if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co"))
    letters = _FORBIDDEN.sub("_", letters).strip(" .")
    stem, dot, ending = letters.rpartition(".")
    if not dot:
        stem, ending = letters, ""
    if not stem:
        raise BadInput("文件名", "没有文件名", accepted="有名字的文件")
    ending = f".{ending[:10]}" if ending else ""
    return stem[: NAME_LENGTH - len(ending)] + ending


class Made:
    """A file in the making: what its row will say, counted while it is written."""

    def __init__(self, name: str) -> None:
        self.id, self.name, self.token = uuid4(), name, secrets.token_hex(16)
        self.size, self._digest = 0, hashlib.sha256()

    def counted(self, chunks: Iterable[bytes], limit: int | None) -> Iterator[bytes]:
        """The chunks as they are; BadInput as soon as they are more than the limit."""
        for chunk in chunks:
            self.size += len(chunk)
            if limit is not None and self.size > limit:
                raise _too_large(self.name, self.size, limit)
            self._digest.update(chunk)
            yield chunk

    @property
    def sha256(self) -> str:
        """Of the plain bytes."""
        return self._digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(CHUNK_BYTES), b"")


@contextmanager
def _placed(made: Made, ending: str) -> Iterator[Path]:
    """A new place to write to; gone again when an error goes up."""
    path = Path(settings.FILES) / made.token[:2] / (made.token + ending)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _written(path: Path, chunks: Iterable[bytes], made: Made) -> None:
    """The chunks are sealed and safely on the disk."""
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            for piece in sealed(chunks, str(made.id)):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        _sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _check_room(name: str) -> None:
    folder = Path(settings.FILES)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(folder).free < MOST_BYTES:
        raise BadInput(name, "存放文件的磁盘快满了，没有存下", accepted="请系统管理员腾出地方再传")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _accepted(path: Path, name: str, kinds: tuple[FileKind, ...]) -> str:
    """The kind by content; refusals name the file as people know it."""
    try:
        kind = kind_of(path)
    except BadInput as error:
        raise BadInput(name, error.problem, given=error.given, accepted=error.accepted) from error
    if kind not in kinds:
        raise BadInput(name, told("是{words}", words=kind.words), accepted="、".join(known.value for known in kinds))
    return kind.value


def _row(actor: Actor, path: Path, made: Made, kind: str, region: str, permission: str, now: datetime) -> Upload:
    place = str(path.relative_to(settings.FILES))
    with scoped(actor, "uploads.keep"):
        row = Upload.objects.create(
            id=made.id, region_code=(region or actor.region).ljust(12, "0"), name=made.name, kind=kind, size=made.size,
            sha256=made.sha256, place=place, permission=permission, uploaded_by_id=actor.account_id, created_at=now,
            sealed=True,
        )  # fmt: skip
        record(actor, action="uploads.keep", subject=row.pk, region=row.region_code, detail={"sha256": row.sha256})
        return row


def _too_large(name: str, size: int, limit: int) -> BadInput:
    return BadInput(
        name,
        "文件太大",
        given=f"{size / (1 << 20):.1f} MB",
        accepted=told("最大{value} MB，可以分成几份", value=limit >> 20),
    )
