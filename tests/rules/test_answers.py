"""The answers rules can tell apart: for every value there is one among them that all rules answer alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.answers import ELSEWHERE, answers_apart
from songhe.rules.parse import Parser
from songhe.rules.readings.reference import Person, Reference
from tests.rules.writing_lists import ON

PARSER = Parser(frozenset(), "x:1")


def apart(name: str, *rules: str, person: Person | None = None) -> list[Any]:
    return answers_apart(name, [PARSER.parse(rule) for rule in rules], ON, person or {})


@pytest.mark.parametrize(
    ("name", "rule", "answers"),
    [
        ("dementia", "dementia", [True, False]),
        ("assistance", "assistance = 'edge'", ["none", "edge", "minimum_living"]),
        ("disability_level", "disability_level <> 0", [0, 1, 2, 3, 4]),
        ("sex", "sex = 1", [1, 2]),
        # places: inside and outside; a larger area that has a named part stands for its other parts
        ("registered_region", "within(registered_region, '420700')", ["420700", ELSEWHERE]),
        ("residence_region", "within(registered_region, '420700')", [ELSEWHERE]),
        (
            "registered_region",
            "within(registered_region, '420700') AND NOT within(registered_region, '420704000')",
            ["420799", "420704", ELSEWHERE],
        ),
        (
            "registered_region",
            "within(registered_region, '420700') AND within(registered_region, '420799')",
            ["420798", "420799", ELSEWHERE],
        ),
        (
            "registered_region",
            "within(registered_region, '420704') OR within(registered_region, '420704101003')",
            ["420704999", "420704101003", ELSEWHERE],
        ),
        ("registered_region", "within(registered_region, '000000')", ["000000"]),
        (
            "registered_region",
            "within(registered_region, '000000') AND within(registered_region, '420000')",
            ["990000", "420000"],
        ),
        # days: the last before each threshold, and the day of the last threshold
        ("birth_date", "age >= 80", [date(1944, 5, 1), date(1944, 5, 2)]),
        ("birth_date", "80 > age", [date(1944, 5, 1), date(1944, 5, 2)]),
        ("birth_date", "age IN (80)", [date(1943, 5, 1), date(1944, 5, 1), date(1944, 5, 2)]),
        ("birth_date", "months_since(birth_date) < 1", [date(2024, 4, 1), date(2024, 4, 2)]),
        ("birth_date", "birth_date < DATE '1944-05-01'", [date(1944, 4, 30), date(1944, 5, 1)]),
        ("birth_date", "DATE '1944-05-01' < birth_date", [date(1944, 5, 1), date(1944, 5, 2)]),
        ("birth_date", "birth_date = DATE '1944-05-01'", [date(1944, 4, 30), date(1944, 5, 1), date(1944, 5, 2)]),
        ("birth_date", "birth_date IN (DATE '1944-05-01')", [date(1944, 4, 30), date(1944, 5, 1), date(1944, 5, 2)]),
        ("birth_date", "birth_date >= DATE '0001-01-01'", [date.min]),
        ("birth_date", "birth_date <= DATE '9999-12-31'", [ON]),
        ("birth_date", "birth_date = DATE '9999-12-31'", [date(9999, 12, 30), date.max]),
        ("birth_date", "dementia", [ON]),
        ("birth_date", "birth_date < death_date", [ON]),
    ],
)
def test_the_answers_of_a_rule(name: str, rule: str, answers: list[Any]) -> None:
    assert apart(name, rule) == answers


def test_a_known_day_of_another_fact_is_a_threshold() -> None:
    known = {"death_date": date(2000, 1, 1)}
    assert apart("birth_date", "birth_date < death_date", person=known) == [date(1999, 12, 31), date(2000, 1, 1)]
    assert apart("birth_date", "death_date <= birth_date", person=known) == [date(1999, 12, 31), date(2000, 1, 1)]


def test_all_rules_together_are_told_apart() -> None:
    assert apart("birth_date", "age >= 80", "age >= 90") == [date(1934, 5, 1), date(1944, 5, 1), date(1944, 5, 2)]


DAYS = st.dates(date(1880, 1, 1), date(2030, 1, 1))
DAY_RULES = st.sampled_from(
    [
        "age >= 80", "age < 60", "age = 65", "age <> 65", "80 <= age", "age IN (60, 70)", "age BETWEEN 60 AND 69",
        "months_since(birth_date) > 900", "birth_date < DATE '1944-02-29'", "birth_date <> DATE '1944-02-29'",
        "DATE '1950-01-01' >= birth_date", "birth_date IN (DATE '1944-02-29')", "age * 2 >= 160", "age + 0 = 77",
        "months_since(birth_date) / 12 >= 80", "age >= 79.5", "age > 64.5 AND age < 65.5", "-age <= -70",
        "least(age, 70) = 70", "age = age", "birth_date = birth_date",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(DAY_RULES, min_size=1, max_size=3), DAYS)
def test_every_day_has_one_like_it_among_the_answers(rules: list[str], day: date) -> None:
    trees = [PARSER.parse(rule) for rule in rules]
    functions = [Reference(ON).read(tree) for tree in trees]

    def seen(birth: date) -> list[Any]:
        return [function({"birth_date": birth}) for function in functions]

    days = answers_apart("birth_date", trees, ON, {})
    assert seen(day) in [seen(answer) for answer in days]
    if all("+" not in rule and "*" not in rule and "/" not in rule and "-age" not in rule for rule in rules):
        assert len(days) <= 4 * len(rules) + 1 or any("least" in rule or "age = age" in rule for rule in rules)


CODES = st.sampled_from(["420704101003", "420704101", "420703", "420799", "429900", "110000", "420704199"])
AREAS = st.sampled_from(["000000", "420000", "420700", "420703", "420704", "420704101", "420704101003"])


@settings(max_examples=200, deadline=None)
@given(st.lists(AREAS, min_size=1, max_size=4, unique=True), CODES)
def test_every_place_that_is_fine_enough_has_one_like_it_among_the_answers(areas: list[str], code: str) -> None:
    trees: list[n.Node] = [n.Within("registered_region", area) for area in areas]
    functions = [Reference(ON).read(tree) for tree in trees]

    def seen(place: str) -> list[Any]:
        return [function({"registered_region": place}) for function in functions]

    places = answers_apart("registered_region", trees, ON, {})
    assert all(None not in seen(place) for place in places)  # whoever answers, answers precisely
    if None not in seen(code):
        assert seen(code) in [seen(place) for place in places]
    assert len({tuple(seen(place)) for place in places}) == len(places)


def test_ages_at_the_ends_of_the_calendar() -> None:
    assert apart("birth_date", "age >= 3000") == [date.min]
    assert apart("birth_date", "age >= 0") == [ON, ON + timedelta(days=1)]
