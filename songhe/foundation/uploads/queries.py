"""Finding kept files, and reading what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings

from songhe.foundation.access.actors import Actor
from songhe.foundation.sealing.files import CHUNK_BYTES, MARK, is_sealed, unsealed
from songhe.foundation.sealing.seals import Unsealable
from songhe.foundation.uploads.models import Upload
from songhe.foundation.uploads.plain import plain_file
from songhe.kernel.errors import NotFound


def path_of(upload: Upload) -> Path:
    """Where the file lies, sealed. NotFound when it was removed."""
    path = Path(settings.FILES) / upload.place
    if upload.deleted_at is not None or not path.is_file():
        raise NotFound("这个文件")
    return path


def content_of(upload: Upload) -> Iterator[bytes]:
    """What is in the file, piece by piece. NotFound when it was removed; Unsealable when it is not what was kept.

    Files kept before there were sealed ones are plain; a plain one in the place of a sealed one is refused.
    """
    with path_of(upload).open("rb") as file:
        plain = not is_sealed(file.read(len(MARK)))
        file.seek(0)
        if plain and upload.sealed:
            raise Unsealable(str(upload.pk))
        yield from iter(lambda: file.read(CHUNK_BYTES), b"") if plain else unsealed(file, str(upload.pk))


@contextmanager
def opened(upload: Upload) -> Iterator[Path]:
    """The file in plain on the disk, for what can only read there; gone at the end of the block."""
    with plain_file(path_of(upload).name) as path:
        with path.open("wb") as file:
            for piece in content_of(upload):
                file.write(piece)
        yield path


def readable(actor: Actor, upload_id: UUID) -> Upload:
    """A file that the actor may read: with the action the file asks for, or, when it asks for none, one's own.

    Who handed a file in and lost that action since reads it no more. "Not yours" and "not there" are answered alike:
    NotFound.
    """
    upload = Upload.objects.filter(pk=upload_id, deleted_at__isnull=True).first()
    if upload is None:
        raise NotFound("这个文件")
    own = actor.account_id is not None and upload.uploaded_by_id == actor.account_id
    if actor.may(upload.permission) if upload.permission else own:
        return upload
    raise NotFound("这个文件")
