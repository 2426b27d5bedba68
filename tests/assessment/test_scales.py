"""Scales: what they are made of, and what answers come to."""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from songhe.assessment.scales.definition import Scale, current_scale, read_scale, scale_keys, scale_of
from songhe.assessment.scales.scoring import Circumstances, read_grades, score, shown_beside_current
from songhe.kernel.errors import BadInput, NotFound

DAY = date(2024, 5, 6)
NATIONAL, OLD, INSURANCE = "gbt42195-2022", "mzt039-2013", "ltci-2021"
NOTHING = Circumstances()


def answers_worth(scale: Scale, total: int) -> dict[str, str]:
    """Answers that come to a total, taken from the first item on."""
    answers: dict[str, str] = {}
    for item in scale.items:
        points = min(item.most, total)
        total -= points
        answers[item.code] = next(o.code for o in item.options if o.points == points)
    assert not total
    return answers


@pytest.mark.covers("ASM-01")
def test_the_national_scale_has_4_parts_26_items_and_90_points() -> None:
    scale = scale_of(NATIONAL)
    assert [part.most for part in scale.parts] == [32, 15, 28, 15]
    assert [len(part.items) for part in scale.parts] == [8, 4, 9, 5]
    assert (len(scale.items), scale.most) == (26, 90)
    assert current_scale(DAY) is scale


@pytest.mark.covers("ASM-01")
@pytest.mark.parametrize(
    ("total", "about", "level"),
    [
        (90, NOTHING, 0), (89, NOTHING, 1), (66, NOTHING, 1), (65, NOTHING, 2), (46, NOTHING, 2), (45, NOTHING, 3),
        (30, NOTHING, 3), (29, NOTHING, 4), (0, NOTHING, 4), (90, Circumstances(disorder=True), 1),
        (70, Circumstances(risk_events=2), 2), (70, Circumstances(risk_events=1), 1),
        (40, Circumstances(disorder=True), 4), (20, Circumstances(disorder=True), 4), (88, Circumstances(coma=True), 4),
        (60, Circumstances(disorder=True, risk_events=2), 3),
    ],
)  # fmt: skip
def test_points_and_circumstances_come_to_the_level_of_the_standard(
    total: int, about: Circumstances, level: int
) -> None:
    scale = scale_of(NATIONAL)
    answers = answers_worth(scale, total)
    answers["B.3.9"] = answers["B.3.9"].replace("0b", "0a")
    scored = score(scale, answers, about, on_date=DAY)
    assert (scored.total, scored.level) == (total, level)


def test_both_steps_count_where_the_setting_says_so() -> None:
    written = copy.deepcopy(dict(scale_of(NATIONAL).written))
    written["cumulative"] = {"values": [{"from": date(2022, 12, 30), "value": True}]}
    scale = read_scale(written, "a copy")
    scored = score(scale, answers_worth(scale, 60), Circumstances(disorder=True, risk_events=2), on_date=DAY)
    assert (scored.level_by_points, scored.level) == (2, 4)
    assert [reason.key for reason in scored.reasons] == ["disorder", "risk_events"]


def test_coma_as_an_answer_makes_the_level_complete_and_stupor_does_not() -> None:
    scale = scale_of(NATIONAL)
    answers = {item.code: str(item.most) for item in scale.items}
    assert score(scale, answers | {"B.3.9": "0b"}, NOTHING, on_date=DAY).level == 4
    assert score(scale, answers | {"B.3.9": "0a"}, NOTHING, on_date=DAY).level == 1


@pytest.mark.covers("ASM-01")
def test_nothing_is_added_up_while_an_item_is_open() -> None:
    scale = scale_of(NATIONAL)
    answers = answers_worth(scale, 90)
    del answers["B.2.3"]
    answers["B.4.5"] = ""
    with pytest.raises(BadInput, match=r"B\.2\.3、B\.4\.5：2项没有评"):
        score(scale, answers, NOTHING, on_date=DAY)


@pytest.mark.parametrize(
    ("code", "answer", "allowed"),
    [
        ("B.1.1", "5", "0至4"), ("B.1.1", "-1", "0至4"), ("B.1.1", "3.5", "0至4"), ("B.2.4", "4", "0至3"),
        ("B.3.7", "2", "0至1"), ("B.3.9", "0", "2、1、0a、0b"), ("B.4.1", "1c", "2、1a、1b、0a、0b"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_refused_with_its_item_and_what_is_allowed(code: str, answer: str, allowed: str) -> None:
    scale = scale_of(NATIONAL)
    with pytest.raises(BadInput) as caught:
        score(scale, answers_worth(scale, 90) | {code: answer}, NOTHING, on_date=DAY)
    assert caught.value.where.startswith(code)
    assert caught.value.accepted.startswith(allowed)


def test_an_item_of_another_scale_is_refused() -> None:
    scale = scale_of(NATIONAL)
    with pytest.raises(BadInput, match="没有这一项"):
        score(scale, answers_worth(scale, 90) | {"D.1": "5"}, NOTHING, on_date=DAY)


MAXIMA = "44444444" + "4443" + "444444112" + "22434"


def reckoned(points: list[int], coma: bool, disorder: bool, events: int) -> tuple[list[int], int]:
    """A second reckoning, written from the standard's tables alone: points in the order of its items."""
    parts = [sum(points[a:b]) for a, b in ((0, 8), (8, 12), (12, 21), (21, 26))]
    total = sum(parts)
    if coma:
        return parts, 4
    level = 4 - (total >= 30) - (total >= 46) - (total >= 66) - (total == 90)
    return parts, min(level + (1 if disorder or events >= 2 else 0), 4)


@pytest.mark.covers("ASM-01")
def test_a_second_reckoning_agrees_on_a_hundred_thousand_assessments() -> None:
    scale = scale_of(NATIONAL)
    chance = random.Random(42195)  # noqa: S311
    levels = dict.fromkeys(range(5), 0)
    for _ in range(100_000):
        able = chance.random()
        points = [int(most) if chance.random() < able else chance.randint(0, int(most)) for most in MAXIMA]
        coma_said = not points[20] and chance.random() < 0.5
        coma, disorder, events = chance.random() < 0.02, chance.random() < 0.2, chance.choice((0, 0, 0, 1, 2, 3))
        answers = {item.code: str(one) for item, one in zip(scale.items, points, strict=True)}
        if not points[20]:
            answers["B.3.9"] = "0b" if coma_said else "0a"
        scored = score(scale, answers, Circumstances(coma, disorder, events), on_date=DAY)
        parts, level = reckoned(points, coma or coma_said, disorder, events)
        assert (list(scored.parts.values()), scored.level) == (parts, level), answers
        levels[level] += 1
    assert all(number > 1_000 for number in levels.values())


@pytest.mark.covers("ASM-06")
@pytest.mark.parametrize(
    ("points", "grade"), [(100, 0), (95, 1), (65, 1), (60, 2), (45, 2), (40, 3), (0, 3)]
)  # fmt: skip
def test_daily_living_of_the_old_scale_is_graded_by_points(points: int, grade: int) -> None:
    told = {"daily": points, "mental": 0, "perception": 0, "social": 0}
    assert read_grades(scale_of(OLD), told, NOTHING, on_date=DAY, as_points=True).grades["daily"] == grade


@pytest.mark.covers("ASM-06")
@pytest.mark.parametrize(
    ("grades", "level"),
    [
        ((0, 0, 0, 0), 0), ((0, 0, 0, 1), 0), ((0, 1, 0, 0), 1), ((0, 0, 1, 0), 1), ((0, 0, 0, 2), 1),
        ((1, 0, 2, 2), 1), ((1, 1, 2, 2), 1), ((1, 2, 2, 2), 2), ((1, 3, 2, 2), 2), ((2, 1, 0, 0), 2),
        ((2, 2, 1, 0), 2), ((3, 0, 0, 0), 3), ((2, 2, 2, 2), 3), ((2, 3, 0, 0), 3), ((2, 0, 0, 0), None),
    ],
)  # fmt: skip
def test_the_grades_of_the_old_scale_come_to_its_level(grades: tuple[int, ...], level: int | None) -> None:
    told = dict(zip(("daily", "mental", "perception", "social"), grades, strict=True))
    assert read_grades(scale_of(OLD), told, NOTHING, on_date=DAY).level == level


def test_old_changes_stop_at_the_worst_level() -> None:
    old = scale_of(OLD)
    worst = {"daily": 3, "mental": 0, "perception": 0, "social": 0}
    mild = {"daily": 0, "mental": 1, "perception": 0, "social": 0}
    assert read_grades(old, worst, Circumstances(disorder=True), on_date=DAY).level == 3
    assert read_grades(old, mild, Circumstances(risk_events=2), on_date=DAY).level == 2
    assert read_grades(old, mild, Circumstances(coma=True), on_date=DAY).level == 3


@pytest.mark.covers("ASM-06")
def test_an_old_result_is_shown_beside_the_new_scale_and_never_converted() -> None:
    old, national = scale_of(OLD), scale_of(NATIONAL)
    assert [shown_beside_current(old, level) for level in range(4)] == ["0", "1", "2", "3或4，定不下来"]
    assert shown_beside_current(national, 3) == ""
    with pytest.raises(BadInput):
        score(old, {}, NOTHING, on_date=DAY)
    with pytest.raises(BadInput):
        read_grades(national, {}, NOTHING, on_date=DAY)


@pytest.mark.parametrize(
    ("daily", "cognition", "senses", "level"),
    [(100, 16, 12, 0), (100, 3, 12, 1), (65, 16, 12, 1), (65, 0, 12, 2), (60, 16, 4, 2), (45, 1, 12, 3),
     (40, 16, 12, 3), (40, 3, 12, 4), (0, 0, 0, 5)],
)  # fmt: skip
def test_the_insurance_scale_combines_daily_living_with_the_worse_of_the_rest(
    daily: int, cognition: int, senses: int, level: int
) -> None:
    scale = scale_of(INSURANCE)
    answers: dict[str, str] = {}
    for part, wanted in zip(scale.parts, (daily, cognition, senses), strict=True):
        left = wanted
        for item in part.items:
            points = min(left, item.most)
            answers[item.code] = str(points)
            left -= points
    scored = score(scale, answers, NOTHING, on_date=DAY)
    assert list(scored.parts.values()) == [daily, cognition, senses]
    assert (scored.level, scored.total) == (level, None)


def _without_an_item(written: dict[str, Any]) -> None:
    written["parts"][0]["items"].pop()


def _with_a_gap(written: dict[str, Any]) -> None:
    written["bands"][1]["least"] = 67


def _with_two_of_one_code(written: dict[str, Any]) -> None:
    written["parts"][0]["items"][1]["code"] = "B.1.1"


def _without_levels(written: dict[str, Any]) -> None:
    del written["levels"]


@pytest.mark.parametrize("spoil", [_without_an_item, _with_a_gap, _with_two_of_one_code, _without_levels])
def test_a_scale_that_does_not_add_up_is_not_loaded(spoil: Any) -> None:
    written = copy.deepcopy(dict(scale_of(NATIONAL).written))
    spoil(written)
    with pytest.raises(BadInput):
        read_scale(written, "a copy")


def test_all_scales_load_and_an_unknown_one_is_named() -> None:
    assert scale_keys() == (NATIONAL, INSURANCE, OLD) or set(scale_keys()) == {NATIONAL, INSURANCE, OLD}
    kinds: Mapping[str, str] = {key: scale_of(key).use for key in scale_keys()}
    assert kinds == {NATIONAL: "current", OLD: "history", INSURANCE: "insurance"}
    with pytest.raises(NotFound):
        scale_of("gbt42195-2099")
    with pytest.raises(BadInput):
        current_scale(date(2022, 1, 1))
