"""Invented people around the thresholds of some rules, with much unknown about them."""

from __future__ import annotations

import calendar
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from songhe.rules.facts import KEY, PERSON_TABLE, Fact, Kind
from songhe.rules.readings.polars import SCHEMA

REGIONS = (
    "000000 420000 420000000 420700 420700000 420700000000 420704 420704000 420704000000 420704001 420704001000 "
    "420704001001 420704002001 420703 421100 421100000000 110000 110101001001"
).split()
CORNER_DAYS = (
    date.min,
    date(1, 3, 1),
    date(1582, 10, 10),
    date(1900, 2, 28),
    date(1944, 2, 28),
    date(1944, 2, 29),
    date(1944, 3, 1),
    date(1959, 12, 31),
    date(1969, 12, 31),
    date(1970, 1, 1),
    date(2024, 2, 29),
    date.max,
)


def crowd(count: int, seed: int, on: date, thresholds: Sequence[date]) -> pl.DataFrame:
    """A person table of `count` people; each has own luck in what is known, so that both ends occur."""
    chance = random.Random(seed)  # noqa: S311  # nothing secret
    days = [*CORNER_DAYS, *(near for day in (on, *thresholds) for near in _around(day))]
    people = [_person(chance, days, on) for _ in range(count)]
    table = pl.DataFrame(people, schema={name: SCHEMA[name] for name in PERSON_TABLE})
    return table.insert_column(0, pl.Series(KEY, [f"P{index}" for index in range(count)]))


def _around(day: date) -> list[date]:
    """The day, its neighbours, and the same day of neighbouring months and years."""
    number = day.toordinal()
    found = [date.fromordinal(max(1, min(number + step, date.max.toordinal()))) for step in (-1, 0, 0, 1)]
    for year, month in ((day.year - 1, day.month), (day.year, max(day.month - 1, 1)), (day.year, 12)):
        if year >= 1:
            found.append(date(year, month, min(day.day, calendar.monthrange(year, month)[1])))
    return found


def _person(chance: random.Random, days: Sequence[date], on: date) -> dict[str, Any]:
    unknown = chance.choice((0, 0.05, 0.2, 0.5, 0.95))
    return {
        name: None if chance.random() < unknown else _value(chance, fact, days, on)
        for name, fact in PERSON_TABLE.items()
    }


def _value(chance: random.Random, fact: Fact, days: Sequence[date], on: date) -> Any:
    if fact.kind is Kind.DATE:
        return chance.choice(days) if chance.random() < 0.7 else on - timedelta(days=chance.randrange(-400, 45_000))
    if fact.kind is Kind.BOOL:
        return chance.random() < 0.5
    if fact.kind is Kind.REGION:
        return chance.choice(REGIONS)
    return chance.choice(list(fact.values))
