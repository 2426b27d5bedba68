"""The rows of a file that have errors, as they stand in the file, each with its number and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from songhe.foundation.files.tables import open_table
from songhe.people.imports.models import Batch, RowError
from songhe.ui.exports import csv_bytes

_ROW, _PROBLEM = "行", "问题"


def error_rows(batch: Batch, path: Path) -> tuple[bytes, int]:
    """A CSV file of the rows with errors, and how many there are."""
    problems: dict[int, list[str]] = {}
    for error in RowError.objects.filter(batch=batch).order_by("number", "letter", "id").iterator():
        accepted = f"（{error.accepted}）" if error.accepted else ""
        problems.setdefault(error.number, []).append(f"{error.column}：{error.problem}{accepted}")
    table = open_table(path)
    names = [name for name in dict.fromkeys(table.header) if name]
    return csv_bytes([_ROW, *names, _PROBLEM], _rows(path, names, problems)), len(problems)


def _rows(path: Path, names: list[str], problems: dict[int, list[str]]) -> Iterator[list[str]]:
    wanted = pl.Series(sorted(problems), dtype=pl.UInt64)
    for piece in open_table(path).pieces(names):
        bad = piece.rows.is_in(wanted.implode())
        rows = piece.table.filter(bad).select(pl.all().cast(pl.String, strict=False)).rows()
        for number, cells in zip(piece.rows.filter(bad), rows, strict=True):
            yield [str(number), *(cell or "" for cell in cells), "；".join(problems[number])]
