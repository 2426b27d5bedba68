"""Numbers that could leave what double precision holds are refused when a rule is bound, whoever the person is."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.magnitudes import ACCEPTED, LARGEST, check_magnitudes
from songhe.rules.readings.reference import Reference
from tests.rules.small_world import AMOUNTS, DOMAIN, ON, RULES, number, people
from tests.rules.writing_lists import figure, item, programme

LEVEL, AGE, MONTHS = n.FactValue("disability_level"), n.Age(), n.MonthsSince("birth_date")
SMALL = n.Constant(Fraction(1, 10**60))
LARGE = number(10**60)


def product(*parts: n.Node) -> n.Node:
    result = parts[0]
    for part in parts[1:]:
        result = n.Arithmetic("*", result, part)
    return result


@pytest.mark.parametrize(
    "node",
    [
        number(LARGEST),
        n.Constant(Fraction(1, LARGEST)),
        number(0),
        n.Negative(number(LARGEST)),
        n.Constant("edge"),
        product(LARGE, LARGE, n.FactValue("disability_level")),
        product(SMALL, SMALL, AGE),
        n.Arithmetic("/", LEVEL, MONTHS),
        n.Arithmetic("-", AGE, number(60)),
        n.Round(n.Arithmetic("/", AGE, number(3)), 2),
        n.Compare("=", n.FactValue("assistance"), n.Constant("edge")),
        n.Case(((n.FactValue("dementia"), LARGE),), SMALL),
    ],
)
def test_numbers_a_law_may_name_pass(node: n.Node) -> None:
    check_magnitudes(node, "x:1")


@pytest.mark.parametrize(
    "node",
    [
        number(10 * LARGEST),
        n.Constant(Fraction(1, 10 * LARGEST)),
        n.Negative(number(10 * LARGEST)),
        product(LARGE, LARGE, LARGE, LEVEL),
        product(SMALL, SMALL, SMALL, AGE),  # vanishes for who is one year old
        product(LARGE, LARGE, n.Constant(Fraction(10) ** 29), MONTHS),  # only for who is very old
        n.Arithmetic("/", n.Arithmetic("/", SMALL, LARGE), n.Arithmetic("*", AGE, LARGE)),
        n.Arithmetic("/", product(LARGE, LARGE), product(SMALL, AGE)),
        # a tiny difference of what is nearly equal, and what is divided by it
        n.Arithmetic("/", product(LARGE, LARGE), n.Arithmetic("-", product(SMALL, AGE), SMALL)),
        n.Arithmetic("+", number(LARGEST), number(LARGEST)),
        n.Least((AGE, product(LARGE, LARGE, LARGE, LEVEL))),
        n.Greatest((AGE, number(10 * LARGEST))),
        n.Case(((n.FactValue("dementia"), number(10 * LARGEST)),), number(1)),
        n.Compare(">", AGE, number(10 * LARGEST)),
        n.Not(n.IsUnknown(number(10 * LARGEST))),
        n.Round(number(10 * LARGEST), 2),
    ],
)
def test_numbers_that_could_leave_all_measure_are_refused_with_file_and_line(node: n.Node) -> None:
    with pytest.raises(BadInput, match="太大或太小") as refused:
        check_magnitudes(node, "17-x.yaml:20")
    assert refused.value.where == "17-x.yaml:20"
    assert refused.value.accepted == ACCEPTED


_GRADES = st.sampled_from([LEVEL, AGE, MONTHS, number(0), number(1), SMALL, LARGE, n.Constant(Fraction(1, 10**13))])
WILD_NUMBERS: st.SearchStrategy[n.Node] = st.recursive(
    _GRADES,
    lambda below: st.one_of(
        st.builds(n.Arithmetic, st.sampled_from(["+", "-", "*", "/"]), below, below),
        st.builds(n.Negative, below),
        st.builds(n.Round, below, st.sampled_from([0, 2, 6])),
        st.builds(lambda one, other: n.Least((one, other)), below, below),
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(WILD_NUMBERS, people(["disability_level", "birth_date"]))
def test_what_passes_never_leaves_measure_for_anybody(node: n.Node, person: dict[str, Any]) -> None:
    """Below 1e-300 a double loses digits, above 1e300 it ends: with one more step of arithmetic none comes there."""
    try:
        check_magnitudes(node, "x:1")
    except BadInput:
        return
    for part in n.walk(node):
        value = Reference(ON).read(part)(person)
        if value is not None and value != 0:
            assert math.isfinite(value * value)
            assert value * value > 1e-305


@settings(max_examples=100, deadline=None)
@given(AMOUNTS | RULES)
def test_what_laws_are_made_of_passes(node: n.Node) -> None:
    assert set(n.fact_names(node)) <= set(DOMAIN)
    check_magnitudes(node, "x:1")


def test_a_figure_beyond_all_measure_is_refused_where_the_item_is(tmp_path: Path) -> None:
    formula = " * ".join(["1000000000000"] * 13)
    own = {"monthly": figure(formula)}
    with pytest.raises(BadInput, match="太大或太小") as refused:
        programme(tmp_path, item(1, parameters=own, gives={"cash": "monthly", "per": "month"}))
    assert "01-item-1.yaml:" in refused.value.where
