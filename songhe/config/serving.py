"""Running a platform: the database, the web server and the worker, watched and started again when they die.

After a `kill -9` of this process the children go on without a parent; the next start ends them first, so that nobody
works with an old connection. Nothing that was committed is lost: PostgreSQL's log brings it back.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from songhe.kernel.errors import BadInput

MARK = "SONGHE_RUN"
_PROCESSES, _THREADS = 2, 4
_PATIENCE_SECONDS, _GRACE_SECONDS, _WATCH_SECONDS = 60, 10, 1.0
_PROC = Path("/proc")


@dataclass(slots=True)
class Running:
    """The processes of one platform on one port."""

    folder: Path
    port: int
    environment: Mapping[str, str]
    host: str = "127.0.0.1"
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{self.host}:{self.port}/"

    def start(self, name: str) -> None:
        """Starts `web` or `work`, its output added to a log in the folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                _command(name, self.host, self.port),
                env={**os.environ, **self.environment, MARK: mark_of(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Asks all to end, and ends who does not."""
        for process in self.processes.values():
            _signal(process.pid, signal.SIGTERM)
        until = time.monotonic() + _GRACE_SECONDS
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - time.monotonic()))
            _signal(process.pid, signal.SIGKILL)
        self.processes.clear()

    def dead(self) -> list[str]:
        """Which of the processes have ended by themselves."""
        return [name for name, process in self.processes.items() if process.poll() is not None]


def mark_of(folder: Path) -> str:
    """What the processes of a folder carry in their environment."""
    return str(folder.resolve())


def end_left_over(folder: Path) -> int:
    """Ends processes that an earlier, killed start of this folder left behind; how many there were."""
    wanted = f"{MARK}={mark_of(folder)}".encode()
    found = [pid for pid in _others() if wanted in _environment(pid).split(b"\0")]
    for pid in found:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    return len(found)


def _others() -> Iterator[int]:
    if _PROC.joinpath("self").exists():
        yield from (int(path.name) for path in _PROC.iterdir() if path.name.isdigit() and int(path.name) != os.getpid())


def _environment(pid: int) -> bytes:
    try:
        return (_PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return b""


def _command(name: str, host: str, port: int) -> list[str]:
    if name == "work":
        return [sys.executable, "-m", "songhe.config.cli", "work"]
    options = f"--interface wsgi --host {host} --port {port} --workers {_PROCESSES} --blocking-threads {_THREADS}"
    return [
        sys.executable,
        "-m",
        "granian",
        *options.split(),
        "--respawn-failed-workers",
        "--no-ws",
        "songhe.config.wsgi:application",
    ]


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def free_port(wanted: int) -> int:
    """The wanted port, or the next free one above it. BadInput when twenty are taken."""
    for port in range(wanted, wanted + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise BadInput("--port", "端口都被占用", given=str(wanted), accepted="另一个端口")


def wait_until_answering(running: Running) -> None:
    """Waits for the first page. BadInput with the end of the log when the web server does not come."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and not running.dead():
        with suppress(URLError, OSError), urlopen(running.address + "healthy/", timeout=5):  # noqa: S310 - our own address
            return
        time.sleep(0.1)
    log = (running.folder / "web.log").read_text("utf-8", errors="replace").strip()[-800:]
    raise BadInput("网页服务", "起不来", given=log, accepted=f"看日志{running.folder / 'web.log'}")


def watch(running: Running, database_answers: Callable[[], bool], say: Callable[[str], None]) -> bool:
    """Returns True when the database is gone, and all must start again; starts dead processes again meanwhile."""
    while True:
        time.sleep(_WATCH_SECONDS)
        for name in running.dead():
            say(f"{name}停了，重新起")
            running.start(name)
        if not database_answers():
            return True


def answers(dsn: str) -> bool:
    """Whether the database takes connections."""
    with suppress(psycopg.OperationalError), psycopg.connect(dsn, connect_timeout=5):
        return True
    return False


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """A request to end (SIGTERM) unwinds like Ctrl-C, so that the children are ended and the database is stopped."""

    def unwind(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def collect_static(environment: Mapping[str, str]) -> None:
    """Copies pictures, styles and scripts under names that say their content, compressed, when they changed."""
    folder = Path(environment["SONGHE_STATIC"])
    stamp, wanted = folder / "collected", _static_stamp()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0"]
    settings = {"DJANGO_SETTINGS_MODULE": "songhe.config.settings"}
    subprocess.run(command, check=True, env={**os.environ, **environment, **settings})
    stamp.write_text(wanted)


def _static_stamp() -> str:
    root = Path(__file__).resolve().parents[1]
    files = sorted(path for path in root.glob("**/static/**/*") if path.is_file())
    newest = max((path.stat().st_mtime_ns for path in files), default=0)
    return f"{len(files)} {newest}"
