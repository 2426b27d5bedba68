"""Figures and times as a page says them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from songhe.ui import formats

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [
        (12_486, 0, "12,486"),
        (0, 0, "0"),
        (-0.4, 0, "0"),
        (-1_846, 0, "−1,846"),
        (3_170.25, 1, "3,170.3"),
        (Decimal("2.5"), 0, "3"),
        (None, 0, "–"),
    ],
)
def test_a_figure_has_commas_a_true_minus_and_a_dash_for_nothing(value: float, places: int, said: str) -> None:
    assert formats.number(value, places) == said


@pytest.mark.parametrize(("value", "said"), [(25_973, "+25,973"), (-89, "−89"), (0, "0"), (None, "–")])
def test_a_difference_carries_its_sign(value: int, said: str) -> None:
    assert formats.change(value) == said


@pytest.mark.parametrize(("fen", "said"), [(18_640, "186.40"), (10_000, "100"), (-5, "−0.05"), (0, "0"), (None, "–")])
def test_fen_are_said_in_yuan(fen: int, said: str) -> None:
    assert formats.yuan(fen) == said


def test_large_sums_are_said_in_ten_thousand_yuan() -> None:
    assert formats.ten_thousand_yuan(3_170_234_500) == "3,170.2"
    assert formats.ten_thousand_yuan(None) == "–"


def test_a_share_has_one_decimal_and_needs_a_whole() -> None:
    assert formats.percent(0.0796) == "8.0%"
    assert formats.part(512, 26_418) == "1.9%"
    assert formats.part(1, 0) == formats.part(None, 5) == formats.percent(None) == "–"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (TODAY, "今天"),
        (date(2026, 11, 22), "昨天"),
        (date(2026, 11, 24), "明天"),
        (date(2026, 11, 18), "11月18日"),
        (date(2026, 1, 1), "1月1日"),
        (date(2025, 12, 31), "2025年12月31日"),
        (None, "–"),
    ],
)
def test_a_day_is_said_as_people_say_it(value: date, said: str) -> None:
    assert formats.day(value, TODAY) == said


def test_yesterday_is_yesterday_across_the_year() -> None:
    assert formats.day(date(2026, 12, 31), date(2027, 1, 1)) == "昨天"


def test_a_moment_has_its_hour_and_an_exact_form() -> None:
    at = datetime(2026, 11, 23, 6, 5, 9)
    assert formats.moment(at, TODAY) == "今天 06:05"
    assert formats.exact_moment(at) == "2026年11月23日 06:05:09"
    assert formats.moment(None, TODAY) == "–"


def test_the_day_of_work_names_the_weekday() -> None:
    assert formats.day_with_week(TODAY, TODAY) == "11月23日 星期一"
    assert formats.day_with_week(date(2025, 11, 23), TODAY) == "2025年11月23日 星期日"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 11, 22), "昨天"),
        (date(2026, 11, 20), "3天前"),
        (date(2026, 10, 24), "30天前"),
        (date(2026, 10, 23), "1个月前"),
        (date(2024, 10, 15), "25个月前"),
        (date(2020, 11, 23), "6年前"),
        (date(2026, 12, 1), "12月1日"),
        (None, "–"),
    ],
)
def test_how_long_ago_is_said_in_the_coarsest_fitting_unit(value: date, said: str) -> None:
    assert formats.since(value, TODAY) == said


def test_masks_show_the_ends_only() -> None:
    assert formats.masked_id("429900194203180027") == "4299**********0027"
    assert formats.masked_phone("13871005521") == "138****5521"
    assert formats.masked_phone("0711-555 0132") == "071******0132"
    assert formats.masked_id("12345678") == "******78"
    assert formats.masked_id("123") == "***"
    assert formats.masked_id("") == formats.masked_phone(None) == "–"
