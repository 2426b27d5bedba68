"""Region codes: a code says as much as its digits before the padding; coarser than the area is unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.kernel.errors import BadInput
from songhe.kernel.regions import coarser_codes, digits_below, significant, within

DIGITS = st.integers(0, 99)


@st.composite
def codes(draw: st.DrawFn) -> str:
    """Any code of 6, 9 or 12 digits, often with empty lower levels."""
    parts = [f"{draw(DIGITS):02d}" for _ in range(3)] + [f"{draw(st.integers(0, 999)):03d}" for _ in range(2)]
    known = draw(st.integers(0, 5))
    parts = [part if place < known else "0" * len(part) for place, part in enumerate(parts)]
    return "".join(parts)[: draw(st.sampled_from([6, 9, 12]))]


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("000000", ""),
        ("000000000000", ""),
        ("420000", "42"),
        ("420700", "4207"),
        ("420700000000", "4207"),
        ("420704", "420704"),
        ("420704000", "420704"),
        ("420704101", "420704101"),
        ("420704101000", "420704101"),
        ("420704101003", "420704101003"),
        ("441900003", "441900003"),  # a city without districts: the township hangs on it directly
        ("100000", "10"),
        ("420010", "420010"),
    ],
)
def test_a_code_says_as_much_as_its_digits_before_the_padding(code: str, digits: str) -> None:
    assert significant(code) == digits


@pytest.mark.parametrize(
    "code", ["", "42", "42070", "4207000", "42070A", "４２０７００", "420700 ", "-20700", "²²²²²²"]
)
def test_what_is_no_code_is_refused_and_says_what_is(code: str) -> None:
    with pytest.raises(BadInput, match="6、9或12位"):
        significant(code)


@pytest.mark.parametrize(
    ("code", "area", "answer"),
    [
        # known          area            lies in it?
        ("420704101003", "420000", True),
        ("420704101003", "420700", True),
        ("420704101003", "420704", True),
        ("420704101003", "420704101", True),
        ("420704101003", "420704101003", True),
        ("420704101003", "420704101004", False),
        ("420704101003", "420704102", False),
        ("420704101003", "420703", False),
        ("420704101003", "421000", False),
        ("420704101003", "430000", False),
        ("420700", "420700", True),
        ("420700000", "420700", True),
        ("420700", "420704", None),  # somewhere in the city
        ("420700000000", "420704101003", None),
        ("420000", "420700", None),
        ("000000", "420700", None),  # somewhere in the country
        ("420700101", "420704", False),  # hangs on the city, not on its districts
        ("420703", "420704101", False),
        ("000000", "000000", True),
        ("999999", "000000", True),
        ("441900", "441900003", None),
        ("441900003", "441900", True),
    ],
)
def test_within(code: str, area: str, answer: bool | None) -> None:
    assert within(code, area) is answer


@given(codes(), codes())
def test_within_follows_from_what_the_digits_say(code: str, area: str) -> None:
    known, wanted = significant(code), significant(area)
    expected = (
        True if known.startswith(wanted) else None if wanted.startswith(known) and known in _levels(area) else False
    )
    assert within(code, area) is expected


def _levels(code: str) -> set[str]:
    return {code[:end] for end in (0, 2, 4, 6, 9, 12)} | {significant(code)}


@given(codes())
def test_coarser_codes_are_larger_divisions_around_it(code: str) -> None:
    for coarser in coarser_codes(code):
        assert significant(code).startswith(significant(coarser))
        assert significant(coarser) != significant(code)
        assert within(code, coarser) is True


@pytest.mark.parametrize(
    ("digits", "least", "below"),
    [("", 4, 4), ("", 2, 2), ("42", 4, 4), ("4207", 4, 6), ("4207", 6, 6), ("", 6, 6), ("420704", 4, 9),
     ("420704001", 4, 12), ("420704001002", 4, 12)],
)  # fmt: skip
def test_the_divisions_right_below_have_so_many_digits(digits: str, least: int, below: int) -> None:
    assert digits_below(digits, least=least) == below
