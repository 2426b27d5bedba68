"""Frames into temporary tables of this transaction by COPY: row-level security allows COPY into no other kind."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db import connection

_AT_ONCE = 1 << 20
NULL = "\\N"


def load(name: str, frame: pl.DataFrame, types: Mapping[str, str]) -> None:
    """Makes the temporary table anew, with the columns that `types` names (PostgreSQL's types), and fills it."""
    columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")
        data = io.BytesIO()
        frame.select(list(types)).write_csv(data, include_header=False, null_value=NULL, quote_style="necessary")
        view = data.getbuffer()
        with cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv, NULL '{NULL}')") as copy:
            for start in range(0, len(view), _AT_ONCE):
                copy.write(view[start : start + _AT_ONCE])
        cursor.execute(f"ANALYZE {name}")


def fetch(query: str, parameters: Mapping[str, Any], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """The rows of a query as a frame."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return pl.DataFrame(cursor.fetchall(), schema=dict(schema), orient="row")


def run(query: str, parameters: Mapping[str, Any]) -> int:
    """Runs a statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return int(cursor.rowcount)
