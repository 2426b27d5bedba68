"""Amounts among few as the condition of each value; unknown answers made into yes and no."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.choices import MOST, choices, known, made_sure, unfolded
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.readings.reference import Person, Reference
from tests.rules.small_world import AMOUNTS, DOMAIN, LEAVES, ON, RULES, number, people

DEMENTIA, ALONE = n.FactValue("dementia"), n.FactValue("lives_alone")
LEVEL, CATEGORY = n.FactValue("disability_level"), n.FactValue("disability_category")
OLD = n.Compare(">=", n.Age(), number(80))
EVERY_FACT = sorted(DOMAIN)


def answer(node: n.Node, person: Person) -> Any:
    return Reference(ON).read(node)(person)


@settings(max_examples=120, deadline=None)
@given(AMOUNTS, people(EVERY_FACT))
def test_a_person_gets_the_value_whose_condition_is_a_yes(amount: n.Node, person: Person) -> None:
    among = choices(amount)
    if among is None:
        return
    chosen = [value for value, condition in among.items() if answer(condition, person)]
    assert all(answer(condition, person) is not None for condition in among.values())
    assert chosen == ([] if answer(amount, person) is None else [answer(amount, person)])
    knows = known(amount)
    assert isinstance(amount, n.FactValue) if knows is None else answer(knows, person) is bool(chosen)


def test_a_figure_is_one_choice_for_all_and_one_nobody_has_set_is_none() -> None:
    assert choices(number(100)) == {100.0: n.YES}
    assert choices(n.Unset("monthly")) == {}
    assert known(n.Unset("monthly")) == n.NO


@pytest.mark.parametrize(("fact", "values"), [(LEVEL, 5), (CATEGORY, 8)])
def test_a_grade_or_code_has_a_choice_for_each_of_its_values(fact: n.FactValue, values: int) -> None:
    among = choices(fact)
    assert among is not None and len(among) == values
    for value in PERSON_TABLE[fact.name].values:
        assert [one for one, condition in among.items() if answer(condition, {fact.name: value})] == [float(value)]
    assert not any(answer(condition, {}) for condition in among.values())


@pytest.mark.parametrize(
    "node",
    [
        n.Age(),
        n.MonthsSince("birth_date"),
        n.Arithmetic("*", n.Age(), number(2)),
        n.Case(((DEMENTIA, n.Age()),), number(1)),
        n.Constant("edge"),
        n.FactValue("birth_date"),
        n.FactValue("assistance"),
        DEMENTIA,
        n.And((DEMENTIA, ALONE)),
        # 5 × 8 × 5 combinations with more than 64 different sums
        n.Arithmetic(
            "+", LEVEL, n.Arithmetic("+", n.Arithmetic("*", CATEGORY, number(7)), n.Arithmetic("/", LEVEL, number(7)))
        ),
    ],
)
def test_what_is_counted_or_takes_too_many_values_has_no_choices(node: n.Node) -> None:
    assert choices(node) is None
    assert known(node) is None


def test_a_case_of_more_values_than_are_worth_it_has_no_choices() -> None:
    tiers = tuple((n.Compare("=", LEVEL, number(1)), number(value)) for value in range(MOST))
    exactly = choices(n.Case(tiers))
    assert exactly is not None and len(exactly) == MOST
    assert choices(n.Case(tiers, number(MOST))) is None


def test_values_that_come_out_the_same_are_one_choice() -> None:
    among = choices(n.Greatest((n.Case(((DEMENTIA, number(50)),), number(0)), number(50))))
    assert among is not None and list(among) == [50.0]
    assert answer(among[50.0], {"dementia": True}) is answer(among[50.0], {"dementia": False}) is True
    assert answer(among[50.0], {}) is False


def test_a_division_by_zero_is_nobodys_choice() -> None:
    among = choices(n.Arithmetic("/", number(6), LEVEL))
    assert among is not None and sorted(among) == [1.5, 2.0, 3.0, 6.0]
    assert not any(answer(condition, {"disability_level": 0}) for condition in among.values())


@settings(max_examples=120, deadline=None)
@given(RULES, RULES, RULES, RULES, st.booleans(), people(EVERY_FACT))
def test_a_case_of_yes_and_no_unfolded_means_the_same(
    first: n.Node, one: n.Node, second: n.Node, rest: n.Node, closed: bool, person: Person
) -> None:
    node = n.Case(((first, one), (second, n.NO)), rest if closed else None)
    plain = unfolded(node)
    assert answer(plain, person) == answer(node, person)
    assert not isinstance(plain, n.Case)


@settings(max_examples=100, deadline=None)
@given(st.one_of(*LEAVES.values(), RULES), people(EVERY_FACT))
def test_surely_and_possibly_are_never_unknown(condition: n.Node, person: Person) -> None:
    outcome = answer(condition, person)
    assert answer(n.surely(condition), person) is (outcome is True)
    assert answer(n.possibly(condition), person) is (outcome is not False)


@pytest.mark.parametrize("condition", [DEMENTIA, n.Not(DEMENTIA), OLD, n.Not(OLD), n.Or((DEMENTIA, OLD))])
def test_what_was_made_sure_is_found_again(condition: n.Node) -> None:
    assert made_sure(n.surely(condition)) == condition


@pytest.mark.parametrize(
    "node",
    [
        DEMENTIA,
        n.And((DEMENTIA, ALONE)),
        n.And((n.Not(n.IsUnknown(ALONE)), DEMENTIA)),  # made sure of something else
        n.And((n.Not(n.IsUnknown(DEMENTIA)), DEMENTIA, ALONE)),
        n.surely(n.IsUnknown(DEMENTIA)),
        n.surely(n.YES),
    ],
)
def test_what_was_not_made_sure_is_not(node: n.Node) -> None:
    assert made_sure(node) is None


def test_amounts_are_chosen_in_double_precision_as_they_are_read() -> None:
    third = n.Arithmetic("/", n.Constant(Fraction(1)), n.Case(((DEMENTIA, number(3)),), number(7)))
    among = choices(third)
    assert among is not None and set(among) == {1 / 3, 1 / 7}
