"""A file is written whole or not at all, and nothing is left beside it."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from songhe.foundation.files.whole import check_writable, stopped_cleanly, write_text_whole, written_whole
from songhe.kernel.errors import BadInput

_WRITES_AND_WAITS = """
import sys, time
from pathlib import Path
from songhe.foundation.files.whole import stopped_cleanly, written_whole
with stopped_cleanly(), written_whole(Path(sys.argv[1])) as beside:
    beside.write_text("half")
    print("ready", flush=True)
    time.sleep(60)
"""


def _old(folder: Path) -> Path:
    path = folder / "result.csv"
    path.write_text("old")
    return path


def test_the_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = _old(tmp_path)
    path.chmod(0o640)
    with written_whole(path) as beside:
        beside.write_text("new")
        assert path.read_text() == "old"
        assert beside.parent == path.parent
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write_text_whole(tmp_path / "new", "松鹤\n")
    assert (tmp_path / "new").read_bytes() == "松鹤\n".encode()
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = _old(tmp_path), tmp_path / "link.csv"
    link.symlink_to(path)
    write_text_whole(link, "new")
    assert link.is_symlink() and path.read_text() == "new"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_after_an_error_the_old_file_stays_and_nothing_else(tmp_path: Path, error: type[BaseException]) -> None:
    path = _old(tmp_path)

    def write_half() -> None:
        with written_whole(path) as beside:
            beside.write_text("half")
            raise error

    with pytest.raises(error):
        write_half()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_process_that_is_stopped_leaves_the_old_file(tmp_path: Path, number: int) -> None:
    path = _old(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", _WRITES_AND_WAITS, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        assert process.wait(20) != 0
    assert path.read_text() == "old"
    left = [other for other in tmp_path.iterdir() if other != path]
    assert len(left) == (1 if number == signal.SIGKILL else 0)
    assert all(other.name.startswith(".") and other.suffix == ".part" for other in left)


def test_the_handler_of_the_signal_is_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def ask_to_end() -> None:
        with stopped_cleanly():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)

    with pytest.raises(SystemExit):
        ask_to_end()
    assert signal.getsignal(signal.SIGTERM) is before


def test_places_that_cannot_be_written_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="没有这个文件夹"):
        check_writable(tmp_path / "none" / "result.csv")
    with pytest.raises(BadInput, match="不是普通文件"):
        check_writable(tmp_path)
    check_writable(tmp_path / "result.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    closed = Path("/proc/self") if os.geteuid() == 0 else tmp_path / "closed"
    if os.geteuid() != 0:
        closed.mkdir(0o500)
    with pytest.raises(BadInput, match="这个文件夹里写不了"):
        check_writable(closed / "result.csv")


def test_a_full_disk_is_said_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = _old(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(BadInput, match="磁盘满了"), written_whole(path) as beside:
            beside.write_text("x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
