"""Each kind of node means the same in every reading, for people around its thresholds, unknowns included."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from songhe.eligibility.bit_engine import BitEngine
from songhe.eligibility.engines import PolarsEngine, ReferenceEngine
from songhe.rules import nodes as n
from songhe.rules.lowering import lower
from songhe.rules.readings.polars import Polars
from songhe.rules.readings.postgres import Postgres
from songhe.rules.readings.reference import Reference
from songhe.rules.readings.spark import Spark
from tests.rules.agreement.crowd import crowd
from tests.rules.readings.one_of_each import AMOUNTS, ON, RULES, TRUTHS
from tests.trace import covers


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    return crowd(700, seed=7, on=ON, thresholds=[])


@pytest.fixture(scope="module")
def meaning(people: pl.DataFrame) -> pl.DataFrame:
    return ReferenceEngine(ON).evaluate(people, RULES)


def test_there_is_a_rule_for_each_kind_of_node_a_reading_can_meet() -> None:
    used = {type(part) for rule in RULES.values() for part in n.walk(rule)}
    assert used == set(n.KINDS) - {n.ParameterValue}  # a bound rule has its figures in place


def test_the_crowd_shows_what_a_rule_can_answer(meaning: pl.DataFrame) -> None:
    one_sided = {"always", "never", "in the country", "unset", "one of what is not set", "quotient not known"}
    for name in TRUTHS.keys() - one_sided:
        assert {True, False} <= set(meaning[name].unique()), name
    assert meaning["fact"].null_count() and meaning["in the district"].null_count()
    assert all(meaning[name].n_unique() > 1 for name in AMOUNTS.keys() - {"figure", "no figure"})


@covers("ENT-01")
@pytest.mark.parametrize("name", RULES)
def test_polars_means_the_same(people: pl.DataFrame, meaning: pl.DataFrame, name: str) -> None:
    for rule in (RULES[name], lower(RULES[name], ON)):
        column = people.select(Polars(ON).read(rule).alias(name)).to_series().cast(meaning.schema[name])
        if len(column) == 1:  # a constant
            column = column.new_from_index(0, people.height)
        assert column.eq_missing(meaning[name]).all()


@covers("ENT-01")
def test_bits_mean_the_same(people: pl.DataFrame, meaning: pl.DataFrame) -> None:
    assert PolarsEngine(ON).evaluate(people, RULES).equals(meaning)


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65])
def test_bits_mean_the_same_however_many_people(people: pl.DataFrame, meaning: pl.DataFrame, count: int) -> None:
    assert BitEngine(RULES, ON).answers(people[3 : 3 + count]).frame().equals(meaning[3 : 3 + count])


@covers("ENT-01")
def test_postgresql_means_the_same(people: pl.DataFrame, meaning: pl.DataFrame, postgres_dsn: str) -> None:
    from songhe.eligibility.database_engines import PostgresEngine

    read = PostgresEngine(ON, postgres_dsn).evaluate(people, RULES)
    assert [name for name in RULES if not read[name].eq_missing(meaning[name]).all()] == []


@pytest.mark.parametrize("reading", [Reference(ON).read, Polars(ON).read, Postgres(ON).text, Spark(ON).text])
def test_what_is_no_bound_node_is_a_mistake_and_not_guessed(reading: Any) -> None:
    with pytest.raises(TypeError):
        reading(n.ParameterValue("from_age"))


def test_equal_nodes_are_read_once() -> None:
    for reading in (Reference(ON), Polars(ON)):
        one, other = n.And((n.FactValue("dementia"), n.YES)), n.And((n.FactValue("dementia"), n.YES))
        assert one is not other and reading.read(one) is reading.read(other)


def test_a_node_that_is_known_is_taken_from_its_column() -> None:
    reading = Polars(ON)
    reading.know(n.FactValue("dementia"), pl.col("answer"))
    people = pl.DataFrame({"answer": [True, False, None]})
    assert people.select(reading.read(n.Not(n.FactValue("dementia")))).to_series().to_list() == [False, True, None]
