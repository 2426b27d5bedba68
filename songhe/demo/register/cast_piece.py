"""The cast in the register: those of `cast.yaml` on the day of the city, as old to the day as in their stories."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from songhe.demo.cast import Elder, cast, cast_day
from songhe.demo.chance import Chance
from songhe.demo.register.city import Piece, life_events, residences, settled
from songhe.demo.register.numbers import numbers_of
from songhe.demo.register.telling import tellings
from songhe.kernel.days import age_on, birthday_in, latest_birth
from songhe.rules.facts import KEY
from songhe.rules.readings.polars import SCHEMA

_FILE = Path(__file__).with_name("cast_lives.yaml")
_SPACE = uuid.UUID("8d3c1f0e-6a52-4d1c-9a55-1f1f52a0e4b7")
_AREA = 99
_BEGAN = 900


def cast_id(key: str) -> uuid.UUID:
    """The id of somebody with a story (C01), the same in every demo city."""
    return uuid.uuid5(_SPACE, key)


def cast_facts(day: date) -> pl.DataFrame:
    """The cast's person table on a day: birthdays as far away as in the stories, deaths in the month they say."""
    rows = [{KEY: elder.person_id, **elder.facts, **_dates(elder, day)} for elder in cast()]
    return pl.DataFrame(rows, schema=pl.Schema(SCHEMA))


def cast_piece(city: str, day: date) -> Piece:
    """The cast as a piece of the city."""
    table = cast_facts(day)
    people = _people(city, table, day)
    chance = Chance(np.random.SeedSequence(7_307), table.height)
    homes = people.select(pl.col("household").alias("id"), "region_code", "address")
    return Piece(
        people=people,
        households=homes,
        contacts=_contacts(people, day),
        tellings=tellings(table, people["id"], chance, day),
        residences=residences(people),
        events=life_events(people.with_columns(left_on=pl.lit(None, pl.Date)), np.random.SeedSequence(7_308)),
        table=table,
        truth=table.with_columns(id=people["id"]),
    )


def shifted(birth: date, told: date, day: date) -> date:
    """The birth date of somebody as old on `day` as one born on `birth` was on `told`, by the nearer birthday.

    Who was born on 29 February stays so: in the latest leap year that makes the person at least as old.
    """
    age = age_on(birth, told)
    if (birth.month, birth.day) == (2, 29):
        latest = latest_birth(age, day).year
        return next(date(year, 2, 29) for year in range(latest, latest - 9, -1) if _fits(year, age, day))
    since, until = (told - birthday_in(age, birth)).days, (birthday_in(age + 1, birth) - told).days
    if until < since:
        return latest_birth(age + 1, day + timedelta(days=until))
    return latest_birth(age, day - timedelta(days=since))


def _fits(year: int, age: int, day: date) -> bool:
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    return leap and age_on(date(year, 2, 29), day) >= age


def _dates(elder: Elder, day: date) -> dict[str, date | None]:
    told = cast_day()
    found: dict[str, date | None] = {"birth_date": shifted(elder.facts["birth_date"], told, day)}
    died = elder.facts["death_date"]
    if died is not None:
        months = (told.year - died.year) * 12 + told.month - died.month
        index = day.year * 12 + day.month - 1 - months
        found["death_date"] = date(index // 12, index % 12 + 1, died.day)
    return found


def _people(city: str, table: pl.DataFrame, day: date) -> pl.DataFrame:
    lives = [_lives()[elder.person_id] for elder in cast()]
    births = table["birth_date"].to_physical().cast(pl.Int64).to_numpy()
    women = (table["sex"] == 2).to_numpy()
    sequence = np.arange(1, table.height + 1) * 2 + ~women
    back = pl.Series([one.get("lived_until") for one in lives], dtype=pl.Int64)
    frame = table.select(
        pl.col(KEY).alias("key"), "birth_date", "death_date", pl.col("sex").cast(pl.String),
        pl.col("registered_region").str.pad_end(12, "0"),
        pl.col("residence_region").str.pad_end(12, "0").alias("living_region"),
    ).with_columns(
        id=pl.Series([str(cast_id(elder.person_id)) for elder in cast()]),
        surname=pl.Series([elder.name[0] for elder in cast()]),
        name=pl.Series([elder.name for elder in cast()]),
        identity=numbers_of(np.full(table.height, _AREA), births, sequence),
        phone=pl.Series([one["phone"] or None for one in lives]),
        address=pl.Series([one["address"] for one in lives]),
        household_relation=pl.lit("self"),
        true_birth="birth_date",
        true_region=pl.col("registered_region"),
        age=pl.Series([age_on(birth, day) for birth in table["birth_date"]]),
        registered_on=pl.lit(day - timedelta(days=_BEGAN)),
    )  # fmt: skip
    homes = pl.Series([str(cast_id(f"home of {elder.person_id}")) for elder in cast()])
    left = pl.select((pl.lit(day) - pl.duration(days=pl.lit(back))).cast(pl.Date)).to_series()
    return settled(frame, city).with_columns(left_on=left, household=homes)


def _contacts(people: pl.DataFrame, day: date) -> pl.DataFrame:
    rows = []
    for key, person, region in people.select("key", "id", "region_code").rows():
        lives = _lives()[key]
        guardian = [lives["guardian"] | {"part": "guardian"}] if "guardian" in lives else []
        for number, one in enumerate([*lives["contacts"], *guardian]):
            rows.append(
                {
                    "id": str(cast_id(f"contact {number} of {key}")),
                    "region_code": region,
                    "person_id": person,
                    "part": one.get("part", "contact"),
                    "relation": one["relation"],
                    "name": one["name"],
                    "phone": one["phone"],
                    "document": one.get("document", ""),
                    "from_date": day - timedelta(days=200 + number),
                }
            )
    return pl.DataFrame(rows)


@cache
def _lives() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found
