"""Units: what may be written, what a product is, how it is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.kernel.errors import BadInput
from songhe.rules.units import MONTH, PERCENT, RATIO, WORDS, YEAR, Unit, in_words, parse_unit

UNITS = st.dictionaries(st.sampled_from(sorted(WORDS)), st.sampled_from([-2, -1, 1, 2])).map(
    lambda powers: Unit(tuple(sorted(powers.items())))
)


@pytest.mark.parametrize(
    ("text", "same_as", "words"),
    [
        ("CNY", "CNY", "元"),
        ("CNY/month", "CNY/month", "元/月"),
        ("ratio", "ratio", "倍"),
        ("CNY/CNY", "ratio", "倍"),
        ("percent", "percent", "%"),
        ("CNY/month/person", "CNY/person/month", "元/月/人"),
        ("month*CNY/month", "CNY", "元"),
        ("day*day", "day*day", "天·天"),
        ("1/week", "1/week", "1/周"),
        ("times/month", "times/month", "次/月"),
        ("year", "year", "年"),
    ],
)
def test_a_unit_is_read_and_said(text: str, same_as: str, words: str) -> None:
    assert parse_unit(text) == parse_unit(same_as)
    assert in_words(parse_unit(text)) == words


@pytest.mark.parametrize(
    "text", ["", "元", "CNY/", "/month", "CNY//month", "cny", "1", "1*CNY", "CNY/1", "%", "CNY month"]
)
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="没有这个单位") as refused:
        parse_unit(text)
    assert "CNY" in refused.value.accepted


@given(UNITS)
def test_a_unit_is_written_as_it_is_read(unit: Unit) -> None:
    assert parse_unit(str(unit)) == unit


@given(UNITS, UNITS)
def test_a_quotient_undoes_a_product(one: Unit, other: Unit) -> None:
    assert one.times(other) == other.times(one)
    assert one.times(other).times(other, -1) == one
    assert one.times(RATIO) == one


def test_units_that_look_alike_are_not_the_same() -> None:
    assert parse_unit("CNY") != parse_unit("CNY/month")
    assert parse_unit("CNY/year") != parse_unit("CNY/month")
    assert len({YEAR, MONTH, PERCENT, RATIO}) == 4
