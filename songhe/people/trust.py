"""Which source is believed on which fact, and for how long: `trust.yaml`, read and checked, and what follows from it.

`resolve` is the meaning; `sheets` does the same for everybody at once in the database, and a test holds them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from songhe.kernel.days import month_day_in
from songhe.kernel.errors import BadInput
from songhe.kernel.numbers import whole_read
from songhe.people.terms import Source
from songhe.rules.fact_values import check_value
from songhe.rules.facts import PERSON_TABLE, Fact, Kind

FILE = Path(__file__).with_name("trust.yaml")
PERSON_FACTS = ("birth_date", "death_date", "sex", "registered_region", "residence_region")
TOLD_FACTS = tuple(name for name in PERSON_TABLE if name not in PERSON_FACTS)
_MOST_MONTHS = 1200
_WORDS_OF_BOOLS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Trust:
    """One source on one fact. Rank 0 is the most trusted; `months` of use after the day told of, None without end."""

    fact: str
    source: str
    rank: int
    months: int | None
    documented: bool


@dataclass(frozen=True, slots=True)
class Telling:
    """What one source says of one fact: the value as text, the day it speaks of, from when until when it holds."""

    source: str
    value: str
    as_of: date
    from_date: date | None = None
    until_date: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it speaks of this day: begun and not ended."""
        return (self.from_date is None or self.from_date <= day) and (self.until_date is None or day < self.until_date)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the register takes for true, why, and who says otherwise. Without `telling` the fact is unknown.

    `stale` is the newest of what was told, when all of it is too old to be used.
    """

    telling: Telling | None = None
    others: tuple[Telling, ...] = ()
    stale: Telling | None = None

    @property
    def conflict(self) -> bool:
        """Whether somebody who can be believed says otherwise."""
        return bool(self.others)


def trust() -> Mapping[str, Mapping[str, Trust]]:
    """The whole of it: by fact, then by source."""
    return _read(FILE)


def trusted(fact: str, source: str) -> Trust:
    """One source on one fact. BadInput when the source cannot tell it."""
    by_source = trust().get(fact)
    if by_source is None:
        raise BadInput("事实", "名册里没有这一项，或者它记在档案里", given=fact, accepted="、".join(TOLD_FACTS))
    if source not in by_source:
        words = "、".join(str(Source(name).label) for name in by_source)
        raise BadInput(PERSON_TABLE[fact].label, "这个来源不能说这件事", given=source, accepted=words)
    return by_source[source]


def sources_of(fact: str) -> tuple[str, ...]:
    """Who can tell a fact, the most trusted first."""
    return tuple(trust()[fact])


def stale_from(fact: str, telling: Telling) -> date | None:
    """The first day on which a telling is too old, None when it never is."""
    months = trusted(fact, telling.source).months
    return None if months is None else month_day_in(months, telling.as_of)


def is_fresh(fact: str, telling: Telling, today: date) -> bool:
    """Whether a telling can still be used."""
    limit = stale_from(fact, telling)
    return limit is None or today < limit


def resolve(fact: str, tellings: Iterable[Telling], today: date) -> Resolved:
    """What is true of one fact: the most trusted telling that holds and is fresh; among equals the newest one."""
    told = sorted((one for one in tellings if one.holds_on(today)), key=lambda one: _order(fact, one))
    fresh = [one for one in told if is_fresh(fact, one, today)]
    if not fresh:
        return Resolved(stale=min(told, key=lambda one: (-one.as_of.toordinal(), _order(fact, one)), default=None))
    best = fresh[0]
    return Resolved(best, tuple(one for one in fresh[1:] if one.value != best.value))


def next_change(fact: str, tellings: Iterable[Telling], today: date) -> date | None:
    """The first day after today on which the fact can change by itself: something begins, ends or gets too old."""
    days = [
        day
        for one in tellings
        for day in (one.from_date, one.until_date, stale_from(fact, one))
        if day is not None and day > today and (one.until_date is None or one.until_date > today)
    ]
    return min(days, default=None)


def value_of(fact: str, text: str) -> Any:
    """A value of the person table from its text. BadInput when the fact does not take it."""
    described = PERSON_TABLE[fact]
    value = _typed(described, text)
    if value is None or not check_value(described, value):
        raise BadInput(described.label, "没有这个说法", given=text[:20], accepted=described.accepted)
    return value


def text_of(value: object) -> str:
    """The text of a value, as it is kept."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _order(fact: str, telling: Telling) -> tuple[int, int, str]:
    return trusted(fact, telling.source).rank, -telling.as_of.toordinal(), telling.source


def _typed(fact: Fact, text: str) -> Any:
    if fact.kind is Kind.BOOL:
        return _WORDS_OF_BOOLS.get(text)
    if fact.kind in (Kind.CODE, Kind.GRADE):
        number = whole_read(text)
        return number if str(number) == text else None
    return text


@cache
def _read(path: Path) -> Mapping[str, Mapping[str, Trust]]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    facts: dict[str, Any] = raw["facts"]
    if set(facts) != set(TOLD_FACTS):
        raise BadInput(path.name, "事实不全或多了", given="、".join(sorted(set(facts) ^ set(TOLD_FACTS))))
    documented = frozenset(raw["documented"])
    return MappingProxyType({fact: _ranked(path, fact, entry, documented) for fact, entry in facts.items()})


def _ranked(path: Path, fact: str, entry: Any, documented: frozenset[str]) -> Mapping[str, Trust]:
    found: dict[str, Trust] = {}
    for rank, alike in enumerate(entry["believed"]):
        for source, months in alike.items():
            where = f"{path.name}，{fact}，{source}"
            if source not in Source.values or source in found:
                raise BadInput(where, "没有这个来源，或者写了两次", accepted="、".join(Source.values))
            if months is not None and not (type(months) is int and 0 < months <= _MOST_MONTHS):
                raise BadInput(where, "月数不对", given=str(months), accepted=f"1到{_MOST_MONTHS}，或null")
            found[source] = Trust(fact, source, rank, months, source in documented)
    if not found or not entry.get("reason"):
        raise BadInput(f"{path.name}，{fact}", "要有来源和理由")
    return MappingProxyType(found)
