"""The cast: thirteen people, each fact one the table accepts, each expectation what the list says."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from songhe.config.paths import policies_folder
from songhe.demo.cast import Elder, cast, cast_day, cast_list, cast_page, cast_people
from songhe.demo.divisions import read_divisions
from songhe.rules.programme import Programme, bind
from songhe.rules.reading_packs import load_pack
from songhe.rules.readings.polars import SCHEMA
from songhe.rules.readings.reference import Reference

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "cast.md"
WORDS = {True: "yes", False: "no", None: "unknown"}


@pytest.fixture(scope="module")
def programme() -> Programme:
    return bind(load_pack(policies_folder(), cast_list()), cast_day())


def test_there_are_thirteen_with_a_name_and_a_story_of_their_own() -> None:
    assert [elder.person_id for elder in cast()] == [f"C{number:02d}" for number in range(1, 14)]
    assert len({elder.name for elder in cast()}) == 13
    assert all(elder.story.startswith(elder.name) and elder.story.endswith("。") for elder in cast())


def test_the_table_has_the_columns_of_the_person_table() -> None:
    table = cast_people()
    assert table.schema == pl.Schema(SCHEMA)
    assert table.height == 13


@pytest.mark.parametrize("elder", cast(), ids=lambda elder: elder.person_id)
def test_the_list_says_what_was_argued_by_hand(elder: Elder, programme: Programme) -> None:
    reference = Reference(cast_day())
    found = {slug: WORDS[reference.read(programme.item(slug).outcome)(elder.facts)] for slug in elder.expect}
    assert found == elder.expect


@pytest.mark.parametrize("elder", [e for e in cast() if e.paid], ids=lambda elder: elder.person_id)
def test_one_of_two_like_allowances_is_paid(elder: Elder, programme: Programme) -> None:
    reference = Reference(cast_day())
    for slug, yuan in elder.paid.items():
        payable = programme.item(slug).payable
        assert payable is not None
        assert reference.read(payable)(elder.facts) == yuan


def test_all_three_answers_are_expected_somewhere() -> None:
    assert {outcome for elder in cast() for outcome in elder.expect.values()} == {"yes", "no", "unknown"}


def test_the_page_is_the_one_made_from_the_file(programme: Programme) -> None:
    names = {bound.item.slug: bound.item.name for bound in programme.items}
    assert PAGE.read_text(encoding="utf-8") == cast_page(names)


def test_every_region_of_the_cast_exists_in_the_city_or_lies_outside_it() -> None:
    known = {division.code for division in read_divisions("420700")}
    for elder in cast():
        for name in ("registered_region", "residence_region"):
            code = elder.facts[name]
            assert code in known or not code.startswith("4207")
