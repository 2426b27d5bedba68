"""Money: whole fen, never a float, rounded once and half away from zero."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.kernel.errors import BadInput
from songhe.kernel.money import Money
from tests.trace import covers

FEN = st.integers(-(10**17), 10**17)


@covers("PAY-01")
@pytest.mark.parametrize(
    ("yuan", "fen"),
    [
        (100, 10000),
        ("100", 10000),
        ("186.40", 18640),
        ("0.005", 1),
        ("0.0049999999999999999999999999999999999", 0),  # rounded once, not first to 28 digits
        ("-0.005", -1),
        ("-0.0049", 0),
        (Decimal("1.005"), 101),
        ("1e3", 100000),
    ],
)
def test_yuan_are_rounded_half_up_to_the_fen(yuan: int | str | Decimal, fen: int) -> None:
    assert Money.from_yuan(yuan) == Money(fen)


@pytest.mark.parametrize("yuan", ["", "百元", "NaN", "sNaN", "Infinity", "-inf", "1e400", "1e999999999", "1,000", None])
def test_what_is_no_amount_is_refused(yuan: str) -> None:
    with pytest.raises(BadInput, match="金额"):
        Money.from_yuan(yuan)


def test_a_float_is_a_bug_and_goes_up() -> None:
    with pytest.raises(TypeError, match="float"):
        Money.from_yuan(0.1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="float"):
        Money(100.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="float"):
        Money(100) * 1.5  # type: ignore[operator]


@given(FEN, FEN, st.integers(-99, 99))
def test_it_adds_and_multiplies_in_fen(one: int, other: int, times: int) -> None:
    assert Money(one) + Money(other) == Money(one + other)
    assert Money(one) + Money(other) - Money(other) == Money(one)
    assert Money(one) * times == Money(one * times)
    assert (Money(one) < Money(other)) == (one < other)


@given(FEN)
def test_it_leaves_with_two_decimals_and_comes_back_the_same(fen: int) -> None:
    money = Money(fen)
    assert money.yuan.as_tuple().exponent == -2
    assert Money.from_yuan(money.yuan) == money
    assert Money.from_yuan(str(money).replace(",", "")) == money


def test_it_is_written_with_thousands_set_apart() -> None:
    assert str(Money(123456789)) == "1,234,567.89"
    assert str(Money(-5)) == "-0.05"
    assert str(Money(0)) == "0.00"
