"""Files that no row names: left when a transaction was undone after its file was written, or a process killed."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.uploads.models import Upload
from songhe.foundation.uploads.plain import sweep

_OLD_SECONDS = 24 * 3600


def clean(*, older_than: float = _OLD_SECONDS) -> int:
    """Removes files without a row, or whose row says they are gone, once they are a day old; returns how many.

    A younger one may belong to a transaction that is still open. Plain copies whose reader was killed go at once.
    """
    sweep()
    folder = Path(settings.FILES)
    before = timezone.now().timestamp() - older_than
    old = {
        str(path.relative_to(folder)): path
        for path in folder.glob("??/*")
        if path.is_file() and path.stat().st_mtime <= before
    }
    with scoped(Actor.system("清理文件", ""), "uploads.clean"):
        kept = set(
            Upload.objects.filter(place__in=list(old), deleted_at__isnull=True).values_list("place", flat=True)
        )  # fmt: skip
    for place in old.keys() - kept:
        old[place].unlink(missing_ok=True)
    return len(old.keys() - kept)
