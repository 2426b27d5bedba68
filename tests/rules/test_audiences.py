"""Whom an item addresses, read from its rule alone; and the cut of a list for a group of people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from songhe.kernel.errors import NotFound
from songhe.rules.audiences import COHORTS, KINDS, Audience, audience_of, cut
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.programme import BoundItem
from tests.rules.writing_lists import ON, cash, figure, item, programme
from tests.trace import covers

SHARED = {"from_age": figure(80, "year"), "later_age": figure(None, "year"), "grade": figure(None, "grade")}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


def bound(root: Path, who: str, **keys: Any) -> BoundItem:
    return programme(root, item(1, who=who, **keys), parameters=SHARED).items[0]


def audience(root: Path, who: str, **keys: Any) -> Audience:
    return audience_of(bound(root, who, **keys), ON)


@covers("POL-04")
@pytest.mark.parametrize(
    ("who", "required", "either"),
    [
        ("TRUE", [], []),
        ("age >= 60", [], []),
        ("dementia", ["dementia"], []),
        ("NOT dementia", [], []),
        ("capable_supporter", [], []),
        ("NOT capable_supporter", ["unsupported"], []),
        ("dementia AND lives_alone", ["dementia", "alone"], []),
        ("dementia OR lives_alone", [], ["dementia", "alone"]),
        ("dementia AND (lives_alone OR empty_nest)", ["dementia"], ["alone", "empty-nest"]),
        ("NOT (NOT dementia OR NOT lives_alone)", ["dementia", "alone"], []),
        # words and grades: a condition counts when only members meet it
        ("assistance = 'edge'", ["low-income"], []),
        ("assistance IN ('edge', 'minimum_living')", ["low-income"], []),
        ("assistance <> 'none'", ["low-income"], []),
        ("assistance <> 'edge'", [], []),
        ("assistance = 'none'", [], []),
        ("ability_grade >= 1", ["function-loss"], []),
        ("ability_grade >= 0", [], []),
        ("disability_level BETWEEN 1 AND 2", ["disabled"], []),
        ("disability_level <= 2", [], []),  # none at all is 0
        # the same cohort by another fact
        ("cannot_self_care OR ability_grade >= 2", ["function-loss"], []),
        ("cannot_self_care OR dementia", [], ["function-loss", "dementia"]),
        # a condition on two facts at once addresses nobody by itself
        ("disability_level = ability_grade", [], []),
        # waits for a figure, yet speaks of the cohort; whether only its members will do depends on the figure
        ("ability_grade >= grade", [], ["function-loss"]),
        ("hukou_kind = 'rural'", ["rural"], []),
    ],
)
def test_the_cohorts_a_rule_addresses(root: Path, who: str, required: list[str], either: list[str]) -> None:
    found = audience(root, who)
    assert [cohort.key for cohort in found.required] == required
    assert [cohort.key for cohort in found.either] == either
    assert [cohort.key for cohort in found.cohorts] == required + either


@covers("POL-04")
@pytest.mark.parametrize(
    ("who", "from_age", "tiers", "age_open", "words"),
    [
        ("TRUE", 0, (), "", "不看年龄"),
        ("age >= 60", 60, (), "", "60周岁起"),
        ("age >= from_age", 80, (), "", "80周岁起"),
        ("age >= 60 AND dementia OR age >= 80", 60, (80,), "", "60周岁起，80周岁另有一档"),
        ("dementia OR age >= 80", 0, (80,), "", "不看年龄，80周岁另有一档"),
        ("age IN (70, 80)", 70, (80,), "", "70周岁起，80周岁另有一档"),
        ("age >= later_age", 0, (), "all ways", "年龄未定"),
        ("age >= 60 AND age >= later_age", 60, (), "all ways", "年龄未定"),
        ("dementia OR age >= later_age", 0, (), "one way", "不看年龄；有一处年龄未定"),
        ("age >= 60 AND (dementia OR age >= later_age)", 60, (), "one way", "60周岁起；有一处年龄未定"),
        ("age >= 60 AND age < 60", 0, (60,), "", "不看年龄，60周岁另有一档"),  # open to nobody
    ],
)  # fmt: skip
def test_the_ages_a_rule_speaks_of(
    root: Path, who: str, from_age: int, tiers: tuple[int, ...], age_open: str, words: str
) -> None:
    found = audience(root, who)
    assert (found.from_age, found.tiers, found.age_open) == (from_age, tiers, age_open)
    assert found.age_words() == words


def test_ages_at_which_more_is_given_are_tiers(root: Path) -> None:
    tiers = "CASE WHEN age >= 90 THEN 200 ELSE 100 END"
    one = programme(root, cash(1, "age >= 80", tiers, also=[{"discount": "CASE WHEN age >= 70 THEN 50 END"}])).items[0]
    assert (audience_of(one, ON).from_age, audience_of(one, ON).tiers) == (80, (90,))


def test_the_places_a_rule_speaks_of_each_once(root: Path) -> None:
    lives_there = "within(residence_region, '420704') OR within(residence_region, '420700')"
    who = f"within(registered_region, '420700') AND ({lives_there})"
    assert audience(root, who).places == ("420700", "420704")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("age >= 60", "不分人群"),
        ("dementia", "须是失智"),
        ("dementia OR lives_alone", "其中一类：失智、独居"),
        ("hukou_kind = 'urban' AND (dementia OR lives_alone)", "须是城镇户口；其中一类：失智、独居"),
    ],
)
def test_the_cohorts_in_words(root: Path, who: str, words: str) -> None:
    assert audience(root, who).cohort_words() == words


@covers("POL-04")
@pytest.mark.parametrize(
    ("who", "group", "belongs"),
    [
        ("age >= 80", "age:80", True),
        ("age >= 80", "age:79", False),
        ("age >= 80 AND dementia", "age:80", True),  # not ruled out
        ("age >= 80", "everyone", True),
        ("age >= 80 AND dementia", "everyone", False),
        ("age >= 80", "不分人群", True),
        ("dementia", "healthy", False),
        ("dementia OR age >= 60", "healthy", True),
        ("ability_grade >= 1 OR disability_level >= 1", "健康", False),
        ("disability_category = 6", "健康", False),
        ("NOT dementia", "健康", True),
        ("dementia", "dementia", True),
        ("dementia", "失智", True),
        ("dementia", "body", True),
        ("dementia", "身体状况", True),
        ("dementia", "poor", False),
        ("dementia", "alone", False),
        ("assistance = 'edge'", "经济困难", True),
        ("age >= 80", "family", False),
    ],
)
def test_the_cut_of_a_list_for_a_group(root: Path, who: str, group: str, belongs: bool) -> None:
    assert cut(bound(root, who), group, ON) is belongs


@pytest.mark.parametrize("group", ["rich", "", "age:", "age:eighty", "age:-1", "80"])
def test_a_group_that_is_none_is_not_found_and_those_there_are_are_named(root: Path, group: str) -> None:
    with pytest.raises(NotFound) as refused:
        cut(bound(root, "dementia"), group, ON)
    for name in ("age:80", "everyone", "健康", "poor", "经济困难", "dementia", "失智"):
        assert name in refused.value.accepted.split("、")


def test_cohorts_are_told_by_values_that_facts_have_and_never_by_all_of_them() -> None:
    assert len({cohort.key for cohort in COHORTS}) == len({cohort.word for cohort in COHORTS}) == len(COHORTS)
    for cohort in COHORTS:
        assert cohort.kind in KINDS
        for fact, members in cohort.marks.items():
            known = {True, False} if PERSON_TABLE[fact].kind is Kind.BOOL else set(PERSON_TABLE[fact].values)
            assert members < known
