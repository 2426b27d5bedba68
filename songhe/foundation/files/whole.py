"""Writing a file whole or not at all: beside it under another name, then renamed in its place.

Whatever goes wrong, an old file of that name stays as it was and nothing else is left behind. Only a process that is
killed outright can leave a file behind; its name begins with a dot and ends in `.part`.
"""

from __future__ import annotations

import errno
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase, told

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_ROOM_WORDS = ("No space left", "Disk quota exceeded", "File too large")


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; at the end it takes the place of `path`, after an error it is removed.

    Refused with BadInput when the folder is not there or not writable, when `path` is a folder, or the disk is full.
    """
    target = _target(path)
    beside = _beside(path, target)
    try:
        with plain_write_errors(path):
            yield beside
            _settle(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Refuses with BadInput, before any work, a path that could not be written."""
    _beside(path, _target(path)).unlink()


@contextmanager
def plain_write_errors(path: Path) -> Iterator[None]:
    """Failures of the disk while writing `path` as clear words: BadInput for a full disk and for lost access."""
    try:
        yield
    except OSError as error:
        problem = (
            phrase("磁盘满了，什么也没写下")
            if _is_full(error)
            else told("写不了（{value}）", value=error.strerror or error)
        )
        raise BadInput(str(path), problem, accepted="有空位、可写的地方") from error


@contextmanager
def stopped_cleanly() -> Iterator[None]:
    """While inside, a request to end (SIGTERM) unwinds like Ctrl-C, so that half-written files are removed.

    Only the main thread is asked to end; in another thread nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def unwind(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def write_text_whole(path: Path, text: str) -> None:
    """Writes a text file whole or not at all, in UTF-8."""
    with written_whole(path) as beside:
        beside.write_text(text, "utf-8", newline="\n")


def _target(path: Path) -> Path:
    """Where the file really lies: a link is followed, so that it stays a link."""
    target = real_path(path)
    try:
        if not target.parent.is_dir():
            raise BadInput(str(path), "没有这个文件夹", accepted="已有的文件夹")
        if target.exists() and not target.is_file():
            raise BadInput(str(path), "不是普通文件，不能写", accepted="文件名")
    except OSError as error:
        raise BadInput(
            str(path), told("写不了（{strerror}）", strerror=error.strerror), accepted="可以写的文件名"
        ) from error
    return target


def real_path(path: Path) -> Path:
    """The absolute path with its links followed, as far as they lead; a circle of links is no error here."""
    return Path(os.path.realpath(path))


def _beside(path: Path, target: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    except OSError as error:
        problem = (
            phrase("磁盘满了") if _is_full(error) else told("这个文件夹里写不了（{strerror}）", strerror=error.strerror)
        )
        raise BadInput(str(path), problem, accepted="有空位、可写的文件夹") from error
    os.close(handle)
    return Path(name)


def _settle(beside: Path, target: Path) -> None:
    """Puts the finished file in its place, on the disk before its name says so."""
    beside.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
    _sync(beside, os.O_RDWR)
    beside.replace(target)
    _sync(target.parent, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EBADF):  # some shared folders cannot; the rename still holds
            raise
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _is_full(error: OSError) -> bool:
    return error.errno in _NO_ROOM or any(words in str(error) for words in _NO_ROOM_WORDS)
