"""A small register to import into: invented people in two districts, with numbers of an area that does not exist."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import xlsxwriter

from songhe.foundation.access.actors import Actor
from songhe.kernel.identity_numbers import check_character
from songhe.people.identity import identity_columns, phone_columns
from songhe.people.models import Circumstance, Person
from songhe.people.sheets import make_sheets

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
LIST_DAY = date(2026, 11, 1)
BINHU, WUDU, HUARONG = "420704001002", "420704002008", "420703100209"


def number(serial: int, born: str = "19480102", area: str = "429900") -> str:
    """An identity number with a right check digit; odd serials are men."""
    first = f"{area}{born}{serial:03d}"
    return first + check_character(first)


def old_number(serial: int, born: str = "480102", area: str = "429900") -> str:
    """One of the old fifteen digits; the same person as `number(serial, "19" + born)`."""
    return f"{area}{born}{serial:03d}"


def person(serial: int, name: str, region: str = BINHU, born: str = "19480102", **fields: Any) -> Person:
    """Somebody in the register."""
    key = uuid4()
    return Person.objects.create(
        id=key, region_code=region, living_region=region, registered_region=region, name=name,
        birth_date=date(int(born[:4]), int(born[4:6]), int(born[6:])), sex="1" if serial % 2 else "2",
        created_at=NOW, changed_at=NOW, **identity_columns(key, fields.pop("identity", number(serial, born))),
        **phone_columns(key, fields.pop("phone", "")), **fields,
    )  # fmt: skip


def fact(
    about: Person, name: str, value: str, source: str, as_of: date = date(2026, 10, 8), **fields: Any
) -> Circumstance:
    """What a source told before."""
    return Circumstance.objects.create(
        region_code=about.region_code, person=about, fact=name, value=value, source=source, as_of=as_of,
        from_date=fields.pop("from_date", as_of), known_from=NOW, **fields,
    )  # fmt: skip


def sheets() -> None:
    """Makes all sheets."""
    make_sheets(today=TODAY)


def csv_bytes(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A file as a department sends it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([header, *rows])
    return text.getvalue().encode()


def book(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    """A workbook."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate([header, *rows]):
            for place, cell in enumerate(row):
                sheet.write(at, place, cell)
    return path


def officer(region: str = "420704", name: str = "徐立新") -> Actor:
    """Who imports, with an account id of their own."""
    return Actor(UUID(int=1), name, region, frozenset({"people.read", "people.import"}))


def leader(region: str = "420704", name: str = "周敏") -> Actor:
    """Who approves."""
    return Actor(UUID(int=2), name, region, frozenset({"people.read", "people.import.approve", "people.undo"}))


def table(model: Any, **where: Any) -> list[Mapping[str, Any]]:
    """All rows of a table, for comparing before and after."""
    return list(model.objects.filter(**where).order_by("pk").values())
