"""The smallest single change that would turn an answer: waiting, an answer to what is unknown, another circumstance.

Nothing is proposed that nobody can bring about: nobody is born anew, changes sex or dies for the sake of an item.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from songhe.kernel.days import month_day_in
from songhe.rules import nodes as n
from songhe.rules.answers import OLDEST, answers_apart
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.readings.reference import Person, Reference

_NEVER_OTHERWISE = ("birth_date", "sex")
_WAITING, _LEARNING, _CHANGING = range(3)
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Change:
    """One fact with another value. `from_day` is set when merely waiting until that day does it, the value the same."""

    fact: str
    value: Any
    from_day: date | None = None


def changes_to_yes(programme: Programme, bound: BoundItem, person: Person) -> tuple[Change, ...]:
    """Every single change that makes the item a yes, the smallest first; none when it is one."""
    return _changes(programme, bound, person, True)


def changes_to_no(programme: Programme, bound: BoundItem, person: Person) -> tuple[Change, ...]:
    """Every single change that makes the item a no, the smallest first; none when it is one."""
    return _changes(programme, bound, person, False)


def smallest_change(programme: Programme, bound: BoundItem, person: Person) -> Change | None:
    """The smallest single change that turns a yes into a no, or a no or unknown into a yes; None when none does."""
    answer = Reference(programme.on).read(bound.outcome)(person)
    found = _changes(programme, bound, person, answer is not True)
    return found[0] if found else None


def _changes(programme: Programme, bound: BoundItem, person: Person, wanted: bool) -> tuple[Change, ...]:
    """Waiting comes before learning what is unknown, that before a change of circumstances; then as the rule reads."""
    decide = Reference(programme.on).read(bound.outcome)
    if decide(person) is wanted:
        return ()
    found = [
        Change(name, value)
        for name in n.fact_names(bound.who)
        if name != "death_date" and not (name in _NEVER_OTHERWISE and person.get(name) is not None)
        for value in answers_apart(name, (bound.who,), programme.on, person)
        if value != person.get(name) and decide({**person, name: value}) is wanted
    ]
    return tuple(sorted([*_waiting(programme.on, bound.who, person, wanted), *found], key=lambda c: _size(c, person)))


def _size(change: Change, person: Person) -> int:
    if change.from_day is not None:
        return _WAITING
    return _LEARNING if person.get(change.fact) is None else _CHANGING


def _waiting(on: date, who: n.Node, person: Person, wanted: bool) -> Iterator[Change]:
    """The first day on which the person's ages and months alone give the answer, the law being as it is today."""
    if person.get("death_date") is not None:
        return
    for day, name in sorted(_turning_days(on, who, person)):
        if Reference(day).read(who)(person) is wanted:
            yield Change(name, person[name], day)
            return


def _turning_days(on: date, who: n.Node, person: Person) -> set[tuple[date, str]]:
    """The coming days on which an age or months pass a number of the rule, each with the date they are counted from."""
    days = set()
    for node in n.walk(who):
        if isinstance(node, n.Age | n.MonthsSince) and person.get(name := n.fact_of(node)) is not None:
            months = _MONTHS_A_YEAR if isinstance(node, n.Age) else 1
            for count in _numbers_near(who, node, OLDEST * _MONTHS_A_YEAR // months):
                day = _reached(count * months, person[name])
                if day is not None and day > on:
                    days.add((day, name))
    return days


def _reached(months: int, start: date) -> date | None:
    try:
        return month_day_in(months, start)
    except ValueError:  # beyond the calendar
        return None


def _numbers_near(who: n.Node, count: n.Node, most: int) -> set[int]:
    """The whole numbers at which a comparison with the count may turn; all of them when the count is reckoned with."""
    found: set[int] = set()
    for node in n.walk(who):
        if count in node.children:
            others = [child for child in node.children if child != count]
            if not isinstance(node, n.Compare | n.OneOf) or not all(isinstance(other, n.Constant) for other in others):
                return set(range(most + 1))
            numbers = [other.value for other in others if isinstance(other, n.Constant)]
            found |= {near for x in numbers if isinstance(x, Fraction) for near in (math.ceil(x), math.floor(x) + 1)}
    return found
