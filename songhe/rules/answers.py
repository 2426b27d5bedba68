"""The answers to a fact that rules can tell apart: one value for each kind of answer.

Of days and places there are too many to try; a rule only sees on which side of its thresholds a day lies and in which
of its areas a place. So one day stands for all between two thresholds, one place for all inside and outside the same
areas. Places are never coarser than the areas: who answers, answers precisely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from songhe.kernel.days import latest_birth, latest_start
from songhe.kernel.regions import LENGTHS, significant
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.lowering import lower
from songhe.rules.readings.reference import Person

ELSEWHERE = "999999"  # a division that does not exist lies in no area a rule names
OLDEST = 130
_LEVEL_LENGTHS = (2, 4, 6, 9, 12)
_ONE_DAY = timedelta(days=1)
_BEFORE: Mapping[n.Comparison, tuple[int, ...]] = {
    "<": (0,), ">=": (0,), "<=": (1,), ">": (1,), "=": (0, 1), "<>": (0, 1)
}  # fmt: skip


def answers_apart(name: str, trees: Sequence[n.Node], on: date, person: Person) -> list[Any]:
    """A value of the fact for each kind of answer that the trees tell apart, the person being otherwise as known."""
    fact = PERSON_TABLE[name]
    if fact.kind is Kind.BOOL:
        return [True, False]
    if fact.kind is Kind.DATE:
        return _days_apart(name, trees, on, person)
    if fact.kind is Kind.REGION:
        nodes = [node for tree in trees for node in n.walk(tree) if isinstance(node, n.Within) and node.name == name]
        return places_apart([node.area for node in nodes])
    return list(fact.values)


def places_apart(areas: Sequence[str]) -> list[str]:
    """A place for each way of lying inside or outside of areas, no coarser than they are; the last in none of them."""
    digits = list(dict.fromkeys(map(significant, areas)))
    places = [_other_part(area, digits) if any(_lies_in(other, area) for other in digits) else area for area in digits]
    return [*(_written(place) for place in places), *([] if "" in digits else [ELSEWHERE])]


def _lies_in(part: str, whole: str) -> bool:
    return part != whole and part.startswith(whole)


def _other_part(area: str, areas: Sequence[str]) -> str:
    """A part of the area that no other area touches."""
    length = next(length for length in _LEVEL_LENGTHS if length > len(area)) - len(area)
    parts = (f"{area}{number:0{length}}" for number in reversed(range(10**length)))
    return next(part for part in parts if not any(other.startswith(part) for other in areas))


def _written(digits: str) -> str:
    return digits.ljust(next(length for length in LENGTHS if length >= len(digits)), "0")


def _days_apart(name: str, trees: Sequence[n.Node], on: date, person: Person) -> list[date]:
    """The last day before each threshold, and the day of the last one; without thresholds any day."""
    firsts = sorted({day for tree in trees for day in _first_days(name, lower(tree, on), on, person)})
    return [*(day - _ONE_DAY for day in firsts if day > date.min), *(firsts[-1:] or [on])]


def _first_days(name: str, tree: n.Node, on: date, person: Person) -> Iterator[date]:
    """The first day of each stretch of days between which a lowered tree tells nothing apart."""
    for node in n.walk(tree):
        if isinstance(node, n.Compare):
            for own, other in ((node.left, node.right), (node.right, node.left)):
                if own == n.FactValue(name):
                    yield from _around(_day_of(other, person), _BEFORE[_seen_from(own, node)])
        elif isinstance(node, n.OneOf) and node.value == n.FactValue(name):
            for option in node.options:
                yield from _around(_day_of(option, person), (0, 1))
        elif isinstance(node, n.Age) and name == "birth_date":
            yield from (day for years in range(OLDEST + 1) for day in _around(latest_birth(years, on), (1,)))
        elif isinstance(node, n.MonthsSince) and node.name == name:
            yield from (day for months in range(OLDEST * 12 + 1) for day in _around(latest_start(months, on), (1,)))


def _seen_from(own: n.Node, node: n.Compare) -> n.Comparison:
    return node.operator if own is node.left else n.MIRROR[node.operator]


def _day_of(node: n.Node, person: Person) -> date | None:
    value = person.get(node.name) if isinstance(node, n.FactValue) else getattr(node, "value", None)
    return value if isinstance(value, date) else None


def _around(day: date | None, steps: Sequence[int]) -> Iterator[date]:
    if day is not None:
        yield from (date.fromordinal(day.toordinal() + step) for step in steps if day < date.max or not step)
