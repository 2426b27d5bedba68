"""Entries as a file to take along, read piece by piece: any number of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext

from songhe.foundation.audit import presenters, queries
from songhe.foundation.audit.models import Entry
from songhe.foundation.audit.queries import Wanted
from songhe.kernel.told import phrase
from songhe.ui.exports import BYTE_ORDER_MARK, harmless

_HEAD = (
    phrase("记录号"), phrase("时间"), phrase("谁"), phrase("数据库用户"), phrase("种类"), phrase("做了什么"),
    phrase("对象"), phrase("地方"), phrase("内容"),
)  # fmt: skip
_PIECE = 2_000


def head() -> list[str]:
    """The columns in words."""
    return [gettext(word) for word in _HEAD]


def cells(found: Sequence[Entry]) -> list[tuple[object, ...]]:
    """The entries as rows of the file."""
    return [
        (row.number, timezone.localtime(row.at).isoformat(sep=" ", timespec="seconds"), row.who, entry.role, row.kind,
         row.deed, row.subject, row.place, row.words)
        for row, entry in zip(presenters.rows(found), found, strict=True)
    ]  # fmt: skip


def write(path: Path, wanted: Wanted, *, told: Callable[[int], None]) -> int:
    """Writes all wanted entries of the scope as CSV, the latest first; gives how many. `told` hears how far it is."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK)
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(head())
        for piece in _pieces(wanted):
            writer.writerows([harmless(cell) for cell in row] for row in cells(piece))
            count += len(piece)
            told(count)
    return count


def _pieces(wanted: Wanted) -> Iterator[list[Entry]]:
    before: int | None = None
    while piece := list(queries.entries(wanted, before=before)[:_PIECE]):
        yield piece
        before = piece[-1].pk
