"""Loading a whole register: by COPY, with indexes and foreign keys made once at the end.

For a register that nobody uses yet, such as a new city's or the demonstration's: the tables are locked until the
transaction ends, and no row leaves an audit entry: the caller records the deed. Only the schema's owner can do it.
Times without zone are those of Shanghai; numbers and telephones are sealed by `columns` before. What operations
would refuse is not looked at again.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
import psycopg
from psycopg import sql

TABLES = (
    "people_household", "people_person", "people_gram", "people_residence", "people_contact", "people_circumstance",
    "people_lifeevent", "people_sheet", "people_count",
)  # fmt: skip
_ROWS_AT_ONCE = 400_000
# Rows that are read together lie together: those of a community, those of a person.
_NEIGHBOURS = ("region_code", "birth_date", "person_id")
_NULL = r"\N"
_SECONDARY = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY 1"""
_FOREIGN = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[])) AND contype = 'f'
ORDER BY 1, 2"""
_PRIMARY = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%s::regclass[]) AND contype = 'p' ORDER BY 1"""


@contextmanager
def bulk_loading(connection: psycopg.Connection, more: tuple[str, ...] = ()) -> Iterator[BulkLoader]:
    """Within a transaction of the owner: takes indexes, foreign keys and triggers off, and puts them on again.

    `more` names tables of other rooms that hang on the register and are loaded with it (`BulkLoader.rows`).
    A failure leaves everything to the transaction's end: nothing is put back by hand.
    """
    loaded = TABLES + more
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(loaded)} IN ACCESS EXCLUSIVE MODE")
        for setting in ("maintenance_work_mem = '512MB'", "work_mem = '256MB'", "timezone = 'Asia/Shanghai'"):
            cursor.execute(f"SET LOCAL {setting}")
        tables = [list(loaded)]
        indexes = cursor.execute(_SECONDARY, tables).fetchall()
        foreign = cursor.execute(_FOREIGN, {"tables": tables[0]}).fetchall()
        primary = cursor.execute(_PRIMARY, tables).fetchall()
        for table in loaded:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
        for table, name, _ in [*foreign, *primary]:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield BulkLoader(cursor, _emptied(cursor, loaded))
        for table, name, definition in primary:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in foreign:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for table in loaded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER, FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ANALYZE {table}")


def _emptied(cursor: psycopg.Cursor, tables: tuple[str, ...]) -> frozenset[str]:
    """The tables that hold nothing, given a new file each.

    A table truncated in this transaction needs no log, as far as the server's settings allow, and its rows can be
    written as seen by everybody: nothing has to go over them again, and indexes alone answer from the first hour.
    """
    empty = [table for table in tables if not cursor.execute(f"SELECT EXISTS (SELECT FROM {table})").fetchone()[0]]  # type: ignore[index]  # noqa: S608
    if empty:
        cursor.execute(f"TRUNCATE {', '.join(empty)}")
    return frozenset(empty)


class BulkLoader:
    """Takes frames into the tables of the register, in any order. Columns are named like those of the models.

    Ids and references are texts. One call at a time; it may be in another thread while the next frame is made.
    """

    def __init__(self, cursor: psycopg.Cursor, emptied: frozenset[str]) -> None:
        self._cursor = cursor
        self._emptied = emptied

    def households(self, frame: pl.DataFrame) -> None:
        """id, region_code, address."""
        self._copy("people_household", frame.select("id", "region_code", "address"))

    def people(self, rows: pl.DataFrame, grams: pl.DataFrame) -> None:
        """What `sealed_people` and `gram_frame` make of the same people."""
        self._copy("people_person", rows)
        self._copy("people_gram", grams)

    def residences(self, frame: pl.DataFrame) -> None:
        """region_code, person_id, place, area, address, from_date, until_date."""
        columns = ("region_code", "person_id", "place", "area", "address", "from_date", "until_date")
        self._copy("people_residence", frame.select(columns))

    def contacts(self, rows: pl.DataFrame) -> None:
        """What `sealed_contacts` makes of contacts."""
        self._copy("people_contact", rows)

    def tellings(self, frame: pl.DataFrame) -> None:
        """person_id, region_code, fact, value, source, from_date, as_of, known_from: what each source says now.

        `batch` may be there too.
        """
        columns = ["region_code", "person_id", "fact", "value", "source", "from_date", "as_of", "known_from"]
        self._copy("people_circumstance", frame.select(*columns, *({"batch"} & set(frame.columns))))

    def events(self, frame: pl.DataFrame) -> None:
        """id, region_code, person_id, kind, on_date, recorded_at, recorder, source, reason, detail (JSON)."""
        names = ("id", "region_code", "person_id", "kind", "on_date", "recorded_at", "recorder", "source", "reason")
        self._copy("people_lifeevent", frame.select(*names, "detail"))

    def sheets(self, frame: pl.DataFrame) -> None:
        """Sheets made elsewhere by the rules of trust; columns as `songhe.people.sheets.COLUMNS`."""
        self._copy("people_sheet", frame)

    def rows(self, table: str, frame: pl.DataFrame) -> None:
        """Rows of a table of `more`; columns are named like the table's."""
        self._copy(table, frame)

    def _copy(self, table: str, frame: pl.DataFrame) -> None:
        frame = frame.sort([name for name in _NEIGHBOURS if name in frame.columns])
        names = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
        freeze = sql.SQL("true" if table in self._emptied else "false")
        command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, NULL {}, FREEZE {})").format(
            sql.Identifier(table), names, sql.Literal(_NULL), freeze
        )
        with self._cursor.copy(command) as copy:
            for start in range(0, frame.height, _ROWS_AT_ONCE):
                text = io.BytesIO()
                frame.slice(start, _ROWS_AT_ONCE).write_csv(text, include_header=False, null_value=_NULL)
                copy.write(text.getbuffer())
