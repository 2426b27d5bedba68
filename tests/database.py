"""The platform's database for tests: one server for all processes, a migrated template, a copy for each process.

The server keeps running while anybody uses it; the template is named after the migrations, so it is made once and
found again; so is a city with its people, which several tests want (`kept_copy`).
SONGHE_TEST_SERVER names another server (a superuser's connection string), such as PostgreSQL 15.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from songhe.config.preparation import brought_up_to_date
from songhe.foundation.database.preparing import Database, database_of, prepared_database
from songhe.foundation.embedded_postgres import running_server
from songhe.kernel.errors import BadInput

ROOT = Path(__file__).resolve().parents[1]
PASSWORDS = {"songhe_owner": "owner-for-tests", "songhe_web": "web-for-tests"}
_TEMPLATES, _KEPT_COPIES = 7_305_002, 7_305_003
_KEPT = 4
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def test_server() -> Iterator[str]:
    """A superuser's connection string to the server of the tests."""
    named = os.environ.get("SONGHE_TEST_SERVER")
    if named:
        yield named
        return
    folder = _folder()
    kept = os.environ.pop("DATABASE_URL", None)
    try:
        with ExitStack() as stack:
            try:
                dsn = stack.enter_context(running_server(folder))
            except BadInput as error:
                pytest.skip(str(error))
            _make_fast(dsn)
            yield dsn
    finally:
        if kept is not None:
            os.environ["DATABASE_URL"] = kept


@contextmanager
def database_copy(suffix: str = "", of: str = "") -> Iterator[Database]:
    """A migrated database of one's own, or a copy `of` a kept template, dropped at the end.

    The suffix names a second one of the same process.
    """
    with test_server() as admin:
        name = f"songhe_test_{os.getpid()}{suffix}"
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [_TEMPLATES])
            template = of or _template(connection, admin)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
            connection.execute(
                sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO songhe_owner, songhe_web").format(
                    sql.Identifier(name)
                )
            )
        try:
            yield database_of(admin, name, PASSWORDS)
        finally:
            with psycopg.connect(admin, autocommit=True) as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def kept_copy(kind: str, build: Callable[[Database, Path], None], folder: Path) -> Iterator[Database]:
    """A copy of a database and its folder that are built once for the code as it is now; who comes later waits."""
    name = f"songhe_kept_{kind}_{_fingerprint((ROOT / 'songhe').rglob('*'), (ROOT / 'policies').rglob('*'))}"
    with ExitStack() as stack:
        admin = stack.enter_context(test_server())
        with psycopg.connect(admin, autocommit=True) as connection:  # the lock is held until we have our copy
            connection.execute("SELECT pg_advisory_lock(%s)", [_KEPT_COPIES])
            beside = _folder() / f"kept-{conninfo_to_dict(admin)['port']}"
            known = [one for one in _databases(connection, "^songhe_kept_") if one != name]
            for old in known[: max(0, len(known) - _KEPT)]:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
                shutil.rmtree(beside / old, ignore_errors=True)
            if name not in _databases(connection, "^songhe_kept_") or not (beside / name).exists():
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
                _build_kept(connection, name, build, beside / name)
            shutil.copytree(beside / name, folder, dirs_exist_ok=True)
            database = stack.enter_context(database_copy(kind, of=name))
        yield database


def _build_kept(
    connection: psycopg.Connection, name: str, build: Callable[[Database, Path], None], folder: Path
) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with database_copy("making") as database:
        build(database, folder)
        made = sql.Identifier(str(conninfo_to_dict(database.owner)["dbname"]))
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(made, sql.Identifier(name)))


def _template(connection: psycopg.Connection, admin: str) -> str:
    room = ROOT / "songhe"
    migrations = room.rglob("migrations/*.py"), room.rglob("migrations/*.sql"), room.rglob("migrating.py")
    settings = room / "config/settings.py", *(room / "config").glob("*.yaml")
    name = f"songhe_template_{_fingerprint(*migrations, settings)}"
    known = _databases(connection, "^songhe_template_")
    if name in known:
        return name
    for old in known[: max(0, len(known) - _KEPT)]:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
    making = f"songhe_making_{os.getpid()}"
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(making)))
    brought_up_to_date(prepared_database(admin, making, PASSWORDS), settings="tests.settings")
    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name)))
    return name


def _databases(connection: psycopg.Connection, pattern: str) -> list[str]:
    found = connection.execute("SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY oid", [pattern])
    return [name for (name,) in found]


def _fingerprint(*paths: Iterable[Path]) -> str:
    """A short name for what these files are now."""
    found = hashlib.sha256()
    for path in sorted(one for some in paths for one in some if one.suffix in {".py", ".sql", ".yaml", ".csv"}):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"songhe-tests-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    return folder


def _make_fast(dsn: str) -> None:
    """Tests need no crash safety; those of crashes start a server of their own."""
    with psycopg.connect(make_conninfo(dsn), autocommit=True) as connection:
        if connection.execute("SHOW fsync").fetchone() == ("on",):
            for setting in _FAST:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
