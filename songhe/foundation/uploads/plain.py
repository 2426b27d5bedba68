"""Plain files for a moment: what a reading process or a scanner must have on the disk, under a lock of its holder.

They lie beside the sealed ones, readable by Songhe alone, and go when their holder is done. The lock of a holder that
was killed is free: `sweep` then removes the file.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

_FOLDER = "plain"
_YOUNG_SECONDS = 60.0  # just made, perhaps not locked yet


@contextmanager
def plain_file(name: str) -> Iterator[Path]:
    """An empty file of that name to write to and read from; gone at the end of the block."""
    folder = Path(settings.FILES) / _FOLDER / secrets.token_hex(16)
    folder.mkdir(parents=True, mode=0o700)
    path = folder / name
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def sweep(*, younger: float = _YOUNG_SECONDS) -> int:
    """Removes what killed processes left; returns how many files."""
    gone = 0
    for folder in (Path(settings.FILES) / _FOLDER).glob("*"):
        if time.time() - folder.stat().st_mtime >= younger and all(map(_free, folder.iterdir())):
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _free(path: Path) -> bool:
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
