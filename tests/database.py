"""The platform's database for tests: one server for all processes, a migrated template, a copy for each process.

The server keeps running while anybody uses it; the template is named after the migrations, so it is made once and
found again. SONGHE_TEST_SERVER names another server (a superuser's connection string), such as PostgreSQL 15.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from songhe.config.preparation import brought_up_to_date
from songhe.foundation.database.preparing import Database, database_of, prepared_database
from songhe.foundation.embedded_postgres import running_server
from songhe.kernel.errors import BadInput

ROOT = Path(__file__).resolve().parents[1]
PASSWORDS = {"songhe_owner": "owner-for-tests", "songhe_web": "web-for-tests"}
_TEMPLATES = 7_305_002
_KEPT = 4
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def test_server() -> Iterator[str]:
    """A superuser's connection string to the server of the tests."""
    named = os.environ.get("SONGHE_TEST_SERVER")
    if named:
        yield named
        return
    folder = Path(tempfile.gettempdir()) / f"songhe-tests-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
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
def database_copy(suffix: str = "") -> Iterator[Database]:
    """A migrated database of one's own, dropped at the end; the suffix names a second one of the same process."""
    with test_server() as admin:
        name = f"songhe_test_{os.getpid()}{suffix}"
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [_TEMPLATES])
            template = _template(connection, admin)
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


def _template(connection: psycopg.Connection, admin: str) -> str:
    name = f"songhe_template_{_fingerprint()}"
    known = [
        row[0] for row in connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^songhe_template_'")
    ]
    if name in known:
        return name
    for old in known[: max(0, len(known) - _KEPT)]:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
    making = f"songhe_making_{os.getpid()}"
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(making)))
    brought_up_to_date(prepared_database(admin, making, PASSWORDS), settings="tests.settings")
    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name)))
    return name


def _fingerprint() -> str:
    found = hashlib.sha256()
    for path in sorted(
        [
            *(ROOT / "songhe").rglob("migrations/*.py"),
            *(ROOT / "songhe").rglob("migrations/*.sql"),
            *(ROOT / "songhe").rglob("migrating.py"),
            *(ROOT / "songhe" / "config").glob("*.yaml"),
            ROOT / "songhe/config/settings.py",
        ]
    ):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _make_fast(dsn: str) -> None:
    """Tests need no crash safety; those of crashes start a server of their own."""
    with psycopg.connect(make_conninfo(dsn), autocommit=True) as connection:
        if connection.execute("SHOW fsync").fetchone() == ("on",):
            for setting in _FAST:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
