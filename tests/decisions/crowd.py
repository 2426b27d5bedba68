"""Invented people laid into the register with their sheets, for tests of decisions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import polars as pl

from songhe.demo.people import make_people
from songhe.people.models import Household, Person, Sheet
from songhe.rules.facts import KEY, PERSON_TABLE

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
_SPACE = UUID("1b0f7a86-0a0a-4d3c-8d4b-2f2a52b0a001")


def laid_in(count: int = 300, seed: int = 5, on: date = TODAY) -> pl.DataFrame:
    """People as the offices know them, in the register; gives their table, keyed as the register does."""
    table, _ = make_people("420700", count, seed, on)
    rows = []
    for row in table.iter_rows(named=True):
        person_id = uuid5(_SPACE, row[KEY])
        region = row["residence_region"] or row["registered_region"] or "420704001002"
        rows.append({**row, KEY: person_id, "region_code": region.ljust(12, "0")})
    people = [_person(row) for row in rows]
    Person.objects.bulk_create(people)
    Sheet.objects.bulk_create(_sheet(row) for row in rows)
    return table.with_columns(pl.Series(KEY, [str(row[KEY]) for row in rows]))


def household_of(*persons: Person, address: str = "凤凰路1号") -> Household:
    """Puts people under one roof."""
    household = Household.objects.create(region_code=persons[0].region_code, address=address)
    Person.objects.filter(pk__in=[person.pk for person in persons]).update(household=household)
    return household


def _person(row: dict[str, Any]) -> Person:
    dead = row["death_date"] is not None
    return Person(
        id=row[KEY], region_code=row["region_code"], name="某某", birth_date=row["birth_date"],
        death_date=row["death_date"], standing="dead" if dead else "present", created_at=NOW, changed_at=NOW,
    )  # fmt: skip


def _sheet(row: dict[str, Any]) -> Sheet:
    facts = {name: row[name] for name in PERSON_TABLE}
    standing = "dead" if row["death_date"] is not None else "present"
    return Sheet(person_id=row[KEY], region_code=row["region_code"], standing=standing, **facts)
