"""A small register for tests: invented people in two districts, with numbers of an area that does not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from songhe.foundation.access.actors import Actor
from songhe.kernel.identity_numbers import check_character
from songhe.people.models import Circumstance, Contact, Household, NameGram, Person, Residence, Sheet
from songhe.people.operations.registering import register_person

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
FENGHUANG, WUDU, GULOU, HUARONG = "420704001002", "420704001003", "420704002008", "420703100209"


def later(hours: int) -> datetime:
    """An instant after NOW."""
    return NOW + timedelta(hours=hours)


def number(born: str = "19420318", sequence: int = 2) -> str:
    """An identity number in an area that does not exist; an even sequence is a woman's."""
    first = f"429901{born}{sequence:03}"
    return first + check_character(first)


def registered(actor: Actor, **changes: Any) -> Person:
    """A woman of 84 in Fenghuang, or as the changes say."""
    given: dict[str, Any] = {
        "name": "李桂芳",
        "identity": number(),
        "phone": "13800005521",
        "registered_region": FENGHUANG,
        "living_region": FENGHUANG,
        "address": "吴都社区寿昌大道118号2单元301",
    }
    return register_person(actor=actor, today=TODAY, now=NOW, **{**given, **changes})


_VOLATILE = {
    "version",
    "changed_at",
    "id",
    "known_from",
    "known_until",
    "recorded_at",
    "identity_sealed",
    "phone_sealed",
}


def current() -> dict[str, list[str]]:
    """What the register says now, table by table, without what only counts changes."""
    told = Circumstance.objects.filter(known_until=None)
    tables = {
        "person": (Person.objects.all(), _VOLATILE - {"id"}),
        "household": (Household.objects.all(), set()),
        "gram": (NameGram.objects.all(), set()),
        "residence": (Residence.objects.all(), set()),
        "contact": (Contact.objects.all(), set()),
        "told": (told, _VOLATILE),
        "sheet": (Sheet.objects.all(), set()),
    }
    return {
        name: sorted(
            str({key: _plain(value) for key, value in row.items() if key not in left}) for row in rows.values()
        )
        for name, (rows, left) in tables.items()
    }


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
