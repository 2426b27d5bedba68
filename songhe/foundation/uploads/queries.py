"""Finding kept files."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings

from songhe.foundation.access.actors import Actor
from songhe.foundation.uploads.models import Upload
from songhe.kernel.errors import NotFound


def path_of(upload: Upload) -> Path:
    """Where the file lies. NotFound when it was removed."""
    path = Path(settings.FILES) / upload.place
    if upload.deleted_at is not None or not path.is_file():
        raise NotFound("这个文件")
    return path


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
