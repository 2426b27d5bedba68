"""What a list is narrowed to, as the address says it. No name, number or address of a person is ever part of it.

Unknown parameters and values are dropped: an old bookmark still opens a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from songhe.foundation.access.actors import region_range
from songhe.kernel.days import latest_birth
from songhe.kernel.errors import BadInput
from songhe.kernel.keys import key_read
from songhe.kernel.numbers import whole_read
from songhe.kernel.regions import significant
from songhe.people.groups import GROUPS
from songhe.people.terms import Sex, Standing
from songhe.rules.facts import PERSON_TABLE

LIVING = ("alone", "empty_nest", "left_behind", "lonely")
ECONOMY = ("destitute", "minimum_living", "edge")
CARE = ("disabled", "dementia", "severe", "family_planning", "entitled")
DATA = ("conflict", "stale")
ABILITY = ("0", "1", "2", "3", "never")
SORTS = ("age", "-age", "name", "-name", "place", "-place")
STANDINGS = (Standing.PRESENT, Standing.AWAY, Standing.DEAD)
OLDEST = 130
_COMMUNITY = 12  # digits
UNKNOWN = tuple(name for name in PERSON_TABLE if name not in ("birth_date", "death_date", "sex"))


@dataclass(frozen=True, slots=True)
class Filters:
    """One list. Empty fields do not narrow. Within one field the values are alternatives, fields narrow together.

    `area` is the division whose parts the page offers; `places` are some of its parts. `find` is a token of a search.
    """

    area: str = ""
    places: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    sex: str = ""
    standing: str = Standing.PRESENT
    living: tuple[str, ...] = ()
    economy: tuple[str, ...] = ()
    care: tuple[str, ...] = ()
    ability: str = ""
    data: tuple[str, ...] = ()
    unknown: str = ""
    find: str = ""
    sort: str = SORTS[0]

    @classmethod
    def read(cls, parameters: QueryDict) -> Filters:
        """From an address. Whatever means nothing is left out."""
        return cls(
            area=_code(parameters.get("area", "")),
            places=tuple(sorted(filter(None, map(_code, parameters.getlist("in"))))),
            age_from=_age(parameters.get("age_from", "")),
            age_to=_age(parameters.get("age_to", "")),
            sex=_one(parameters.get("sex", ""), Sex.values),
            standing=_one(parameters.get("standing", ""), STANDINGS) or Standing.PRESENT,
            living=_some(parameters.getlist("living"), LIVING),
            economy=_some(parameters.getlist("economy"), ECONOMY),
            care=_some(parameters.getlist("care"), CARE),
            ability=_one(parameters.get("ability", ""), ABILITY),
            data=_some(parameters.getlist("data"), DATA),
            unknown=_one(parameters.get("unknown", ""), UNKNOWN),
            find=_token(parameters.get("find", "")),
            sort=_one(parameters.get("sort", ""), SORTS) or SORTS[0],
        )

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the address, in one order, without what is usual."""
        found: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default and value not in ("", None, ()):
                name = "in" if field.name == "places" else field.name
                found += [(name, str(one)) for one in (value if isinstance(value, tuple) else (value,))]
        return found

    def address(self, **more: str) -> str:
        """The query part of the address, with its question mark; empty when nothing is set."""
        if not more:
            return _address(self)
        query = urlencode([*self.pairs(), *((name, value) for name, value in more.items() if value)])
        return f"?{query}" if query else ""

    @property
    def narrows(self) -> bool:
        """Whether anything but the order is set."""
        return replace(self, sort=SORTS[0]) != Filters()

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups asked for, as codes of `GROUPS`."""
        return (*self.living, *self.economy, *self.care, *self.data)

    def without(self, name: str, value: str = "") -> Filters:
        """The same list without one filter, or without one of its values."""
        current = getattr(self, name)
        left: Any = tuple(one for one in current if one != value) if isinstance(current, tuple) else _DEFAULTS[name]
        return replace(self, **{name: left})

    def conditions(self, today: date) -> Mapping[str, Q]:
        """The condition of each field that is set, on the sheet. `find` and `sort` have none."""
        found: dict[str, Q] = {"standing": Q(standing=self.standing)}
        if self.area:
            found["area"] = _within(self.area)
        if self.places:
            found["places"] = _any(_within(code) for code in self.places)
        if self.age_from is not None or self.age_to is not None:
            found["age"] = self._ages(today)
        if self.sex:
            found["sex"] = Q(sex=int(self.sex))
        for name in ("living", "economy", "care", "data"):
            codes = getattr(self, name)
            if codes:
                found[name] = _any(GROUPS[code].query(today) for code in codes)
        if self.ability:
            found["ability"] = ability_condition(self.ability)
        if self.unknown:
            found["unknown"] = Q(**{f"{self.unknown}__isnull": True})
        return found

    def condition(self, today: date) -> Q:
        """All conditions together."""
        found = Q()
        for condition in self.conditions(today).values():
            found &= condition
        return found

    def _ages(self, today: date) -> Q:
        found = Q()
        if self.age_from is not None:
            found &= Q(birth_date__lte=latest_birth(self.age_from, today))
        if self.age_to is not None:
            found &= Q(birth_date__gt=latest_birth(self.age_to + 1, today))
        return found


@lru_cache(maxsize=4_000)
def _address(filters: Filters) -> str:
    """A page has dozens of addresses, most of them the same on every page."""
    query = urlencode(filters.pairs())
    return f"?{query}" if query else ""


_DEFAULTS = {field.name: field.default for field in fields(Filters)}


def ability_condition(code: str) -> Q:
    """At least that grade, or never assessed."""
    return Q(ability_grade__isnull=True) if code == "never" else Q(ability_grade__gte=int(code))


def of_region(digits: str) -> Q:
    """The files of a division; a community's by its one code, so that an index goes on in the order of what follows."""
    if len(digits) == _COMMUNITY:
        return Q(region_code=digits)
    lo, hi = region_range(digits)
    return Q(region_code__gte=lo, region_code__lt=hi)


def _within(code: str) -> Q:
    return of_region(significant(code))


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _code(text: str) -> str:
    try:
        return significant(text).ljust(12, "0") if significant(text) else ""
    except BadInput:
        return ""


def _age(text: str) -> int | None:
    age = whole_read(text.strip(), 3)
    return age if age is not None and age <= OLDEST else None


def _one(text: str, known: Sequence[str]) -> str:
    return str(text) if text in known else ""


def _some(texts: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    given = set(texts)
    return tuple(code for code in known if code in given)


def _token(text: str) -> str:
    return str(key_read(text) or "")
