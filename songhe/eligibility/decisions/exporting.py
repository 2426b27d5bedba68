"""The list of matters as a file: with whom, what, where, until when and how it ended. Streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.eligibility.decisions.models import Matter
from songhe.eligibility.decisions.presenters_lists import matter_rows
from songhe.rules.packs import Item
from songhe.ui.exports import write_rows
from songhe.ui.lists import PIECE, pieces_of

HEAD = (
    N_("姓名"), N_("事项"), N_("类别"), N_("缺哪一项"), N_("地方"), N_("期限"), N_("开出"), N_("结果"), N_("说明"),
    N_("谁办的"), N_("办结"),
)  # fmt: skip
MOST_ROWS = 100_000
Told = Callable[[int], None]


def write(
    path: Path, matters: QuerySet[Matter], items: Mapping[str, Item], *, kind: str, today: date, told: Told
) -> int:
    """Writes the matters to a file; gives how many rows. `told` hears how far it is."""
    head, rows = [_(words) for words in HEAD], _rows(matters, items, today, told)
    return write_rows(path, _("上门的事"), head, rows, kind=kind)


def _rows(matters: QuerySet[Matter], items: Mapping[str, Item], today: date, told: Told) -> Iterator[list[str]]:
    for piece in pieces_of(matters.select_related("person").iterator(chunk_size=PIECE), told):
        yield from _cells(piece, items, today)


def _cells(chunk: list[Matter], items: Mapping[str, Item], today: date) -> Iterator[list[str]]:
    for one in matter_rows(chunk, items, today):
        row = one.row
        closed = localdate(row.closed_at).isoformat() if row.closed_at else ""
        yield [
            one.name, one.what, one.kind, one.question, one.place, row.due_date.isoformat(),
            localdate(row.opened_at).isoformat(), one.outcome, row.reason, row.closer, closed,
        ]  # fmt: skip
