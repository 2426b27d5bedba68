"""An interview asks only what still matters, what settles most first; typed answers are read, or refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest

from songhe.config.paths import policies_folder
from songhe.demo.cast import Elder, cast, cast_day, cast_list
from songhe.demo.divisions import Divisions
from songhe.eligibility.asking import Interview, next_fact
from songhe.eligibility.typed_answers import read_answer, read_known
from songhe.kernel.errors import BadInput
from songhe.rules.answers import ELSEWHERE, answers_apart
from songhe.rules.programme import bind
from songhe.rules.reading_packs import load_pack
from songhe.rules.readings.reference import Reference
from tests.trace import covers

ON = cast_day()
PROGRAMME = bind(load_pack(policies_folder(), cast_list()), ON)
NEW = Interview(PROGRAMME, divisions=Divisions())


def outcomes(facts: Mapping[str, Any]) -> list[bool | None]:
    reading = Reference(ON)
    return [reading.read(bound.outcome)(facts) for bound in PROGRAMME.items]


def amounts(facts: Mapping[str, Any]) -> list[Any]:
    reading = Reference(ON)
    return [reading.read(bound.payable)(facts) for bound in PROGRAMME.items if bound.pays]


LIVING = [one for one in cast() if one.facts.get("death_date") is None]


@cache
def interviewed(person_id: str) -> Interview:
    """The interview of one of the cast who answers truly, 不清楚 where nothing is known."""
    interview, person = NEW, next(one for one in cast() if one.person_id == person_id).facts
    while (asked := interview.question()) is not None:
        assert asked.fact not in dict(interview.answers), "asked twice"
        interview = interview.answer(asked.fact, person.get(asked.fact))
    return interview


@covers("ENT-01", "ENT-06")
@pytest.mark.parametrize("one", LIVING, ids=lambda one: one.person_id)
def test_who_is_asked_knows_in_the_end_what_the_file_would_have_told(one: Elder) -> None:
    """What was not asked did not matter: outcomes and amounts are those of all facts together."""
    interview = interviewed(one.person_id)
    assert outcomes(interview.facts) == outcomes(one.facts)
    assert amounts(interview.facts) == amounts(one.facts)


@covers("ENT-06")
def test_fewer_questions_are_asked_than_there_are_facts() -> None:
    counts = [len(interviewed(one.person_id).answers) for one in LIVING]
    assert max(counts) < len(PROGRAMME.fact_names) - 1
    assert sum(counts) / len(counts) <= 18


@covers("ENT-01")
@pytest.mark.parametrize("one", cast()[:3], ids=lambda one: one.person_id)
def test_each_question_can_change_something(one: Elder) -> None:
    """Some answer changes an outcome, an amount or what else is asked for; else it would be a question for nothing."""
    interview = NEW
    while (asked := interview.question()) is not None:
        facts = interview.facts
        trees = [tree for bound in PROGRAMME.items for tree in (bound.outcome, bound.eligible_amount()) if tree]
        values = answers_apart(asked.fact, trees, ON, facts)
        ends = {
            repr((outcomes({**facts, asked.fact: value}), amounts({**facts, asked.fact: value}))) for value in values
        }
        assert len(ends) > 1 or asked.items, asked.fact
        interview = interview.answer(asked.fact, one.facts.get(asked.fact))


@covers("ENT-06")
def test_the_first_question_settles_more_items_than_any_other_would() -> None:
    def settled_on_average(name: str) -> float:
        values = answers_apart(name, [bound.who for bound in PROGRAMME.items], ON, {})
        return sum(sum(answer is not None for answer in outcomes({name: value})) for value in values) / len(values)

    first = NEW.question()
    assert first is not None
    assert first.fact == "birth_date"
    others = {"assistance", "destitute_support", "disability_level", "pension_scheme", "residence_region"}
    assert all(settled_on_average("birth_date") > settled_on_average(name) for name in others)


def test_what_is_known_is_not_asked() -> None:
    facts = {name: value for name, value in cast()[0].facts.items() if value is not None}
    assert Interview(PROGRAMME, known=facts).question() is None


def test_who_has_no_certificate_has_no_level_to_tell() -> None:
    interview = NEW.answer("disability_category", 0)
    assert interview.facts["disability_level"] == 0


def test_who_has_a_level_is_not_offered_to_have_no_certificate() -> None:
    words = [choice.words for choice in NEW.answer("disability_level", 3).asked("disability_category").choices]
    assert words[0] == "视力"
    assert len(words) == 7
    assert NEW.asked("disability_category").choices[0].words == "无残疾证"


def test_what_nobody_knows_is_asked_once() -> None:
    first = NEW.question()
    assert first is not None
    following = NEW.answer(first.fact, None).question()
    assert following is not None
    assert following.fact != first.fact
    assert first.fact not in NEW.answer(first.fact, None).facts


def test_a_place_too_coarse_to_decide_is_not_asked_again() -> None:
    interview = NEW.answer("registered_region", "420000")
    while (asked := interview.question()) is not None:
        assert asked.fact != "registered_region"
        interview = interview.answer(asked.fact, None)


def test_going_back_takes_the_last_answer_away() -> None:
    interview = NEW.answer("birth_date", date(1942, 1, 1)).answer("assistance", "edge")
    assert interview.back().answers == (("birth_date", date(1942, 1, 1)),)
    assert NEW.back() == NEW


def test_nothing_is_left_to_ask_of_the_dead() -> None:
    assert next_fact(PROGRAMME, {"death_date": date(2020, 1, 1)}) is None


def test_a_question_offers_the_districts_by_name_and_elsewhere() -> None:
    asked = NEW.asked("registered_region")
    words = {choice.words: choice.value for choice in asked.choices}
    assert words["鄂州市鄂城区"] == "420704"
    assert words["不在鄂州市"] == ELSEWHERE


@pytest.mark.parametrize(
    "typed",
    [
        "1944-05-02", "1944-5-2", "1944.5.2", "1944/05/02", "1944年5月2日", "1944年5月2号", "19440502", "1944 5 2",
        "1944，5，2", "１９４４／５／２", " 1944 年 5 月 2 日 ", "一九四四年五月二日",
    ],
)  # fmt: skip
def test_a_day_in_many_spellings(typed: str) -> None:
    assert read_answer(NEW.asked("birth_date"), typed, ON) == date(1944, 5, 2)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("一九三六年十月十日", date(1936, 10, 10)),
        ("一九三六年十一月二十一日", date(1936, 11, 21)),
        ("一九四〇年十二月三十号", date(1940, 12, 30)),
        ("一九四零年二月二十九日", date(1940, 2, 29)),
    ],
)
def test_a_day_in_chinese_figures(typed: str, day: date) -> None:
    assert read_answer(NEW.asked("birth_date"), typed, ON) == day


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("44-05-02", "年份要写4位"),
        ("1944-05", "要写到哪一天"),
        ("1944年", "要写到哪一天"),
        ("1943-02-29", "1943年没有2月29日"),
        ("1944-13-01", "1944年没有13月1日"),
        ("2024-05-02", "还没有到"),
        ("1844-05-02", "岁了"),
        ("农历四月初十", "要公历的"),
        ("民国33年5月2日", "要公历的"),
        ("八十了", "看不懂"),
        ("194405021", "看不懂"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_in_words(typed: str, problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_answer(NEW.asked("birth_date"), typed, ON)
    assert problem in caught.value.problem
    assert caught.value.accepted


@pytest.mark.parametrize("typed", ["0", "不知道", "不清楚", "？", "", "０"])
@pytest.mark.parametrize("fact", ["birth_date", "assistance", "dementia", "registered_region"])
def test_not_knowing_is_an_answer_everywhere(fact: str, typed: str) -> None:
    assert read_answer(NEW.asked(fact), typed, ON, Divisions()) is None


@pytest.mark.parametrize(
    ("fact", "typed", "value"),
    [
        ("lives_alone", "是", True),
        ("lives_alone", "是的", True),
        ("lives_alone", "否", False),
        ("lives_alone", "不是", False),
        ("lives_alone", "1", True),
        ("lives_alone", "２", False),
        ("dementia", "有", True),
        ("dementia", "没有", False),
        ("assistance", "低保", "minimum_living"),
        ("assistance", "3", "minimum_living"),
        ("assistance", "没有", "none"),
        ("disability_level", "一级", 1),
        ("disability_level", "没有", 0),
        ("registered_region", "鄂州市鄂城区", "420704"),
        ("registered_region", "鄂城区", "420704"),
        ("registered_region", "420704001", "420704001"),
        ("registered_region", "不在鄂州市", ELSEWHERE),
    ],
)
def test_answers_in_words_or_numbers(fact: str, typed: str, value: Any) -> None:
    found = read_answer(NEW.asked(fact), typed, ON, Divisions())
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("fact", "typed"),
    [
        ("lives_alone", "3"),
        ("lives_alone", "也许"),
        ("assistance", "9"),
        ("assistance", "是"),
        ("registered_region", "武汉"),
        ("registered_region", "42070"),
        ("registered_region", "东沟村"),
    ],
)
def test_what_fits_no_answer_is_refused_with_what_would_do(fact: str, typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_answer(NEW.asked(fact), typed, ON, Divisions())
    assert caught.value.accepted


def test_a_name_that_stands_twice_is_told_apart_by_its_codes() -> None:
    with pytest.raises(BadInput, match="2处") as caught:
        read_answer(NEW.asked("registered_region"), "东沟村", ON, Divisions())
    codes = {code for code, _ in Divisions().named("东沟村")}
    assert len(codes) == 2
    assert all(code in caught.value.accepted for code in codes)


def test_facts_written_beforehand_by_label_or_column() -> None:
    lines = ["# 王家", "", "出生日期：1944年5月2日", "assistance: 低保", "独居：否", "失智：不清楚"]
    assert read_known(NEW, lines, "known.txt", ON) == {
        "birth_date": date(1944, 5, 2),
        "assistance": "minimum_living",
        "lives_alone": False,
        "dementia": None,
    }


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        (["出生日期：1944-05-02", "生日：1944-05-02"], "第2行"),
        (["出生日期：1944-05-02", "birth_date: 1944-05-02"], "第2行"),
        (["救助类别：贫困"], "第1行 救助类别"),
        (["低保"], "第1行"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(lines: list[str], where: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_known(NEW, lines, "known.txt", ON)
    assert caught.value.where == f"known.txt{where}"
    assert "1944" not in caught.value.problem
