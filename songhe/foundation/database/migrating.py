"""Operations for migrations: who may do what with a table, and which rows a region shows.

Nothing is granted by default: what no migration names here the application cannot use, and a test says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

OWNER, WEB = "songhe_owner", "songhe_web"
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_PRIVILEGES = {"SELECT", "INSERT", "UPDATE", "DELETE"}
# Stays closed when nothing is set (NULL) and after a transaction-local setting has ended (the empty text); plain
# comparison of a column with collation "C" uses the index. Other forms open on '' or lose the index.
_POLICY = "region_code >= current_setting('app.lo', true) AND region_code < current_setting('app.hi', true)"


class RegionSecurity(RunSQL):
    """Row-level security of tables with personal data: only rows of the region set for the transaction.

    Each table carries `region_code`, a 12-digit code with collation "C". Its owner is bound as well.
    """

    def __init__(self, *tables: str, privileges: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
        statements = [statement for table in tables for statement in _secured(table, privileges)]
        reverse = [statement for table in tables for statement in _opened(table)]
        super().__init__(";\n".join(statements), ";\n".join(reverse))
        self.tables = tables
        self.privileges = privileges

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        """See Django."""
        return type(self).__name__, self.tables, {"privileges": self.privileges}

    def describe(self) -> str:
        """See Django."""
        return f"Rows by region: {', '.join(self.tables)}"


class Granted(RunSQL):
    """What the application may do with tables that hold nobody's personal data."""

    def __init__(self, *tables: str, privileges: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
        super().__init__(
            ";\n".join(_grant(table, privileges) for table in tables),
            ";\n".join(f"REVOKE ALL ON {_name(table)} FROM {WEB}" for table in tables),
        )
        self.tables = tables
        self.privileges = privileges

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        """See Django."""
        return type(self).__name__, self.tables, {"privileges": self.privileges}

    def describe(self) -> str:
        """See Django."""
        return f"Rights on {', '.join(self.tables)}"


def _secured(table: str, privileges: str) -> list[str]:
    name = _name(table)
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY region ON {name} USING ({_POLICY})",
        _grant(table, privileges),
    ]


def _opened(table: str) -> list[str]:
    name = _name(table)
    return [
        f"REVOKE ALL ON {name} FROM {WEB}",
        f"DROP POLICY region ON {name}",
        f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY",
    ]


def _grant(table: str, privileges: str) -> str:
    wanted = [word.strip() for word in privileges.split(",")]
    if not set(wanted) <= _PRIVILEGES:
        raise ValueError(privileges)
    return f"GRANT {', '.join(wanted)} ON {_name(table)} TO {WEB}"


def _name(table: str) -> str:
    if not _NAME.fullmatch(table):
        raise ValueError(table)
    return f'"{table}"'
