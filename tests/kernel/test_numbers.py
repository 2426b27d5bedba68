"""Whole numbers as they come back from pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.kernel.numbers import whole_read


@given(st.integers(0, 10**9 - 1))
def test_a_number_is_read_as_it_was_written(number: int) -> None:
    assert whole_read(str(number)) == number
    assert whole_read(str(number).rjust(9, "0")) == number


@pytest.mark.parametrize("text", ["", " 1", "-1", "+1", "1.0", "1e3", "1_000", "１２", "²", "٣", "0x1", "1234567890"])
def test_what_is_no_short_number_is_none(text: str) -> None:
    assert whole_read(text) is None


def test_the_number_of_digits_is_the_callers_up_to_what_a_database_holds() -> None:
    assert (whole_read("99", 2), whole_read("100", 2)) == (99, None)
    assert whole_read("9" * 18, 18) == 10**18 - 1 and whole_read("9" * 19, 40) is None


@given(st.text(max_size=40))
def test_whatever_was_typed_gives_a_number_or_nothing(text: str) -> None:
    found = whole_read(text)
    assert found is None or 0 <= found < 10**9
