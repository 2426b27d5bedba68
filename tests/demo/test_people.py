"""Invented people: one seed, one city; the truth whole, the table never wrong unplanned."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from songhe.demo.births import ages_on
from songhe.demo.people import DEMO_DAY, make_people, stream_people
from songhe.kernel.days import age_on
from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.regions import within
from songhe.rules.fact_values import check_value
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.readings.polars import SCHEMA

COARSENED = ("registered_region", "residence_region")


def test_one_seed_makes_one_city_and_another_seed_another() -> None:
    first, again, other = (make_people("420700", 2_000, seed) for seed in (3, 3, 4))
    assert first[0].equals(again[0]) and first[1].equals(again[1])
    assert not first[1].equals(other[1])


def test_a_seed_gives_the_people_it_always_gave() -> None:
    """Fails when the order of the draws, the shape or the divisions change: every saved city changes with it."""
    _, truth = make_people("420700", 3, seed=1)
    seen = truth.select("person_id", "birth_date", "sex", "residence_region").rows()
    assert seen == [
        ("E00000001", date(1944, 5, 1), 2, "420704003013"),
        ("E00000002", date(1957, 11, 27), 1, "420702100202"),
        ("E00000003", date(1963, 2, 16), 1, "420704003009"),
    ]


def test_both_tables_are_person_tables(table: pl.DataFrame, truth: pl.DataFrame) -> None:
    assert table.schema == truth.schema == pl.Schema(SCHEMA)
    assert table["person_id"].equals(truth["person_id"])
    assert truth["person_id"].n_unique() == truth.height == 20_000


def test_every_value_is_one_the_table_accepts(truth: pl.DataFrame) -> None:
    for name, fact in PERSON_TABLE.items():
        assert all(check_value(fact, value) for value in truth[name].unique().to_list()), name


def test_nothing_in_the_truth_is_unknown_and_much_in_the_table_is(table: pl.DataFrame, truth: pl.DataFrame) -> None:
    assert truth.drop("death_date").null_count().sum_horizontal().item() == 0
    for name in set(PERSON_TABLE) - {"death_date", "birth_date", "sex"}:
        assert 0 < table[name].null_count() < table.height, name


def test_what_is_known_is_true_except_what_was_planted(table: pl.DataFrame, truth: pl.DataFrame) -> None:
    for name in set(PERSON_TABLE) - {*COARSENED, "death_date"}:
        assert (table[name] != truth[name]).sum() == 0, name


def test_a_known_register_contains_the_true_one(table: pl.DataFrame, truth: pl.DataFrame) -> None:
    for known, true in zip(table["registered_region"], truth["registered_region"], strict=True):
        assert known is None or within(true, known)


def test_only_who_moved_to_another_city_lives_elsewhere_than_the_table_says(
    table: pl.DataFrame, truth: pl.DataFrame
) -> None:
    pairs = list(zip(table["residence_region"], truth["residence_region"], strict=True))
    elsewhere = [true for known, true in pairs if known is not None and not within(true, known)]
    assert elsewhere and all(not true.startswith("4207") for true in elsewhere)
    assert len(elsewhere) / len(pairs) == pytest.approx(0.006, abs=0.002)


def test_some_deaths_have_not_been_heard_of_and_none_is_invented(table: pl.DataFrame, truth: pl.DataFrame) -> None:
    dead, known = truth["death_date"].is_not_null(), table["death_date"].is_not_null()
    assert known.sum() and (dead & ~known).sum()
    assert not (known & ~dead).any()
    assert (table["death_date"].filter(known) == truth["death_date"].filter(known)).all()
    assert truth["death_date"].max() < DEMO_DAY  # type: ignore[operator]
    assert (truth["death_date"] > truth["birth_date"]).all()


def test_ages_run_from_almost_60_and_include_the_edges(truth: pl.DataFrame) -> None:
    ages = pl.Series(ages_on(truth["birth_date"].to_physical().cast(pl.Int64).to_numpy(), DEMO_DAY))
    assert ages.min() == 59 and (ages == 59).mean() == pytest.approx(0.02, abs=0.005)
    assert all(age == age_on(birth, DEMO_DAY) for age, birth in zip(ages, truth["birth_date"], strict=True))
    births = truth["birth_date"]
    assert (births == date(1944, 5, 1)).any()
    assert (births == date(1964, 5, 1)).any()
    assert ((births.dt.month() == 2) & (births.dt.day() == 29)).any()


@pytest.mark.parametrize("on", [date(2024, 2, 29), date(2023, 2, 28), date(2026, 11, 1)])
def test_any_day_can_be_the_day(on: date) -> None:
    table, truth = make_people("420700", 500, seed=1, on=on)
    assert table.height == 500
    assert min(age_on(birth, on) for birth in truth["birth_date"]) >= 59


def test_the_stream_goes_on_counting_and_every_piece_is_its_own() -> None:
    pieces = list(stream_people("420700", 2_500, seed=5, chunk=1_000))
    assert [table.height for table, _ in pieces] == [1_000, 1_000, 500]
    ids = pl.concat([table["person_id"] for table, _ in pieces])
    assert ids[0] == "E00000001" and ids[-1] == "E00002500" and ids.n_unique() == 2_500
    assert not pieces[0][1]["birth_date"].equals(pieces[1][1]["birth_date"])
    again = next(stream_people("420700", 2_500, seed=5, chunk=1_000))
    assert again[0].equals(pieces[0][0]) and again[1].equals(pieces[0][1])


def test_one_person_is_a_city_too() -> None:
    table, truth = make_people("420700", 1, seed=0)
    assert table.height == truth.height == 1


def test_no_people_and_unknown_cities_are_refused() -> None:
    with pytest.raises(BadInput, match="人数"):
        make_people("420700", 0, seed=1)
    with pytest.raises(BadInput, match="种子"):
        make_people("420700", 1, seed=-1)
    with pytest.raises(BadInput, match="每批人数"):
        next(stream_people("420700", 1, seed=1, chunk=0))
    with pytest.raises(NotFound):
        make_people("110000", 1, seed=1)
