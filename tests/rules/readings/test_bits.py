"""Bits and columns: the same answers either way, wherever a column begins and however long it is."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.kernel.regions import within
from songhe.rules import nodes as n
from songhe.rules.readings.arrow_bits import bits_of, column_of, packed, within_bits
from songhe.rules.readings.bitmaps import (
    Bits,
    Coded,
    Computed,
    Plan,
    Truth,
    conditions_of,
    everyone_of,
    population,
    words_for,
)
from tests.rules.readings.one_of_each import AGE, ALONE, DEMENTIA, LEVEL, OLD, number

ANSWERS = st.lists(st.sampled_from([True, False, None]), max_size=200)
AREAS = ["000000", "420000", "420700", "420704", "420704001", "420704001001", "110000"]
CODES = [*AREAS, "420700000000", "420704000", "420704000000", "420704002", "420703", "420704001002", "421100"]


def column(answers: list[bool | None]) -> pl.Series:
    return pl.Series("x", answers, dtype=pl.Boolean)


@given(ANSWERS, st.integers(0, 70), st.integers(0, 70))
def test_a_column_becomes_bits_and_comes_back(answers: list[bool | None], first: int, last: int) -> None:
    part = column(answers)[first : max(first, len(answers) - last)]
    bits = bits_of(part, everyone_of(len(part)))
    back = column_of("y", bits, len(part))
    assert back.name == "y" and back.to_list() == part.to_list()
    assert population(bits.true) == int(part.sum() or 0)
    assert population(bits.unknown()) == part.null_count()
    assert bits.decided is not bool(part.null_count())


@pytest.mark.parametrize(("count", "words"), [(0, 0), (1, 1), (63, 1), (64, 1), (65, 2), (128, 2), (129, 3)])
def test_everyone_is_each_person_once(count: int, words: int) -> None:
    everyone = everyone_of(count)
    assert words_for(count) == len(everyone) == words
    assert population(everyone) == count


def test_packing_sets_a_bit_for_each_person() -> None:
    truths = np.zeros(130, dtype=np.bool_)
    truths[[0, 63, 64, 129]] = True
    assert [int(word) for word in packed(truths)] == [1 | 1 << 63, 1, 1 << 1]


def test_a_part_is_the_answer_for_some_words() -> None:
    answers = [True, None] * 64
    undecided, decided = (bits_of(column(a), everyone_of(128)) for a in (answers, [True, False] * 64))
    part = undecided.part(1, 2)
    assert (population(part.true), population(part.unknown())) == (32, 32)
    assert decided.part(0, 1).decided and population(decided.part(0, 1).true) == 32


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("codes", [CODES, [*CODES, None], CODES[:1], [None], CODES * 9 + [None]])
def test_who_is_in_an_area(codes: list[str | None], area: str) -> None:
    everyone = everyone_of(len(codes))
    bits = within_bits(pl.Series(codes, dtype=pl.String), area, everyone)
    assert bits is not None
    found = column_of("x", bits, len(codes)).to_list()
    assert found == [None if code is None else within(code, area) for code in codes]


def test_part_of_a_column_of_codes() -> None:
    codes = pl.Series(CODES)[3:11]
    bits = within_bits(codes, "420704", everyone_of(8))
    assert bits is not None
    assert column_of("x", bits, 8).to_list() == [within(code, "420704") for code in CODES[3:11]]


def test_codes_that_are_no_codes_are_left_to_others() -> None:
    assert within_bits(pl.Series([], dtype=pl.String), "420704", everyone_of(0)) is None
    assert within_bits(pl.Series(["420704", "4207040010010"]), "420704", everyone_of(2)) is None


def run(trees: dict[str, n.Node], leaves: dict[n.Node, list[bool | None]]) -> tuple[Plan, list[list[bool | None]]]:
    """The answers of every slot, the leaves answered for a few people."""
    plan = Plan(trees)
    count = len(next(iter(leaves.values())))
    everyone = everyone_of(count)
    slots = plan.run([bits_of(column(leaves[leaf]), everyone) for leaf in plan.leaves], everyone)
    return plan, [column_of("x", bits, count).to_list() for bits in slots]


THREE: list[bool | None] = [True, False, None]
FIRST: list[bool | None] = [a for a in THREE for _ in THREE]
SECOND: list[bool | None] = THREE * 3


def kleene(word: str, one: bool | None, other: bool | None) -> bool | None:
    """The table of three-valued logic: a no settles AND, a yes settles OR, else what is open stays open."""
    settles = word == "or"
    if settles in (one, other):
        return settles
    return None if None in (one, other) else not settles


@pytest.mark.parametrize("word", ["and", "or"])
def test_words_join_as_kleene_does(word: str) -> None:
    tree = (n.And if word == "and" else n.Or)((DEMENTIA, ALONE))
    plan, slots = run({"x": tree, "not": n.Not(tree)}, {DEMENTIA: FIRST, ALONE: SECOND})
    wanted = [kleene(word, one, other) for one, other in zip(FIRST, SECOND, strict=True)]
    answer, contrary = plan.answers["x"], plan.answers["not"]
    assert isinstance(answer, Truth) and isinstance(contrary, Truth)
    assert slots[answer.slot] == wanted
    assert slots[contrary.slot] == [None if truth is None else not truth for truth in wanted]


def test_equal_parts_are_worked_out_once() -> None:
    both = n.And((DEMENTIA, OLD))
    plan = Plan({"one": both, "other": n.Or((ALONE, n.And((DEMENTIA, OLD)))), "again": n.And((DEMENTIA, OLD))})
    assert sorted(map(str, plan.leaves)) == sorted(map(str, [DEMENTIA, OLD, ALONE]))
    assert plan.answers["one"] == plan.answers["again"]


def test_an_amount_among_few_is_coded_and_a_counted_one_left_with_its_conditions() -> None:
    tiers = n.Case(((DEMENTIA, number(100)),), number(50))
    counted = n.Case(((DEMENTIA, AGE), (OLD, number(1))), n.Arithmetic("*", AGE, LEVEL))
    plan = Plan({"tiers": tiers, "counted": counted})
    coded, computed = plan.answers["tiers"], plan.answers["counted"]
    assert isinstance(coded, Coded) and isinstance(computed, Computed)
    assert [value for value, _ in coded.values] == [100.0, 50.0]
    assert [condition for condition, _ in computed.conditions] == conditions_of(counted) == [DEMENTIA, OLD]


def test_bits_nobody_is_unknown_in_are_one_object() -> None:
    true = everyone_of(10)
    assert Bits(true, true).decided and not Bits(true, true.copy()).decided
