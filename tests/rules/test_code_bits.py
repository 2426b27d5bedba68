"""Conditions on facts among few values, answered from bytes: as polars answers them, for every fact and value."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from random import Random

import polars as pl
import pytest

from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.readings.arrow_bits import bits_of
from songhe.rules.readings.bitmaps import everyone_of
from songhe.rules.readings.code_bits import CodedFacts
from songhe.rules.readings.polars import SCHEMA, Polars

FEW = {name: fact for name, fact in PERSON_TABLE.items() if fact.kind in (Kind.WORD, Kind.CODE, Kind.GRADE)}
READING = Polars(date(2024, 5, 1))


def _constant(value: str | int) -> n.Constant:
    return n.Constant(value if isinstance(value, str) else Fraction(value))


def _people(name: str, count: int, unknown: bool = True) -> pl.DataFrame:
    chance = Random(count)  # noqa: S311
    values = [*PERSON_TABLE[name].values, *([None] if unknown else [])]
    return pl.DataFrame({name: [chance.choice(values) for _ in range(count)]}, schema={name: SCHEMA[name]})


def _same(people: pl.DataFrame, leaf: n.Node) -> bool:
    everyone = everyone_of(people.height)
    found = CodedFacts(people, everyone).answer(leaf)
    meant = bits_of(people.select(READING.read(leaf).cast(pl.Boolean).alias("leaf"))["leaf"], everyone)
    return found is not None and bool((found.true == meant.true).all() and (found.possible == meant.possible).all())


@pytest.mark.parametrize("name", FEW)
@pytest.mark.parametrize("unknown", [True, False])
def test_every_value_is_told_from_every_other(name: str, unknown: bool) -> None:
    people = _people(name, 501, unknown)
    for value in FEW[name].values:
        for operator in ("=", "<>"):
            leaf = n.Compare(operator, n.FactValue(name), _constant(value))  # type: ignore[arg-type]
            assert _same(people, leaf), (name, value, operator)
        assert _same(people.slice(13, 300), n.Compare("=", n.FactValue(name), _constant(value)))


@pytest.mark.parametrize("name", FEW)
@pytest.mark.parametrize("options", [1, 2, 3, 5])
def test_one_of_several_values(name: str, options: int) -> None:
    values = tuple(_constant(value) for value in list(FEW[name].values)[:options])
    assert _same(_people(name, 200), n.OneOf(n.FactValue(name), values))


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_grades_have_an_order(operator: n.Comparison) -> None:
    for value in FEW["ability_grade"].values:
        assert _same(_people("ability_grade", 129), n.Compare(operator, n.FactValue("ability_grade"), _constant(value)))


@pytest.mark.parametrize(
    "leaf",
    [
        n.Compare("=", n.FactValue("ability_grade"), n.Constant(Fraction(9))),
        n.Compare(">", n.FactValue("ability_grade"), n.Constant(Fraction(1, 2))),
        n.Compare("=", n.FactValue("birth_date"), n.Constant(date(2000, 1, 1))),
        n.Compare("=", n.FactValue("ability_grade"), n.FactValue("disability_level")),
        n.Compare("=", n.Constant(Fraction(1)), n.FactValue("ability_grade")),
        n.OneOf(n.FactValue("ability_grade"), (n.Constant(Fraction(1)), n.Constant(Fraction(77)))),
        n.FactValue("dementia"),
    ],
)
def test_other_conditions_are_left_to_others(leaf: n.Node) -> None:
    schema = {name: SCHEMA[name] for name in ("ability_grade", "disability_level", "birth_date", "dementia")}
    people = pl.DataFrame([[1], [2], [date(2000, 1, 1)], [True]], schema=schema)
    assert CodedFacts(people, everyone_of(1)).answer(leaf) is None


def test_a_column_of_another_type_is_left_to_others() -> None:
    people = pl.DataFrame({"ability_grade": [1, 2]}, schema={"ability_grade": pl.Int64})
    assert CodedFacts(people, everyone_of(2)).answer(n.Compare("=", n.FactValue("ability_grade"), _constant(1))) is None
