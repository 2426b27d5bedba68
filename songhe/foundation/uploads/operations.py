"""Keeping files: written whole under a random name before the row that names them, so no row lacks its file."""

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
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Kind
from songhe.foundation.audit.recording import record
from songhe.foundation.files.kinds import FileKind, kind_of
from songhe.foundation.uploads.models import NAME_LENGTH, Upload
from songhe.foundation.uploads.queries import path_of
from songhe.foundation.uploads.scanning import scan
from songhe.kernel.errors import BadInput

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
    with _placed(name) as path:
        size, digest = _written(path, file.chunks(), limit, name)
        kind = _accepted(path, name, tuple(kinds))
        scan(path)
        return _row(actor, path, name, kind, size, digest, region, permission, now or timezone.now())


def adopt(
    actor: Actor, source: Path, name: str, *, region: str = "", permission: str = "", now: datetime | None = None
) -> Upload:
    """Keeps a file that Songhe made, such as an export; `source` is moved away."""
    name = clean_name(name)
    with _placed(name) as path:
        with source.open("rb") as file:
            size, digest = _written(path, iter(lambda: file.read(1 << 20), b""), None, name)
        row = _row(
            actor, path, name, path.suffix, size, digest, region, permission, now or timezone.now()
        )  # fmt: skip
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


def hand_out(*, actor: Actor, upload: Upload) -> Path:
    """Where the file lies, for who may read it; that it was read is written down. NotFound when it is gone."""
    path = path_of(upload)
    record(actor, action="uploads.read", subject=upload.pk, region=upload.region_code, kind=Kind.READING)
    return path


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


@contextmanager
def _placed(name: str) -> Iterator[Path]:
    """A new place to write to; gone again when an error goes up."""
    token = secrets.token_hex(16)
    path = Path(settings.FILES) / token[:2] / (token + Path(name).suffix.lower())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _written(path: Path, chunks: Iterable[bytes], limit: int | None, name: str) -> tuple[int, str]:
    """Size and SHA-256 of what is now safely on the disk."""
    if shutil.disk_usage(path.parent).free < MOST_BYTES:
        raise BadInput(name, "存放文件的磁盘快满了，没有存下", accepted="请系统管理员腾出地方再传")
    size, digest = 0, hashlib.sha256()
    part = path.with_suffix(".part")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise _too_large(name, size, limit)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        _sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)
    return size, digest.hexdigest()


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
        raise BadInput(name, f"是{kind.words}", accepted="、".join(known.value for known in kinds))
    return kind.value


def _row(
    actor: Actor, path: Path, name: str, kind: str, size: int, digest: str, region: str, permission: str, now: datetime
) -> Upload:
    place = str(path.relative_to(settings.FILES))
    with scoped(actor, "uploads.keep"):
        row = Upload.objects.create(
            region_code=(region or actor.region).ljust(12, "0"), name=name, kind=kind, size=size, sha256=digest,
            place=place, permission=permission, uploaded_by_id=actor.account_id, created_at=now,
        )  # fmt: skip
        record(actor, action="uploads.keep", subject=row.pk, region=row.region_code, detail={"sha256": digest})
        return row


def _too_large(name: str, size: int, limit: int) -> BadInput:
    return BadInput(
        name, "文件太大", given=f"{size / (1 << 20):.1f} MB", accepted=f"最大{limit >> 20} MB，可以分成几份"
    )
