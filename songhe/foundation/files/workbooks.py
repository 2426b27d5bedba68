"""Workbooks (.xlsx): the first visible sheet, read by another process that may be stopped.

Dates count only where the cell is a date: a number that might be one is left a number, and refused where a date is due.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from songhe.foundation.files.tables import CELL_KINDS, Piece, check_width
from songhe.foundation.files.workbook_limits import check_workbook
from songhe.kernel.errors import BadInput
from songhe.kernel.masking import shown
from songhe.kernel.told import phrase, told

MEGABYTES, SECONDS, MOST_COLUMNS = 512, 20, 100
_PIECE_ROWS = 20_000
_MEMORY_EXIT = 71
_KILLED_BY_TIME = (-24, -9, 137, 152)  # SIGXCPU, SIGKILL
_WAY_OUT = phrase("在Excel里另存为“CSV UTF-8”")


class WorkbookTable:
    """The first visible sheet of a workbook; see `tables.Table`. It is read once and kept: its size is limited."""

    header: tuple[str, ...]
    notices: tuple[str, ...]
    types: Mapping[str, pl.DataType]

    def __init__(self, path: Path) -> None:
        self.path = path
        check_workbook(path)
        lines = _child(path)
        about = next(lines, {"sheets": 0})
        self._check(about)
        self.header = tuple(_text(cell)[1] or "" for cell in next(lines, []))
        check_width(path, len(self.header))
        self._pieces = [_piece(start, rows, len(self.header)) for start, rows in _numbered(lines)]
        self.most_rows = sum(len(rows) for rows, _, _ in self._pieces)
        self.size = max(self.most_rows, 1)
        more = about["sheets"] > 1
        self.notices = (
            (told("有{count}张表，只读第一张“{name}”", count=about["sheets"], name=shown(str(about["name"]))),)
            if more
            else ()
        )
        self.types = dict.fromkeys(self.header, pl.String())

    def _check(self, about: Mapping[str, Any]) -> None:
        if not about["sheets"]:
            raise BadInput(self.path.name, "工作簿里没有看得见的表", accepted="第一张表是人员表")
        if about["columns"] > MOST_COLUMNS:
            raise BadInput(
                self.path.name,
                told("表有{value}列，超过{most_columns}列", value=about["columns"], most_columns=MOST_COLUMNS),
                accepted=_WAY_OUT,
            )
        if about["merged"]:
            rows = "、".join(told("第{row}行", row=row) for row in about["merged"])
            raise BadInput(self.path.name, told("有合并的单元格（{rows}）", rows=rows), accepted="取消合并，每格填上")

    def pieces(self, columns: Sequence[str]) -> Iterator[Piece]:
        """See Table."""
        done = 0
        for rows, table, kinds in self._pieces:
            done += len(rows)
            filled = ~pl.Series(table.select(pl.all_horizontal(pl.all().is_null())).to_series())
            chosen, blank = table.select(_named(self.header, columns)), int((~filled).sum())
            marks = kinds.select(_named(self.header, columns))
            yield Piece(rows.filter(filled), chosen.filter(filled), marks.filter(filled), done, blank)


def _named(header: Sequence[str], columns: Sequence[str]) -> list[pl.Expr]:
    return [pl.nth(header.index(name)).alias(name) for name in columns]


def _child(path: Path) -> Iterator[Any]:
    """What the reading process says, line by line; BadInput when it ends badly."""
    module = "songhe.foundation.files.workbook_child"
    command = [sys.executable, "-m", module, str(path.resolve()), *map(str, (MEGABYTES, SECONDS, MOST_COLUMNS))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout is not None  # noqa: S101
        timer = threading.Timer(SECONDS * 6, child.kill)
        timer.start()
        try:
            for line in child.stdout:
                yield json.loads(line)
        except BaseException:
            child.kill()
            raise
        finally:
            timer.cancel()
        code = child.wait()
    if code == 0:
        return
    if code in _KILLED_BY_TIME:
        raise BadInput(path.name, told("工作簿读了{seconds}秒还没有读完", seconds=SECONDS), accepted=_WAY_OUT)
    if code == _MEMORY_EXIT or code < 0:
        raise BadInput(
            path.name, told("工作簿太大或是坏的：读它要的内存超过{megabytes}MB", megabytes=MEGABYTES), accepted=_WAY_OUT
        )
    raise BadInput(path.name, "工作簿读不了：不是完好的.xlsx", accepted=told("完好的.xlsx，或{way}", way=_WAY_OUT))


def _numbered(lines: Iterator[Any]) -> Iterator[tuple[int, list[Any]]]:
    start = 2
    while rows := list(islice(lines, _PIECE_ROWS)):
        yield start, rows
        start += len(rows)


def _piece(start: int, rows: list[Any], width: int) -> tuple[pl.Series, pl.DataFrame, pl.DataFrame]:
    numbers = pl.int_range(start, start + len(rows), dtype=pl.UInt64, eager=True)
    texts, kinds = [], []
    for place in range(width):
        cells = [_text(row[place]) for row in rows]
        texts.append(pl.Series(str(place), [text for _, text in cells], dtype=pl.String))
        kinds.append(pl.Series(str(place), [kind for kind, _ in cells], dtype=CELL_KINDS))
    return numbers, pl.DataFrame(texts), pl.DataFrame(kinds)


def _text(cell: Any) -> tuple[str, str | None]:
    """The kind of a cell and its text."""
    if cell is None:
        return "empty", None
    if isinstance(cell, str):
        return "text", cell
    if isinstance(cell, bool):
        return "bool", "true" if cell else "false"
    if isinstance(cell, int):
        return "number", str(cell)
    kind, text = cell
    return kind, text
