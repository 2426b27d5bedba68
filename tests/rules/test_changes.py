"""The smallest single change: verified by deciding again, complete by trying everything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.changes import Change, changes_to_no, changes_to_yes, smallest_change
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.readings.reference import Person, Reference
from tests.rules.small_world import DOMAIN, RULES, people
from tests.rules.writing_lists import ON, figure, item, programme
from tests.trace import covers


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


@pytest.fixture(scope="module")
def some_list(root: Path) -> Programme:
    """Any list with one item, whose rule is then another."""
    return programme(root, item(1))


def bound_to(root: Path, who: str, **parameters: Any) -> tuple[Programme, BoundItem]:
    bound = programme(root, item(1, who=who, parameters=parameters or None))
    return bound, bound.items[0]


AGE = "age >= 80"
HOME, IN_CITY = "registered_region", "within(registered_region, '420700')"
LEAP = date(1944, 2, 29)
OLD, YOUNG = date(1944, 5, 1), date(1944, 5, 2)


@covers("ENT-01")
@pytest.mark.parametrize(
    ("who", "person", "to_yes", "to_no"),
    [
        # what is known already
        ("dementia", {"dementia": True}, [], [Change("dementia", False)]),
        ("dementia", {"dementia": False}, [Change("dementia", True)], []),
        ("dementia", {}, [Change("dementia", True)], [Change("dementia", False)]),
        # one change is not enough
        ("dementia AND lives_alone", {"dementia": False, "lives_alone": False}, [], []),
        ("dementia AND lives_alone", {}, [], [Change("dementia", False), Change("lives_alone", False)]),
        # an answer comes before another circumstance, whatever the rule says first
        (
            "dementia AND lives_alone OR empty_nest",
            {"dementia": False, "lives_alone": True, "empty_nest": None},
            [Change("empty_nest", True), Change("dementia", True)],
            [Change("empty_nest", False)],
        ),
        # every value that does
        (
            "assistance IN ('edge', 'minimum_living')",
            {"assistance": "none"},
            [Change("assistance", "edge"), Change("assistance", "minimum_living")],
            [],
        ),
        (
            "disability_level BETWEEN 1 AND 2",
            {"disability_level": 4},
            [Change("disability_level", 1), Change("disability_level", 2)],
            [],
        ),
        # places
        (IN_CITY, {HOME: "110000"}, [Change(HOME, "420700")], []),
        (IN_CITY, {HOME: "420704"}, [], [Change(HOME, "999999")]),
        (f"NOT {IN_CITY}", {HOME: "420704"}, [Change(HOME, "999999")], []),
        (
            f"{IN_CITY} AND NOT within(registered_region, '420704')",
            {HOME: "420704"},
            [Change(HOME, "420799")],
            [],
        ),
        # nobody is born anew, but everybody gets older
        (AGE, {"birth_date": YOUNG}, [Change("birth_date", YOUNG, date(2024, 5, 2))], []),
        (AGE, {"birth_date": OLD}, [], []),
        (AGE, {"birth_date": LEAP}, [], []),
        ("age >= 81", {"birth_date": LEAP}, [Change("birth_date", LEAP, date(2025, 3, 1))], []),
        ("age < 80", {"birth_date": YOUNG}, [], [Change("birth_date", YOUNG, date(2024, 5, 2))]),
        ("age = 80", {"birth_date": YOUNG}, [Change("birth_date", YOUNG, date(2024, 5, 2))], []),
        ("age > 79.5", {"birth_date": YOUNG}, [Change("birth_date", YOUNG, date(2024, 5, 2))], []),
        ("age IN (80, 90)", {"birth_date": OLD}, [], [Change("birth_date", OLD, date(2025, 5, 1))]),
        ("age + 1 >= 81", {"birth_date": YOUNG}, [Change("birth_date", YOUNG, date(2024, 5, 2))], []),
        ("age >= 9000", {"birth_date": YOUNG}, [], []),
        ("age >= 8000", {"birth_date": date(2024, 1, 1)}, [], []),  # beyond the calendar
        (AGE, {}, [Change("birth_date", OLD)], [Change("birth_date", YOUNG)]),
        ("birth_date <= DATE '1944-05-01'", {"birth_date": YOUNG}, [], []),  # waiting does not help
        (
            "months_since(birth_date) >= 961",
            {"birth_date": date(1944, 3, 31)},
            [],
            [],
        ),
        (
            "months_since(birth_date) >= 962",
            {"birth_date": date(1944, 3, 31)},
            [Change("birth_date", date(1944, 3, 31), date(2024, 5, 31))],
            [],
        ),
        # waiting goes first
        (
            "age >= 80 OR dementia",
            {"birth_date": YOUNG, "dementia": False},
            [Change("birth_date", YOUNG, date(2024, 5, 2)), Change("dementia", True)],
            [],
        ),
        # nobody changes sex, but one may not know it
        ("sex = 2", {"sex": 1}, [], []),
        ("sex = 2", {}, [Change("sex", 2)], [Change("sex", 1)]),
        # nobody dies for it, and the dead need nothing
        ("dementia", {"dementia": False, "death_date": date(2024, 4, 1)}, [], []),
        (AGE, {"birth_date": YOUNG, "death_date": date(2024, 4, 1)}, [], []),
        (AGE, {"birth_date": YOUNG, "death_date": date(2024, 5, 2)}, [], []),
        ("months_since(death_date) >= 1", {}, [], []),
        # a figure nobody has set helps nobody
        ("age >= from_age", {"birth_date": OLD}, [], []),
    ],
)
def test_the_changes(root: Path, who: str, person: Person, to_yes: list[Change], to_no: list[Change]) -> None:
    parameters = {"from_age": figure(None, "year")} if "from_age" in who else {}
    bound, one = bound_to(root, who, **parameters)
    assert list(changes_to_yes(bound, one, person)) == to_yes
    assert list(changes_to_no(bound, one, person)) == to_no


@covers("ENT-01")
@pytest.mark.parametrize(
    ("person", "change"),
    [
        ({"dementia": True, "lives_alone": True}, Change("dementia", False)),
        ({"dementia": True, "lives_alone": False}, Change("lives_alone", True)),
        ({"dementia": True}, Change("lives_alone", True)),
        ({}, None),
        ({"dementia": False, "lives_alone": False}, None),
    ],
)
def test_the_smallest_change_turns_the_answer(root: Path, person: Person, change: Change | None) -> None:
    assert smallest_change(*bound_to(root, "dementia AND lives_alone"), person) == change


MAY_CHANGE = [name for name in DOMAIN if name not in ("birth_date", "sex")]
# People are drawn with three levels; a change may name any of the five, and some conditions hold for 2 and 3 alone.
EVERY = {**DOMAIN, "disability_level": range(5)}


@covers("ENT-01")
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_changes_are_all_there_are(some_list: Programme, data: st.DataObject) -> None:
    who = data.draw(RULES)
    one = replace(some_list.items[0], who=who, outcome=who)
    person = data.draw(people(n.fact_names(who)))
    answer = Reference(ON).read(who)
    for wanted, found in (
        (True, changes_to_yes(some_list, one, person)),
        (False, changes_to_no(some_list, one, person)),
    ):
        if answer(person) is wanted:
            assert found == ()
            continue
        now = [change for change in found if change.from_day is None]
        for change in now:
            assert answer({**person, change.fact: change.value}) is wanted
            assert change.value != person[change.fact]
        possible = {
            name
            for name in person
            if name in MAY_CHANGE or person[name] is None
            for value in EVERY[name]
            if value != person[name] and answer({**person, name: value}) is wanted
        }
        assert {change.fact for change in now} == possible
        for change in found[len(found) - len(now) :]:
            assert change.from_day is None  # waiting goes first
        _check_waiting(who, person, wanted, [change for change in found if change.from_day is not None])


def _check_waiting(who: n.Node, person: Person, wanted: bool, waiting: list[Change]) -> None:
    """Birthdays are the only days on which these rules turn: one after the other is tried."""
    birth = person.get("birth_date")
    birthdays = [] if birth is None else [birth.replace(year=year) for year in range(2024, 2065)]
    turning = [day for day in birthdays if day > ON and Reference(day).read(who)(person) is wanted]
    assert [change.from_day for change in waiting] == turning[:1]
    for change in waiting:
        assert change.from_day is not None and change.value == birth
        assert Reference(change.from_day - timedelta(days=1)).read(who)(person) is not wanted
