"""Ages and months: the birthday itself counts, 29 February becomes 1 March, the calendar has ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songhe.kernel.days import (
    age_on,
    birthday_in,
    day_after,
    last_day,
    latest_birth,
    latest_start,
    month_day_in,
    months_between,
    too_long,
)
from tests.trace import covers

DAYS = st.dates()
ENDS = st.sampled_from([date.min, date.max, date(4, 2, 29), date(9996, 2, 29), date(2024, 2, 29), date(2023, 2, 28)])


@covers("PAY-02")
@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        # born          on             age
        ("1944-05-02", "2024-05-01", 79),  # the day before
        ("1944-05-02", "2024-05-02", 80),  # the day itself
        ("1944-05-02", "2024-05-03", 80),
        ("1944-02-29", "2024-02-28", 79),  # a leap year has the day
        ("1944-02-29", "2024-02-29", 80),
        ("1944-02-29", "2023-02-28", 78),  # a common year has not: 1 March
        ("1944-02-29", "2023-03-01", 79),
        ("1944-02-28", "2023-02-28", 79),
        ("1944-12-31", "2024-01-01", 79),
        ("2024-05-01", "2024-05-01", 0),
        ("2024-05-02", "2024-05-01", -1),  # not born yet
        ("0001-01-01", "9999-12-31", 9998),
    ],
)
def test_an_age_is_reached_on_the_birthday(birth: str, on: str, age: int) -> None:
    assert age_on(date.fromisoformat(birth), date.fromisoformat(on)) == age


@pytest.mark.parametrize(
    ("start", "on", "months"),
    [
        ("2024-01-15", "2024-02-14", 0),
        ("2024-01-15", "2024-02-15", 1),
        ("2024-01-31", "2024-02-29", 0),  # the 31st has not come yet on the last day of February
        ("2024-01-31", "2024-03-01", 1),
        ("2024-01-31", "2024-03-31", 2),
        ("2024-02-29", "2024-03-29", 1),
        ("2023-12-31", "2024-01-01", 0),
        ("2024-03-01", "2024-02-01", -1),
        ("2024-03-02", "2024-02-01", -2),
        ("0001-01-01", "9999-12-31", 9998 * 12 + 11),
    ],
)
def test_a_month_is_full_on_the_same_day_of_the_month(start: str, on: str, months: int) -> None:
    assert months_between(date.fromisoformat(start), date.fromisoformat(on)) == months


@given(birth=DAYS | ENDS, on=DAYS | ENDS)
def test_an_age_is_twelve_full_months(birth: date, on: date) -> None:
    assert age_on(birth, on) == months_between(birth, on) // 12


@given(on=DAYS | ENDS, years=st.integers(-10_000, 10_000))
def test_the_latest_birth_is_the_last_day_on_which_somebody_old_enough_is_born(on: date, years: int) -> None:
    last = latest_birth(years, on)
    if too_long(years * 12, on):
        assert last == date.min
        assert age_on(date.min, on) < years
        return
    assert age_on(last, on) >= years
    assert last == date.max or age_on(last + timedelta(days=1), on) < years


@given(on=DAYS | ENDS, months=st.integers(-130_000, 130_000))
def test_the_latest_start_is_the_last_day_from_which_the_months_are_full(on: date, months: int) -> None:
    last = latest_start(months, on)
    if too_long(months, on):
        assert months_between(date.min, on) < months
        return
    assert months_between(last, on) >= months
    assert last == date.max or months_between(last + timedelta(days=1), on) < months


@given(birth=DAYS | ENDS, years=st.integers(0, 130))
def test_the_birthday_is_the_first_day_of_the_age(birth: date, years: int) -> None:
    if birth.year + years > date.max.year:
        with pytest.raises(ValueError, match="year"):
            birthday_in(years, birth)
        return
    day = birthday_in(years, birth)
    assert age_on(birth, day) == years
    assert years == 0 or age_on(birth, day - timedelta(days=1)) == years - 1


@given(start=DAYS | ENDS, months=st.integers(0, 1500))
def test_the_day_of_a_month_is_the_first_on_which_the_months_are_full(start: date, months: int) -> None:
    try:
        day = month_day_in(months, start)
    except ValueError:
        assert months_between(start, date.max) < months
        return
    assert months_between(start, day) == months
    assert months == 0 or months_between(start, day - timedelta(days=1)) == months - 1


def test_who_is_born_on_29_february_has_the_birthday_on_1_march_of_a_common_year() -> None:
    assert birthday_in(79, date(1944, 2, 29)) == date(2023, 3, 1)
    assert birthday_in(80, date(1944, 2, 29)) == date(2024, 2, 29)


def test_the_day_after_passes_months_and_years() -> None:
    assert day_after(date(2024, 2, 28)) == date(2024, 2, 29)
    assert day_after(date(2023, 12, 31)) == date(2024, 1, 1)


def test_a_span_ends_for_people_on_the_day_before_the_one_that_is_excluded() -> None:
    assert last_day(date(2028, 3, 1)) == date(2028, 2, 29)
    assert last_day(None) is None
