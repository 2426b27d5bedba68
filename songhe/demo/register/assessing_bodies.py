"""Organisations that assess in the invented city, and their assessors; two of them score unlike the others."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from songhe.demo.chance import Chance, Ints
from songhe.demo.register.naming import given_names, surnames, whole_names
from songhe.kernel.credit_codes import check_sign

_FILE = Path(__file__).with_name("assessing.yaml")
_SPACE = uuid.UUID("3d0f6d55-64c8-4a35-9d3b-0a5f7a4f7c11")
_SINCE = date(2021, 3, 1)
_TERM = timedelta(days=3 * 365)
_STAFF = 7_312


@dataclass(frozen=True, slots=True)
class Assessing:
    """One assessor: place among all, organisation, points added to what is so; the certificate's last day."""

    id: uuid.UUID
    name: str
    body: int
    medical: bool
    points: int
    until: date
    login: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation; `staff` are places in the list of all assessors."""

    id: uuid.UUID
    name: str
    district: str
    code: str
    staff: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bodies:
    """All organisations and all assessors of the city."""

    bodies: tuple[Body, ...]
    assessors: tuple[Assessing, ...]

    def teams(self, chance: Chance, districts: pl.Series, days: Ints) -> Ints:
        """Who goes: two of one organisation of the district, the first with a medical background, certified then."""
        whole = np.zeros((chance.count, 2), dtype=np.int64)
        first, second, which = chance.uniform(), chance.uniform(), chance.uniform()
        for district in sorted({body.district for body in self.bodies}):
            at = np.flatnonzero((districts == district).to_numpy())
            here = [body for body in self.bodies if body.district == district]
            share = np.cumsum([len(body.staff) for body in here]) / sum(len(body.staff) for body in here)
            chosen = np.searchsorted(share, which[at], side="right")
            for number, body in enumerate(here):
                of = at[chosen == number]
                whole[of] = _pairs(body, first[of], second[of])
        return self._certified(whole, days)

    def others(self, teams: Ints) -> Ints:
        """Another two of the same organisation for each team, none of whom is in it."""
        found = np.zeros_like(teams)
        for row, (one, two) in enumerate(teams.tolist()):
            staff = self.bodies[self.assessors[one].body].staff
            medical = [at for at in staff if self.assessors[at].medical and at not in (one, two)]
            rest = [at for at in staff[:-1] if at not in (one, two, medical[0])]
            found[row] = medical[row % len(medical)], rest[row % len(rest)]
            if found[row, 0] == found[row, 1]:
                found[row, 1] = next(at for at in staff if at not in (one, two, found[row, 0]))
        return found

    def points(self, teams: Ints) -> Ints:
        """What each team adds to what is so."""
        added: Ints = np.array([one.points for one in self.assessors], dtype=np.int64)[teams].sum(axis=1)
        return added

    def _certified(self, teams: Ints, days: Ints) -> Ints:
        """Whose certificate had ended is stood in for by the first without a medical background."""
        until = np.array([one.until.toordinal() for one in self.assessors])
        stand_in = np.array([self.bodies[one.body].staff[medical_of()] for one in self.assessors])
        late = until[teams[:, 1]] <= days
        return np.column_stack([teams[:, 0], np.where(late, stand_in[teams[:, 1]], teams[:, 1])])


def _pairs(body: Body, first: Any, second: Any) -> Ints:
    staff = np.array(body.staff)
    one = (first * medical_of()).astype(np.int64)
    two = (second * (len(staff) - 1)).astype(np.int64)
    two = np.where(two >= one, two + 1, two)
    return np.column_stack([staff[one], staff[two]])


@cache
def written() -> Mapping[str, Any]:
    """The file `assessing.yaml`."""
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def medical_of() -> int:
    """How many of each organisation have a medical background: the first ones."""
    return int(written()["medical"])


def make_bodies(seed: int, day: date) -> Bodies:
    """The organisations of `assessing.yaml` with invented staff."""
    sizes = [(district, name, size) for district, of in written()["organisations"].items() for name, size in of.items()]
    names = invented_names(seed, _STAFF, sum(size for _, _, size in sizes))
    bodies: list[Body] = []
    staff: list[Assessing] = []
    for number, (district, name, size) in enumerate(sizes):
        places = tuple(range(len(staff), len(staff) + size))
        staff += [_assessor(number, name, place, at, size, names[at], day) for place, at in enumerate(places)]
        bodies.append(Body(_id(name), name, district, _credit_code(number), places))
    return Bodies(tuple(bodies), tuple(staff))


def _assessor(body: int, organisation: str, place: int, at: int, size: int, name: str, day: date) -> Assessing:
    named = dict(zip((0, medical_of()), written()["named"].get(organisation, []), strict=False))
    drift = {(one["organisation"], one["place"]): one["points"] for one in written()["drift"]}
    until = day + timedelta(days=120 + at * 37 % 700)
    if place == size - 1:
        until = day - timedelta(days=20 + 45 * body)
    elif at % int(written()["ending"]) == 0:
        until = day + timedelta(days=6 + at % 20)
    one = named.get(place, {"name": name, "login": ""})
    return Assessing(
        _id(f"{organisation} {place}"), one["name"], body, place < medical_of(), drift.get((organisation, place), 0),
        until, one["login"],
    )  # fmt: skip


def certified_from(one: Assessing) -> date:
    """The day on which the certificate begins: who was there first has had it since then."""
    return min(one.until - _TERM, _SINCE)


def invented_names(seed: int, whose: int, count: int) -> list[str]:
    """Names of people who work; `whose` tells one list of them from another."""
    chance = Chance(np.random.SeedSequence([seed, whose]), count)
    women = chance.happens(0.8)
    born = 1972 + (chance.uniform() * 28).astype(np.int64)
    surname = surnames(chance, ~women, np.full(count, -1))
    found: list[str] = whole_names(surname, given_names(chance, women, born, surname)).to_list()
    return found


def _credit_code(number: int) -> str:
    """A code that checks, in the area 429900, which is given to no place."""
    first = f"52429900MJ5{number:06d}"
    return first + check_sign(first)


def _id(key: str) -> uuid.UUID:
    return uuid.uuid5(_SPACE, key)
