"""A list of people as a file: the columns of the page, numbers never whole. Streams; any length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from songhe.people.presenters import NOTHING, Column, Context
from songhe.people.queries.listing import grade_days_of, rows_of
from songhe.regions.api import names_of
from songhe.ui.exports import write_rows
from songhe.ui.lists import pieces_of

MOST_ROWS = 300_000
Told = Callable[[int], None]


def write(path: Path, ids: Sequence[UUID], columns: Sequence[Column], *, kind: str, today: date, told: Told) -> int:
    """Writes the people to a file; gives how many rows. `told` hears how far it is."""
    head = ["姓名", *(column.head for column in columns)]
    return write_rows(path, "老人", head, _rows(ids, columns, today, told), kind=kind)


def _rows(ids: Sequence[UUID], columns: Sequence[Column], today: date, told: Told) -> Iterator[Sequence[str]]:
    names: dict[str, str] = {}
    for piece in pieces_of(ids, told):
        people = rows_of(piece)
        codes = {code for person in people for code in (person.region_code, person.registered_region) if code}
        names |= names_of(codes - names.keys())
        context = Context(today, names, grade_days_of([person.pk for person in people]), {})
        for person in people:
            cells = [column.cell(person, context) for column in columns]
            texts = [
                _("{text}（{note}）").format(text=cell.text, note=cell.note) if cell.note else cell.text
                for cell in cells
            ]
            yield [person.name, *("" if text == NOTHING else text for text in texts)]
