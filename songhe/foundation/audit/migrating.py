"""The operation for migrations that puts triggers on a table, so that every change of its rows leaves an entry.

The triggers see what the application, a command or somebody at the database does, bulk statements included.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_EVENTS = {
    "insert": "REFERENCING NEW TABLE AS added",
    "update": "REFERENCING OLD TABLE AS removed NEW TABLE AS added",
    "delete": "REFERENCING OLD TABLE AS removed",
    "truncate": "",
}


class Audited(RunSQL):
    """Writes an entry for every row of the table that is added, changed or removed.

    `values` are the columns whose values may stand in an entry; all other columns are only named when they change, so
    identity never gets into the entries. `silent` columns leave no entry at all. `region`, `subject`, `key` name the
    columns of the division, of whom the row is about, and of the row; without `region` entries go to the working
    region. A statement over more than a thousand rows, or one under `summarised`, leaves one entry a region.
    """

    def __init__(
        self,
        table: str,
        *,
        region: str = "region_code",
        subject: str = "",
        key: str = "id",
        values: Sequence[str] = (),
        silent: Sequence[str] = (),
    ) -> None:
        arguments = ", ".join(
            _literal(part) for part in (region, subject or key, key, ",".join(values), ",".join(silent))
        )
        super().__init__(
            [_trigger(table, event, transition, arguments) for event, transition in _EVENTS.items()],
            [f'DROP TRIGGER "audit_{event}" ON "{_name(table)}"' for event in _EVENTS],
        )
        self.table = table
        self.options = {"region": region, "subject": subject, "key": key, "values": values, "silent": silent}

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        """See Django."""
        return type(self).__name__, (self.table,), dict(self.options)

    def describe(self) -> str:
        """See Django."""
        return f"Every change leaves an audit entry: {self.table}"


def _trigger(table: str, event: str, transition: str, arguments: str) -> str:
    return (
        f'CREATE TRIGGER "audit_{event}" AFTER {event.upper()} ON "{_name(table)}" {transition} '
        f"FOR EACH STATEMENT EXECUTE FUNCTION audit_rows({arguments})"
    )


def _name(table: str) -> str:
    if not _NAME.fullmatch(table):
        raise ValueError(table)
    return table


def _literal(names: str) -> str:
    if not re.fullmatch(r"[a-z0-9_,]*", names):
        raise ValueError(names)
    return f"'{names}'"
