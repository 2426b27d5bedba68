"""Tables written piece by piece into the three kinds of file that `songhe determine` can write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import polars as pl

from songhe.eligibility.wide_parquet.writer import ParquetFile
from songhe.foundation.files.kinds import ACCEPTED, FileKind, named_kind
from songhe.kernel.errors import BadInput

MOST_SHEET_ROWS = 1_048_576
_COLUMN_WIDTH = 16


class ResultFile(Protocol):
    """A table that grows; `finish` closes the file, telling how many rows more are written where that is slow."""

    @property
    def rows_to_write(self) -> int:
        """How many rows `finish` still has to write."""

    def write(self, frame: pl.DataFrame) -> None:
        """Adds rows; always the same columns, the first time perhaps none."""

    def finish(self, done: Callable[[int], None]) -> None:
        """Writes what is left and closes."""

    def close(self) -> None:
        """Lets go of the file, finished or not."""


def result_kind(path: Path) -> FileKind:
    """The kind of file a name asks for; BadInput when its ending is none of ours."""
    kind = named_kind(path)
    if kind is None:
        raise BadInput(str(path), "看文件名不知道写成什么", accepted=f"以{ACCEPTED}结尾的文件名")
    return kind


def open_result(path: Path, kind: FileKind, name: str, *, sheet: str, mark: bool = False) -> ResultFile:
    """A file of that kind at `path`; `name` is what messages call it. `mark` begins a CSV file with a BOM."""
    if kind is FileKind.CSV:
        return _Csv(path, mark)
    return _Workbook(path, name, sheet) if kind is FileKind.XLSX else _Parquet(path)


class _Csv:
    """UTF-8, commas, LF; truths as true and false, money with two decimals, unknown empty."""

    rows_to_write = 0

    def __init__(self, path: Path, mark: bool) -> None:
        self._file = path.open("wb")
        self._file.write(b"\xef\xbb\xbf" if mark else b"")
        self._begun = False

    def write(self, frame: pl.DataFrame) -> None:
        texts = pl.col(pl.String)
        frame = frame.with_columns(pl.when(texts != "").then(texts))  # an empty text would be written as two quotes
        frame.write_csv(self._file, include_header=not self._begun)
        self._begun = True

    def finish(self, done: Callable[[int], None]) -> None:
        self._file.close()

    def close(self) -> None:
        self._file.close()


class _Parquet:
    """Row groups of polars' own pages."""

    rows_to_write = 0

    def __init__(self, path: Path) -> None:
        self._open = ExitStack()
        self._file = self._open.enter_context(ParquetFile(path))

    def write(self, frame: pl.DataFrame) -> None:
        self._file.write(frame.to_dict(), frame.height)

    def finish(self, done: Callable[[int], None]) -> None:
        self._open.close()

    def close(self) -> None:
        self._open.close()


class _Workbook:
    """One sheet. Rows are kept until the end: whether they fit must be known before the slow writing begins."""

    def __init__(self, path: Path, name: str, sheet: str) -> None:
        self._path, self._name, self._sheet = path, name, sheet
        self._frames: list[pl.DataFrame] = []
        self.rows_to_write = 0

    def write(self, frame: pl.DataFrame) -> None:
        self._frames.append(frame)
        self.rows_to_write += frame.height
        if self.rows_to_write >= MOST_SHEET_ROWS:
            problem = f"一张Excel表最多{MOST_SHEET_ROWS:,}行，写不下"
            ways = "写成.csv或.parquet；用--layout wide一人一行；或用--outcome yes只写可享的"
            raise BadInput(self._name, problem, accepted=ways)

    def finish(self, done: Callable[[int], None]) -> None:
        import xlsxwriter  # a slow import that only workbooks need

        with xlsxwriter.Workbook(self._path, {"constant_memory": True, "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet(self._sheet)
            bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            head = self._frames[0].columns
            sheet.freeze_panes(1, 1)
            sheet.set_column(0, len(head) - 1, _COLUMN_WIDTH)
            sheet.write_row(0, 0, head, bold)
            row = 0
            for frame in self._frames:
                for cells in frame.iter_rows():
                    row += 1
                    _write_row(sheet, row, cells, money, day)
                done(frame.height)
            sheet.autofilter(0, 0, row, len(head) - 1)

    def close(self) -> None:
        self._frames = []


def _write_row(sheet: object, row: int, cells: Sequence[object], money: object, day: object) -> None:
    write_string, write_number, write_boolean = sheet.write_string, sheet.write_number, sheet.write_boolean  # type: ignore[attr-defined]
    for place, value in enumerate(cells):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            write_string(row, place, value)
        elif isinstance(value, bool):
            write_boolean(row, place, value)
        elif isinstance(value, Decimal):
            write_number(row, place, value, money)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, value, day)  # type: ignore[attr-defined]
        else:
            write_number(row, place, value)
