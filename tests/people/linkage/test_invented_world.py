"""The matching on a world whose truth is known: how many are right, and how many are found."""

from __future__ import annotations

import polars as pl
import pytest

from songhe.people.linkage import AUTOMATIC, Matches, find_duplicates, match_rows
from songhe.people.linkage.measure import measure, measure_duplicates
from tests.people.linkage.invented_world import World, make_world


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(people=30_000, rows=3_000, seed=2031)


@pytest.fixture(scope="module")
def matches(world: World) -> Matches:
    return match_rows(world.register, world.rows)


@pytest.mark.covers("PER-02")
def test_automatic_matches_are_right_and_hardly_anybody_is_lost(world: World, matches: Matches) -> None:
    measured = measure(matches, world.truth)
    assert measured.precision >= 0.999
    assert measured.recall >= 0.95
    assert measured.automatic_recall >= 0.7


def test_strangers_are_never_automatic_in_number(world: World) -> None:
    known = world.truth["row"].unique().sort().gather_every(25)
    strangers = ~pl.col("row").is_in(world.truth["row"].implode())
    rows = world.rows.filter(strangers | pl.col("row").is_in(known.implode()))
    truth = world.truth.filter(pl.col("row").is_in(known.implode()))
    measured = measure(match_rows(world.register, rows), truth)
    assert measured.wrong == 0
    assert measured.recall >= 0.95


def test_a_row_and_a_person_are_automatic_once_at_most(matches: Matches) -> None:
    automatic = matches.pairs.filter(pl.col("band") == AUTOMATIC)
    assert automatic["row"].is_unique().all()
    assert automatic["person_id"].is_unique().all()
    assert automatic["rank"].unique().to_list() == [1]


def test_the_same_tables_give_the_same_answer(world: World, matches: Matches) -> None:
    assert match_rows(world.register, world.rows).pairs.equals(matches.pairs)


def test_probabilities_mean_what_they_say(world: World, matches: Matches) -> None:
    """Of the best pairs between one in ten and nine in ten, about as many are right as their probabilities say."""
    right = world.truth.with_columns(pl.lit(value=True).alias("right"))
    unsure = (
        matches.pairs.filter((pl.col("rank") == 1) & pl.col("probability").is_between(0.1, 0.9))
        .join(right, on=("row", "person_id"), how="left")
        .with_columns(pl.col("right").fill_null(value=False))
    )
    assert unsure["right"].mean() == pytest.approx(unsure["probability"].mean(), abs=0.25)


def test_people_held_twice_are_found(world: World) -> None:
    measured = measure_duplicates(find_duplicates(world.register), world.twice)
    assert measured.recall >= 0.9
    assert measured.precision >= 0.8


def test_measures_of_nothing_are_whole(world: World) -> None:
    nothing = match_rows(world.register.head(0), world.rows.head(0))
    measured = measure(nothing, world.truth.head(0))
    assert (measured.precision, measured.recall, measured.automatic_recall) == (1.0, 1.0, 1.0)
    empty = measure_duplicates(find_duplicates(world.register.head(0)), world.twice.head(0))
    assert (empty.precision, empty.recall) == (1.0, 1.0)


def test_a_measure_is_one_line_of_counts(world: World, matches: Matches) -> None:
    measured = measure(matches, world.truth)
    assert measured.sentence().startswith(f"3000行：自动{measured.automatic}行，其中错{measured.wrong}行")
    twice = measure_duplicates(find_duplicates(world.register), world.twice)
    assert twice.sentence().startswith(f"疑似重复{twice.shown}对，其中是{twice.found}对")
