"""The one question that settles most: reckoned again by hand for everything that could be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from songhe.rules import nodes as n
from songhe.rules.answers import answers_apart
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.programme import Programme
from songhe.rules.questions import Question, answers_by_words, best_question
from songhe.rules.readings.reference import Person, Reference
from tests.rules.small_world import RULES, people
from tests.rules.writing_lists import ON, cash, figure, item, programme
from tests.trace import covers


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lists")


def bound(root: Path, *rules: str, **keys: Any) -> Programme:
    return programme(root, *(item(number, who=who) for number, who in enumerate(rules, start=1)), **keys)


@covers("ENT-01")
@pytest.mark.parametrize(
    ("rules", "person", "question"),
    [
        # one answer settles both items, the other facts only one, or none for sure
        (
            ["dementia AND lives_alone", "dementia AND empty_nest"],
            {"lives_alone": True, "empty_nest": True},
            Question("dementia", 2, 2.0, ("item-1", "item-2")),
        ),
        # 'no' settles both, 'yes' neither
        (
            ["dementia AND lives_alone", "dementia AND empty_nest"],
            {},
            Question("dementia", 0, 1.0, ("item-1", "item-2")),
        ),
        # of equally good ones the first
        (["dementia OR lives_alone"], {}, Question("dementia", 0, 0.5, ("item-1",))),
        # of three answers two settle
        (
            ["assistance = 'edge' AND dementia"],
            {},
            Question("assistance", 0, 2 / 3, ("item-1",)),
        ),
        # the same on average, but something for sure
        (
            ["dementia", "lives_alone AND sex = 1", "lives_alone AND sex = 1"],
            {"sex": None},
            Question("dementia", 1, 1.0, ("item-1",)),
        ),
        (["age >= 80"], {}, Question("birth_date", 1, 1.0, ("item-1",))),
        (["age >= 80 AND dementia"], {}, Question("birth_date", 0, 0.5, ("item-1",))),
        (["within(registered_region, '420700')"], {}, Question("registered_region", 1, 1.0, ("item-1",))),
        # known, but too coarse
        (
            ["within(registered_region, '420704')"],
            {"registered_region": "420700"},
            Question("registered_region", 1, 1.0, ("item-1",)),
        ),
        (["birth_date <= DATE '9999-12-31'"], {}, Question("birth_date", 1, 1.0, ("item-1",))),
        # nothing is open, or nobody can be asked
        (["dementia"], {"dementia": False}, None),
        (["dementia"], {"death_date": date(2024, 1, 1)}, None),
        (["1 / disability_level > 2"], {"disability_level": 0}, None),
        (["dementia IS NULL"], {}, None),
    ],
)
def test_the_best_question(root: Path, rules: list[str], person: Person, question: Question | None) -> None:
    assert best_question(bound(root, *rules), person) == question


def test_a_figure_nobody_has_set_is_not_asked_for(root: Path) -> None:
    own = {"from_age": figure(None, "year")}
    one = programme(root, item(1, who="age >= from_age AND dementia", parameters=own))
    assert best_question(one, {"birth_date": date(1944, 5, 1)}) == Question("dementia", 0, 0.5, ("item-1",))
    assert best_question(one, {"birth_date": date(1944, 5, 1), "dementia": True}) is None


def test_what_was_asked_already_is_not_asked_again(root: Path) -> None:
    one = bound(root, "dementia OR lives_alone")
    assert best_question(one, {}, frozenset({"dementia"})) == Question("lives_alone", 0, 0.5, ("item-1",))
    assert best_question(one, {}, frozenset({"dementia", "lives_alone"})) is None


def test_what_only_the_amount_hangs_on_settles_no_item(root: Path) -> None:
    tiers = "CASE WHEN age >= 90 THEN 200 ELSE 100 END"
    one = programme(root, cash(1, "dementia", tiers))
    assert best_question(one, {"dementia": True}) is None  # the outcome is a yes already
    assert best_question(one, {}) == Question("dementia", 1, 1.0, ("item-1",))


@pytest.fixture(scope="module")
def three_items(root: Path) -> Programme:
    """Any list with three items, whose rules are then others."""
    return bound(root, "dementia", "dementia", "dementia")


@covers("ENT-01")
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_other_question_settles_more(three_items: Programme, data: st.DataObject) -> None:
    rules = data.draw(st.lists(RULES, min_size=1, max_size=3))
    items = [replace(one, who=who, outcome=who) for one, who in zip(three_items.items, rules, strict=False)]
    asking = replace(three_items, items=tuple(items))
    names = list(dict.fromkeys(name for rule in rules for name in n.fact_names(rule)))
    person = data.draw(people(names))
    read = Reference(ON).read
    open_rules = [rule for rule in rules if read(rule)(person) is None]
    found = best_question(asking, person)
    averages = {
        name: sum(read(rule)({**person, name: answer}) is not None for answer in answers for rule in open_rules)
        / len(answers)
        for name in names
        if person[name] is None
        for answers in [answers_apart(name, open_rules, ON, person)]
    }
    if found is None:
        assert all(average == 0 for average in averages.values())
    else:
        assert found.on_average == pytest.approx(averages[found.fact])
        assert found.on_average == pytest.approx(max(averages.values()))


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("dementia", {"是": True, "否": False}),
        ("sex", {"男": 1, "女": 2}),
        ("assistance", {"都不是": "none", "低保边缘（低收入）": "edge", "低保": "minimum_living"}),
        ("birth_date", {}),
        ("registered_region", {}),
    ],
)
def test_the_answers_to_choose_from(name: str, answers: dict[str, Any]) -> None:
    assert answers_by_words(name) == answers


def test_every_fact_with_values_can_be_answered_by_words() -> None:
    for fact in PERSON_TABLE.values():
        if fact.values:
            assert list(answers_by_words(fact.name).values()) == list(fact.values)
