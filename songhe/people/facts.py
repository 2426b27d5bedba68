"""What the register supplies to rules and figures: the person table, version 1, read in bulk from the sheets.

Every column of `songhe.rules.facts` comes from here; unknown is empty. The frame is what `songhe determine` reads.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection

from songhe.foundation.access.actors import region_range
from songhe.kernel.regions import significant
from songhe.people.sheets import COLUMNS, sheet_rows, stale_sheets
from songhe.people.terms import Standing
from songhe.rules.facts import KEY, PERSON_TABLE, PERSON_TABLE_VERSION, Fact, Kind
from songhe.rules.readings.polars import SCHEMA

VERSION = PERSON_TABLE_VERSION
SUPPLIED: tuple[Fact, ...] = tuple(PERSON_TABLE.values())
STANDINGS = (Standing.PRESENT, Standing.DEAD)


def person_table(
    *, today: date, region: str = "", standings: Collection[str] = STANDINGS, without: Collection[str] = ()
) -> pl.DataFrame:
    """Everybody in the scope, or in a region of it but not in the regions `without`, with the facts as on the day.

    Who moved away or was merged is left out. Sheets that no longer stand by themselves are worked out for the day,
    but not kept.
    """
    lo, hi = region_range(significant(region) if region else "")
    outside = [region_range(significant(other)) for other in without]
    kept = _read([list(standings), lo, hi, today, [one for one, _ in outside], [end for _, end in outside]])
    late = [*stale_sheets(today=today, limit=10_000_000)]
    if late:
        kept = pl.concat([kept, _anew(late, today, ((lo, hi), outside), standings)])
    return kept.sort(KEY)


def told_in(batch: UUID) -> list[UUID]:
    """The persons in the scope of whom a batch told something that still stands or stood."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT person_id FROM people_circumstance WHERE batch = %s", [batch])
        return [row[0] for row in cursor.fetchall()]


def _read(parameters: list[Any]) -> pl.DataFrame:
    columns = ", ".join(_selected(fact) for fact in SUPPLIED)
    query = (
        f"COPY (SELECT person_id, {columns} FROM people_sheet"  # noqa: S608
        " WHERE standing = ANY(%s) AND region_code >= %s AND region_code < %s"
        " AND (fresh_until IS NULL OR fresh_until > %s) AND NOT EXISTS (SELECT FROM unnest(%s::text[], %s::text[])"
        " AS other (lo, hi) WHERE region_code >= lo AND region_code < hi)) TO STDOUT (FORMAT csv)"
    )
    text = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(query, parameters) as copy:
        for piece in copy:
            text.write(piece)
    if not text.tell():
        return pl.DataFrame(schema=dict(SCHEMA))
    text.seek(0)
    return pl.read_csv(text, has_header=False, schema=dict(SCHEMA))


def _selected(fact: Fact) -> str:
    return f"{fact.name}::text" if fact.kind is Kind.BOOL else fact.name  # t and f else


def _anew(
    late: list[Any], today: date, where: tuple[tuple[str, str], list[tuple[str, str]]], standings: Collection[str]
) -> pl.DataFrame:
    within, outside = where
    rows = (dict(zip(COLUMNS, row, strict=True)) for row in sheet_rows(today=today, person_ids=late))
    wanted = [
        {KEY: str(row["person_id"]), **{name: row[name] for name in PERSON_TABLE}}
        for row in rows
        if row["standing"] in set(standings)
        and within[0] <= row["region_code"] < within[1]
        and not any(lo <= row["region_code"] < hi for lo, hi in outside)
    ]
    return pl.DataFrame(wanted, schema=dict(SCHEMA))
