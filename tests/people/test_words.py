"""The words that rules and linkage say of a person have an English on the pages of this room."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from songhe.people import words
from songhe.people.linkage.evidence import Evidence
from songhe.people.linkage.levels import FIELDS
from songhe.people.presenters_facts import ORDER, label_of, say_shortly, say_value
from songhe.people.terms import LifeEventKind, Source
from songhe.rules.facts import PERSON_TABLE, Kind

HAN = re.compile("[\u3400-\u9fff]")


def test_every_fact_and_what_it_can_be_stands_in_the_words_of_the_room() -> None:
    assert set(words.FACTS) == {fact.label for fact in PERSON_TABLE.values()}
    said = {
        word for fact in PERSON_TABLE.values()
        for word in (*fact.values.values(), fact.if_true, fact.if_false, fact.if_none)
    }  # fmt: skip
    assert set(words.VALUES) == said - {""} | {"是", "否", "不知道"}


def test_everything_a_comparison_finds_stands_in_the_words_of_the_room() -> None:
    found = {field.label for field in FIELDS.values()} | {
        level.text for field in FIELDS.values() for level in field.levels
    }
    signs = {Evidence("", "", "", bits).sign for bits in (-4.0, -1.0, 0.0, 1.0, 4.0)}
    assert set(words.EVIDENCE) == found | signs


@pytest.mark.parametrize("fact", ORDER)
def test_a_fact_is_said_in_the_language_of_the_page(fact: str) -> None:
    described = PERSON_TABLE[fact]
    values = ("true", "false") if described.kind is Kind.BOOL else tuple(map(str, described.values))
    chinese = [say_shortly(fact, value) for value in values]
    assert all(map(HAN.search, chinese))
    with translation.override("en"):
        english = [label_of(fact), *(say(fact, value) for say in (say_shortly, say_value) for value in values)]
    assert not [said for said in english if HAN.search(said)]


def test_what_happened_is_told_apart_from_what_one_can_do() -> None:
    with translation.override("en"):
        assert str(LifeEventKind.REGISTERED.label) == "Registered"
        assert not [source for source in Source if HAN.search(str(source.label))]
    assert str(LifeEventKind.REGISTERED.label) == "登记"
