"""A few planted people, and the same table in every kind of file that is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import xlsxwriter

from songhe.exchange.cells import typed
from songhe.rules.readings.polars import SCHEMA

Cell = str | int | bool | date | None
Rows = Sequence[Sequence[Cell]]

COLUMNS = (
    "person_id birth_date death_date registered_region hukou_kind assistance disability_category disability_level "
    "long_term_care_need cannot_self_care"
).split()
# 84, minimum living, cannot care for herself, severe disability · 65 today, little known · died on the day ·
# 64, one day short of meals at 65, nothing else against her
PEOPLE: tuple[tuple[str, ...], ...] = (
    ("甲-0001001", "1940-05-01", "", "420704", "urban", "minimum_living", "4", "2", "true", "true"),
    ("0700020002", "1959-05-01", "", "420704001", "", "", "", "", "", ""),
    ("0700030003", "1930-01-01", "2024-05-01", "420704", "urban", "minimum_living", "4", "2", "true", "true"),
    ("0700040004", "1959-05-02", "", "420704", "rural", "none", "0", "0", "false", "false"),
)
KEYS = tuple(person[0] for person in PEOPLE)


def csv_text(rows: Rows, header: Sequence[str] = COLUMNS, end: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows([header, *rows])
    return text.getvalue()


def as_csv(path: Path, rows: Rows = PEOPLE, header: Sequence[str] = COLUMNS) -> Path:
    path.write_text(csv_text(rows, header), "utf-8", newline="")
    return path


def _typed(row: Sequence[Cell]) -> list[Cell]:
    """Cells as a careful officer has them in Excel: real dates, numbers and truths; codes as text."""
    day, truth = date.fromisoformat, {"true": True, "false": False}
    found: list[Cell] = []
    for name, cell in zip(COLUMNS, row, strict=True):
        if not isinstance(cell, str) or not cell:
            found.append(cell)
        elif name.endswith("_date"):
            found.append(day(cell))
        elif cell in truth:
            found.append(truth[cell])
        else:
            found.append(int(cell) if name.startswith("disability") else cell)
    return found


def as_book(path: Path, rows: Rows | None = None, header: Sequence[str] = COLUMNS) -> Path:
    """A workbook whose cells have the types of the values given; by default the planted people with real dates."""
    rows = [_typed(row) for row in PEOPLE] if rows is None else rows
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("人员")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, header)
        for line, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                elif isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(line, place, cell, None, "#DIV/0!" if "/0" in cell else "")
                elif isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write(line, place, cell)
    return path


def _texts(rows: Rows) -> pl.DataFrame:
    texts = pl.DataFrame([list(row) for row in rows], schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    return texts.with_columns(pl.when(pl.all() != "").then(pl.all()))


def as_parquet(path: Path, rows: Rows = PEOPLE) -> Path:
    """A Parquet file with the types of the person table."""
    _texts(rows).select(typed(name, pl.String()).cast(SCHEMA[name]).alias(name) for name in COLUMNS).write_parquet(path)
    return path


def as_parquet_of_texts(path: Path, rows: Rows = PEOPLE) -> Path:
    """A Parquet file in which everything is text."""
    _texts(rows).write_parquet(path)
    return path


def _encoded(encoding: str, end: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(csv_text(PEOPLE, end=end).encode(encoding))
        return path

    return write


KINDS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "UTF-8": ("people.csv", _encoded("utf-8", "\n")),
    "UTF-8 with a BOM, CRLF": ("people.csv", _encoded("utf-8-sig", "\r\n")),
    "GB18030, CRLF": ("people.csv", _encoded("gb18030", "\r\n")),
    "workbook": ("people.xlsx", as_book),
    "Parquet": ("people.parquet", as_parquet),
    "Parquet of texts": ("people.parquet", as_parquet_of_texts),
}


def written(kind: str, folder: Path) -> Path:
    """The planted people in a file of this kind."""
    name, write = KINDS[kind]
    return write(folder / name)
