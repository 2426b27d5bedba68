"""What was committed stays, whatever is killed: the server, the database, both. What can comes back by itself."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
import pytest

from songhe.config.platform import DATABASE_NAME, _kept_secrets
from songhe.config.serving import MARK, mark_of
from songhe.foundation.database.preparing import Database, database_of

pytestmark = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="DATABASE_URL names a server; ours is not started")
PATIENCE_SECONDS, ENOUGH_FOR_EVERY_THREAD = 90, 24
CUT = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
 WHERE usename = current_user AND pid <> pg_backend_pid()"""


class Served:
    """A platform in a folder, started as a person would start it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None
        self.address = ""

    def start(self) -> None:
        command = [sys.executable, "-m", "songhe.config.cli", "serve", "--data", str(self.folder), "--port", "18420"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SONGHE_")}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            found = re.search(r"http://\S+", line)
            if found:
                self.address = found[0]
                return
        raise AssertionError(said)

    def answers(self) -> bool:
        with suppress(URLError, OSError), urlopen(self.address + "healthy/", timeout=5) as page:
            return bool(page.status == 200)
        return False

    def wait_until_answering(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            assert time.monotonic() < until, (self.folder / "web.log").read_text()[-2000:]
            time.sleep(0.3)

    def database_process(self) -> int:
        return int((self.home / "cluster" / "postmaster.pid").read_text().split("\n")[0])

    @property
    def home(self) -> Path:
        return self.folder / "postgres"

    @property
    def database(self) -> Database:
        port = (self.home / "cluster" / "postmaster.pid").read_text().split("\n")[3]
        kept = _kept_secrets(self.folder)
        admin = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        return database_of(admin, DATABASE_NAME, {role: kept[role] for role in ("songhe_owner", "songhe_web")})

    def write(self, name: str) -> None:
        with psycopg.connect(self.database.owner) as connection:
            connection.execute(
                "INSERT INTO regions_division (code, name, level, kind, parent, inhabited, valid_from)"
                " VALUES (%s, %s, 2, '', '', true, '2020-01-01')",
                [str(len(self.names()) + 10).ljust(12, "0"), name],
            )

    def names(self) -> list[str]:
        with psycopg.connect(self.database.owner) as connection:
            return [row[0] for row in connection.execute("SELECT name FROM regions_division ORDER BY code")]

    def at_once(self, times: int) -> set[int]:
        """What so many visitors are answered who come together."""

        def visit(_: int) -> int:
            with urlopen(self.address + "portal/", timeout=30) as page:
                return int(page.status)

        with ThreadPoolExecutor(times) as visitors:
            return set(visitors.map(visit, range(times)))

    def cut_connections(self) -> None:
        """Ends every connection of the application, as a database that is started again does."""
        with psycopg.connect(self.database.web, autocommit=True) as beside, beside.cursor() as cursor:
            cursor.execute(CUT)
            assert cursor.rowcount > 0, "no thread had a connection"

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self._forget()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            self.kill()

    def _forget(self) -> None:
        assert self.process is not None
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None

    def processes(self) -> int:
        wanted = f"{MARK}={mark_of(self.folder)}".encode()
        found = 0
        for path in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                found += wanted in path.read_bytes().split(b"\0")
        return found


@pytest.fixture
def served() -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="songhe-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        platform = Served(Path(folder))
        try:
            platform.start()
            yield platform
        finally:
            platform.stop()


@pytest.mark.timeout(400)
def test_whatever_is_killed_nothing_is_lost(served: Served) -> None:
    served.write("甲省")
    assert served.at_once(ENOUGH_FOR_EVERY_THREAD) == {200}
    served.cut_connections()
    assert served.at_once(ENOUGH_FOR_EVERY_THREAD) == {200}, "a cut connection is opened anew, and nobody notices"
    served.kill()
    assert served.processes() > 0, "the children of a killed process go on"
    served.start()
    served.wait_until_answering()
    assert served.names() == ["甲省"]

    served.write("乙省")
    os.kill(served.database_process(), signal.SIGKILL)
    time.sleep(3)
    served.wait_until_answering()
    assert served.names() == ["甲省", "乙省"]

    served.write("丙省")
    database = served.database_process()
    served.kill()
    os.kill(database, signal.SIGKILL)
    served.start()
    served.wait_until_answering()
    assert served.names() == ["甲省", "乙省", "丙省"]

    served.stop()
    assert served.processes() == 0
    assert not served.answers()
