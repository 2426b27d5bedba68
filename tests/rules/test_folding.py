"""What does not hang on a person is worked out once and exactly, and the rule keeps its meaning."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.folding import Figures, fold, round_half_away
from songhe.rules.readings.reference import Reference
from songhe.rules.typing_rules import is_truth
from tests.rules.small_world import DOMAIN, LEAVES, ON, number, people
from tests.trace import covers

UNSET = n.Unset("monthly")
NOBODY_KNOWS = n.Compare("=", UNSET, number(1))
DEMENTIA, ALONE, LEVEL = n.FactValue("dementia"), n.FactValue("lives_alone"), n.FactValue("disability_level")
OPERATORS: list[n.Comparison] = ["=", "<>", "<", "<=", ">", ">="]

# Numbers that double precision holds, so that exact and rounded arithmetic cannot differ.
_NUMBER_LEAVES = st.sampled_from([number(0), number(1), number(8), number(-3), LEVEL, UNSET])
_TRUTH_LEAVES = st.one_of(st.sampled_from([n.YES, n.NO, NOBODY_KNOWS]), *LEAVES.values())


def _numbers(truths: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
    return st.recursive(
        _NUMBER_LEAVES,
        lambda below: st.one_of(
            st.builds(n.Arithmetic, st.sampled_from(["+", "-", "*"]), below, below),
            st.builds(n.Arithmetic, st.just("/"), below, st.sampled_from([number(0), number(2), UNSET])),
            st.builds(n.Negative, below),
            st.builds(n.Round, below, st.sampled_from([0, 1])),
            st.builds(lambda *parts: n.Least(parts), below, below),
            st.builds(lambda *parts: n.Greatest(parts), below, below),
            st.builds(lambda who, value, rest: n.Case(((who, value),), rest), truths, below, st.none() | below),
        ),
        max_leaves=4,
    )


NUMBERS = _numbers(_TRUTH_LEAVES)
TRUTHS = st.recursive(
    _TRUTH_LEAVES
    | st.builds(n.Compare, st.sampled_from(OPERATORS), NUMBERS, NUMBERS)
    | st.builds(lambda value, *options: n.OneOf(value, options), NUMBERS, NUMBERS, NUMBERS)
    | st.builds(n.IsUnknown, NUMBERS),
    lambda below: st.one_of(
        st.builds(n.Not, below),
        st.builds(n.IsUnknown, below),
        st.builds(lambda *parts: n.And(parts), below, below),
        st.builds(lambda *parts: n.Or(parts), below, below),
        st.builds(lambda who, value, rest: n.Case(((who, value),), rest), below, below, st.none() | below),
    ),
    max_leaves=5,
)


@covers("ENT-01")
@settings(max_examples=150, deadline=None)
@given(TRUTHS | _numbers(TRUTHS), people(sorted(DOMAIN)))
def test_folding_keeps_the_meaning_and_the_kind(node: n.Node, person: dict[str, object]) -> None:
    folded = fold(node)
    read = Reference(ON).read
    assert read(folded)(person) == read(node)(person)
    assert is_truth(folded) is is_truth(node)
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("node", "folded"),
    [
        # comparisons of what is known already
        (n.Compare("<", number(1), number(2)), n.YES),
        (n.Compare("<=", number(3), number(2)), n.NO),
        (n.Compare("<>", n.Constant("edge"), n.Constant("none")), n.YES),
        (n.Compare(">=", n.Constant(date(2024, 5, 1)), n.Constant(date(2024, 5, 2))), n.NO),
        (n.Compare("=", LEVEL, number(1)), n.Compare("=", LEVEL, number(1))),
        # one of some: found, not found, perhaps among those nobody has set
        (n.OneOf(number(1), (number(2), number(1), UNSET)), n.YES),
        (n.OneOf(number(1), (number(2), number(3))), n.NO),
        (n.OneOf(number(1), (number(2), UNSET)), n.OneOf(number(1), (UNSET,))),
        (n.OneOf(n.YES, (n.NO, n.YES)), n.YES),
        (n.OneOf(LEVEL, (number(2),)), n.OneOf(LEVEL, (number(2),))),
        # not known
        (n.IsUnknown(UNSET), n.YES),
        (n.IsUnknown(number(0)), n.NO),
        (n.IsUnknown(n.NO), n.NO),
        (n.IsUnknown(DEMENTIA), n.IsUnknown(DEMENTIA)),
        # a figure nobody has set stays what it is
        (n.Arithmetic("*", UNSET, number(2)), UNSET),
        (n.Arithmetic("-", number(2), UNSET), UNSET),
        (n.Round(UNSET, 2), UNSET),
        (n.Negative(UNSET), n.Negative(UNSET)),
        # division by zero is unknown, nobody stops
        (n.Arithmetic("/", number(1), number(0)), n.Arithmetic("/", number(1), number(0))),
        (n.Arithmetic("/", number(1), number(3)), n.Constant(Fraction(1, 3))),
        (n.Least((number(2), number(1), UNSET)), n.Least((number(2), number(1), UNSET))),
        (n.Least((number(2), number(1))), number(1)),
        (n.Greatest((number(2), number(1))), number(2)),
        # the tiers of a CASE that can be reached
        (n.Case(((n.NO, number(1)), (n.YES, number(2)), (DEMENTIA, number(3))), number(4)), number(2)),
        (n.Case(((DEMENTIA, number(1)), (n.YES, number(2))), number(3)), n.Case(((DEMENTIA, number(1)),), number(2))),
        (n.Case(((n.NO, number(1)),), number(4)), number(4)),
    ],
)
def test_what_is_known_already_is_worked_out(node: n.Node, folded: n.Node) -> None:
    assert fold(node) == folded


@pytest.mark.parametrize(("value", "truth"), [(number(5), False), (DEMENTIA, True), (n.YES, True)])
def test_a_case_that_never_holds_is_unknown_and_still_a_truth_or_a_number(value: n.Node, truth: bool) -> None:
    folded = fold(n.Case(((n.NO, value), (n.NO, value))))
    assert Reference(ON).read(folded)({"dementia": True}) is None
    assert is_truth(folded) is truth


@covers("PAY-01")
@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.4", 0, "2"),
        ("1.005", 2, "1.01"),
        ("-1.005", 2, "-1.01"),
        ("1.00499999", 2, "1"),
        ("0", 2, "0"),
    ],
)
def test_half_is_rounded_away_from_zero(value: str, decimals: int, rounded: str) -> None:
    assert round_half_away(Fraction(value), decimals) == Fraction(rounded)


@given(st.fractions(max_denominator=1000), st.integers(0, 6))
def test_rounding_moves_by_half_a_place_at_most_and_once_only(value: Fraction, decimals: int) -> None:
    rounded = round_half_away(value, decimals)
    assert abs(rounded - value) * 10**decimals <= Fraction(1, 2)
    assert round_half_away(rounded, decimals) == rounded
    assert round_half_away(-value, decimals) == -rounded


def test_a_what_if_replaces_a_figure_nobody_has_set() -> None:
    figures = Figures({}, ON, {"from_age": Fraction(75)}, "x:1")
    assert figures.value("from_age") == number(75)
    rule = n.Compare(">=", n.Age(), n.ParameterValue("from_age"))
    assert figures.bind(rule) == n.Compare(">=", n.Age(), number(75))
