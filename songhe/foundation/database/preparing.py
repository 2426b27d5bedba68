"""From a server to a database ready for use: three roles, the schema, the rights.

The superuser (or a role that may create roles and databases) only prepares. `songhe_owner` owns the schema and
migrates. `songhe_web` is the application: it owns nothing and row-level security binds it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from songhe.foundation.database.migrating import OWNER, WEB

# A failed statement, and the row it failed on, hold what people typed: the server's log gets the error alone.
_NOT_LOGGED = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
_PREPARING = 7_305_001  # the advisory lock that makes preparing happen once at a time


@dataclass(frozen=True, slots=True)
class Database:
    """Connection strings to one prepared database."""

    owner: str
    web: str


def prepared_database(admin: str, name: str, passwords: dict[str, str]) -> Database:
    """Makes roles and database when they are missing, sets the roles' passwords; migrates nothing.

    `passwords` by role. Refused by the server (psycopg.errors.InsufficientPrivilege) when `admin` may not create.
    """
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_PREPARING])
        for role in (OWNER, WEB):
            _make_role(connection, role, passwords[role])
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _make_database(connection, name)
        _keep_rows_out_of_the_log(connection, name)
    with psycopg.connect(make_conninfo(admin, dbname=name), autocommit=True) as connection:
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(WEB)))
    return database_of(admin, name, passwords)


def database_of(admin: str, name: str, passwords: dict[str, str]) -> Database:
    """The connection strings, without asking the server."""
    return Database(*(make_conninfo(admin, dbname=name, user=role, password=passwords[role]) for role in (OWNER, WEB)))


def _make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    form = "ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD {}"
    deed = form if exists else form.replace("ALTER", "CREATE", 1)
    if not exists:
        deed += " NOBYPASSRLS"
    connection.execute(sql.SQL(deed).format(sql.Identifier(role), sql.Literal(password)))


def _make_database(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}, {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(WEB)
        )
    )


def _keep_rows_out_of_the_log(connection: psycopg.Connection, name: str) -> None:
    """Where the role may not say so, the server's own settings count."""
    for setting, value in _NOT_LOGGED.items():
        deed = sql.SQL("ALTER DATABASE {} SET {} = {}")
        with suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(deed.format(sql.Identifier(name), sql.Identifier(setting), sql.Literal(value)))
