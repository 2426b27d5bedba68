"""What is taken along: the list of batches, and the rows of a file that have errors, each with what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from django.utils.timezone import localtime
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.foundation.files.tables import open_table
from songhe.people.imports.models import Batch, RowError
from songhe.people.imports.presenters import BatchLine
from songhe.ui.exports import csv_bytes

LIST_HEAD = (
    N_("名册"), N_("文件"), N_("地区"), N_("状态"), N_("数据日期"), N_("读到（行）"), N_("有错（行）"),
    N_("差异（人）"), N_("谁交的"), N_("什么时候"), N_("谁批的"), N_("写入事实（条）"),
)  # fmt: skip
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


def list_rows(lines: Sequence[BatchLine]) -> list[list[object]]:
    """The batches as rows of a file, one a batch, under LIST_HEAD."""
    return [
        [line.name, line.batch.file_name, line.place, line.word, line.batch.data_until, line.read, line.bad,
         line.changed, line.batch.creator, localtime(line.batch.created_at), line.batch.approver,
         line.batch.counts.get("applied", {}).get("facts")]
        for line in lines
    ]  # fmt: skip
