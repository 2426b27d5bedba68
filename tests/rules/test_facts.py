"""The person table: what a cell may hold, and how it is said."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from songhe.rules.fact_values import check_value
from songhe.rules.facts import COLUMNS, KEY, PERSON_TABLE, Kind


@pytest.mark.parametrize(
    ("name", "accepted", "refused"),
    [
        ("birth_date", [date(1944, 2, 29), date.min, date.max], ["1944-02-29", datetime(1944, 2, 29), 1944, True, []]),
        ("dementia", [True, False], [1, 0, "true", "是", [], 1.0]),
        ("sex", [1, 2], [0, 3, "1", True, 1.0, Decimal(1), [], {}]),
        ("ability_grade", [0, 4], [-1, 5, False, True, "0", 1.5, float("nan")]),
        ("assistance", ["none", "edge", "minimum_living"], ["", "None", "低保", 0, True, ["none"]]),
        ("registered_region", ["420700", "420704101", "420704101003"], [420700, "4207", "４２０７００", "", True, []]),
    ],
)
def test_a_fact_accepts_its_values_and_unknown_and_nothing_else(
    name: str, accepted: list[Any], refused: list[Any]
) -> None:
    fact = PERSON_TABLE[name]
    assert check_value(fact, None)
    assert [value for value in accepted if not check_value(fact, value)] == []
    assert [value for value in refused if check_value(fact, value)] == []


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("birth_date", "日期，写成2024-05-01"),
        ("dementia", "true、false或空"),
        ("registered_region", "6、9或12位数字的行政区划代码"),
        ("sex", "1（男）、2（女）"),
        ("hukou_kind", "urban（城镇）、rural（农村）"),
    ],
)
def test_a_fact_says_what_it_accepts(name: str, accepted: str) -> None:
    assert PERSON_TABLE[name].accepted == accepted


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("dementia", None, "不知道"),
        ("dementia", True, "是"),
        ("dementia", False, "否"),
        ("assistance", "edge", "低保边缘（低收入）"),
        ("disability_level", 1, "一级"),
        ("disability_level", 9, "9"),
        ("birth_date", date(1944, 2, 29), "1944-02-29"),
        ("registered_region", "420700", "420700"),
    ],
)
def test_a_value_is_said_in_chinese(name: str, value: Any, words: str) -> None:
    assert PERSON_TABLE[name].say(value) == words


def test_the_table_is_complete_and_cannot_be_changed() -> None:
    assert COLUMNS[0] == KEY and len(set(COLUMNS)) == len(COLUMNS) == 29
    for fact in PERSON_TABLE.values():
        assert fact.label and fact.question.endswith("？")
        assert bool(fact.values) == (fact.kind in (Kind.WORD, Kind.CODE, Kind.GRADE))
        assert bool(fact.if_true and fact.if_false) == (fact.kind is Kind.BOOL)
        assert len(set(fact.values.values())) == len(fact.values)  # a spoken answer leads back to one value
    with pytest.raises(TypeError):
        PERSON_TABLE["x"] = PERSON_TABLE["sex"]  # type: ignore[index]
