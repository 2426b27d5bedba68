"""Ages and months turned into dates: for every person the lowered rule says what the rule says."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.lowering import lower
from songhe.rules.readings.reference import Reference
from tests.rules.small_world import number
from tests.trace import covers

COUNTS: list[tuple[n.Node, str]] = [
    (n.Age(), "birth_date"),
    (n.MonthsSince("birth_date"), "birth_date"),
    (n.MonthsSince("death_date"), "death_date"),
]
OPERATORS: list[n.Comparison] = ["=", "<>", "<", "<=", ">", ">="]
ANY_NUMBER = st.builds(Fraction, st.integers(-2000, 130_000), st.sampled_from([1, 1, 2, 3]))
ANY_DAY = st.dates() | st.sampled_from([date.min, date.max, date(2024, 2, 29), date(1944, 2, 29), date(2023, 2, 28)])


def birth(day: str) -> n.Constant:
    return n.Constant(date.fromisoformat(day))


@covers("ENT-01")
@pytest.mark.parametrize(
    ("operator", "age", "lowered"),
    [
        (">=", "80", n.Compare("<=", n.FactValue("birth_date"), birth("1944-05-02"))),
        (">", "79", n.Compare("<=", n.FactValue("birth_date"), birth("1944-05-02"))),
        (">", "79.5", n.Compare("<=", n.FactValue("birth_date"), birth("1944-05-02"))),
        ("<", "80", n.Not(n.Compare("<=", n.FactValue("birth_date"), birth("1944-05-02")))),
        ("<=", "79", n.Not(n.Compare("<=", n.FactValue("birth_date"), birth("1944-05-02")))),
    ],
)
def test_an_age_is_a_birth_date(operator: n.Comparison, age: str, lowered: n.Node) -> None:
    on = date(2024, 5, 2)
    figure = n.Constant(Fraction(age))
    assert lower(n.Compare(operator, n.Age(), figure), on) == lowered
    assert lower(n.Compare(n.MIRROR[operator], figure, n.Age()), on) == lowered


def test_a_leap_day_is_a_birthday_of_its_own_and_1_march_in_a_common_year() -> None:
    rule = n.Compare(">=", n.Age(), number(80))
    assert lower(rule, date(2024, 2, 29)) == n.Compare("<=", n.FactValue("birth_date"), birth("1944-02-29"))
    assert lower(rule, date(2023, 2, 28)) == n.Compare("<=", n.FactValue("birth_date"), birth("1943-02-28"))
    assert lower(n.Compare(">=", n.Age(), number(79)), date(2023, 2, 28)) == n.Compare(
        "<=", n.FactValue("birth_date"), birth("1944-02-28")
    )


@covers("ENT-01")
@settings(max_examples=200, deadline=None)
@given(st.sampled_from(COUNTS), st.sampled_from(OPERATORS), ANY_NUMBER, ANY_DAY, st.none() | ANY_DAY, st.booleans())
def test_a_lowered_comparison_means_the_same(
    count: tuple[n.Node, str], operator: n.Comparison, figure: Fraction, on: date, day: date | None, turned: bool
) -> None:
    sides = (n.Constant(figure), count[0]) if turned else (count[0], n.Constant(figure))
    rule = n.Compare(operator, *sides)
    person = {count[1]: day}
    lowered = lower(rule, on)
    assert not any(isinstance(node, n.Age | n.MonthsSince) for node in n.walk(lowered))
    assert Reference(on).read(lowered)(person) == Reference(on).read(rule)(person)


@pytest.mark.parametrize("years", [59, 60, 61, 79, 80, 81])
@pytest.mark.parametrize("distance", [-1, 0, 1])
def test_one_of_some_ages_means_the_same(years: int, distance: int) -> None:
    on = date(2024, 5, 1)
    rule = n.OneOf(n.Age(), (number(60), number(80), n.Constant(Fraction("61.5"))))
    person = {"birth_date": date(2024 - years, 5, 1) + timedelta(days=distance)}
    reading = Reference(on)
    assert reading.read(lower(rule, on))(person) is reading.read(rule)(person) is (_age(person, on) in (60, 80))
    assert reading.read(lower(rule, on))({}) is None


def _age(person: dict[str, Any], on: date) -> int:
    born = person["birth_date"]
    return int(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


@pytest.mark.parametrize(
    "rule",
    [
        n.Compare(">=", n.Age(), n.Unset("from_age")),  # waits for a figure
        n.Compare(">", n.Age(), n.Arithmetic("/", n.MonthsSince("death_date"), number(12))),
        n.Compare("=", n.FactValue("sex"), number(2)),
        n.OneOf(n.FactValue("disability_level"), (number(1), n.Unset("grade"))),
        n.Compare(">", n.Arithmetic("-", n.Age(), number(60)), number(5)),  # reckoned with, not compared
    ],
)
def test_what_is_no_count_against_a_number_stays_as_it_is(rule: n.Node) -> None:
    assert lower(rule, date(2024, 5, 1)) == rule


def test_counts_below_other_nodes_are_found() -> None:
    on = date(2024, 5, 2)
    old = n.Compare(">=", n.Age(), number(80))
    tiers = n.Case(((old, number(200)),), number(100))
    lowered = n.Compare("<=", n.FactValue("birth_date"), birth("1944-05-02"))
    assert lower(tiers, on) == n.Case(((lowered, number(200)),), number(100))
    both = n.Compare("=", n.Case(((old, number(1)),), number(2)), number(1))
    assert lower(both, on) == n.Compare("=", n.Case(((lowered, number(1)),), number(2)), number(1))
