"""Rules as SQL text: what both databases read, what differs, and that a deep rule stays short."""

from __future__ import annotations

import pytest
import sqlglot

from songhe.rules import nodes as n
from songhe.rules.facts import COLUMNS
from songhe.rules.lowering import lower
from songhe.rules.readings.postgres import Postgres, person_table_columns
from songhe.rules.readings.spark import Spark, person_table_schema
from songhe.rules.readings.sql import Sql
from songhe.rules.readings.sure_parts import sure_parts
from tests.rules.readings.one_of_each import ALONE, DEMENTIA, OLD, ON, RULES, THIRD, number

BOTH: list[Sql] = [Postgres(ON), Spark(ON)]


@pytest.mark.parametrize("reading", BOTH, ids=["postgres", "spark"])
@pytest.mark.parametrize("name", RULES)
def test_the_text_of_each_rule_is_read_back_in_its_dialect(reading: Sql, name: str) -> None:
    for rule in (RULES[name], lower(RULES[name], ON)):
        text = reading.text(rule)
        columns = {column.name for column in sqlglot.parse_one(text, read=reading.dialect).find_all(sqlglot.exp.Column)}
        assert columns == set(n.fact_names(rule))


@pytest.mark.parametrize(
    ("rule", "postgres"),
    [
        (DEMENTIA, "dementia"),
        (n.Not(DEMENTIA), "(NOT (dementia))"),
        (lower(OLD, ON), "(birth_date <= CAST('1944-05-01' AS DATE))"),
        (n.Or((DEMENTIA, ALONE)), "(dementia OR lives_alone)"),
        (n.IsUnknown(DEMENTIA), "((dementia) IS NULL)"),
        (n.Unset("monthly"), "CAST(NULL AS DOUBLE PRECISION)"),
        (number("0.1"), "CAST('0.1' AS DOUBLE PRECISION)"),
        (n.Constant("o'clock"), "'o''clock'"),
        (n.YES, "TRUE"),
    ],
)
def test_the_text_is_short_and_plain(rule: n.Node, postgres: str) -> None:
    assert Postgres(ON).text(rule) == postgres


def test_columns_are_taken_from_a_table_where_one_is_named() -> None:
    assert Postgres(ON, "people").text(n.And((DEMENTIA, ALONE))) == "(people.dementia AND people.lives_alone)"


@pytest.mark.parametrize(("reading", "quote"), [(Postgres(ON), '"'), (Spark(ON), "`")])
def test_a_query_has_a_row_a_person_and_a_column_a_rule(reading: Sql, quote: str) -> None:
    query = reading.select({"失智 item": DEMENTIA}, "people", keys=("person_id", "region"))
    assert query == f"SELECT person_id, region, dementia AS {quote}失智 item{quote} FROM people"


def test_spark_rounds_without_a_whole_number_type() -> None:
    rounded = n.Round(THIRD, 2)
    assert "FLOOR" in Postgres(ON).text(rounded)
    assert "FLOOR" not in Spark(ON).text(rounded) and "%" in Spark(ON).text(rounded)


def test_person_tables_have_every_column_of_the_exchange_format() -> None:
    assert [part.split()[0] for part in person_table_columns().split(", ")] == list(COLUMNS)
    assert [part.split()[0] for part in person_table_schema().split(", ")] == list(COLUMNS)
    assert "person_id text PRIMARY KEY" in person_table_columns() and "birth_date date" in person_table_columns()
    assert "ability_grade INT" in person_table_schema() and "dementia BOOLEAN" in person_table_schema()


@pytest.mark.parametrize("reading", BOTH, ids=["postgres", "spark"])
def test_nested_tiers_are_written_once(reading: Sql) -> None:
    rule: n.Node = DEMENTIA
    for _ in range(12):
        rule = n.Case(((n.surely(rule), ALONE),), n.NO)
    assert len(reading.text(rule)) < 3000


@pytest.mark.parametrize(
    ("node", "parts"),
    [
        (n.And((DEMENTIA, ALONE)), [(DEMENTIA, False), (ALONE, False)]),
        (n.surely(DEMENTIA), [(DEMENTIA, True)]),
        (n.surely(n.Not(DEMENTIA)), [(n.Not(DEMENTIA), True)]),
        (n.And((n.Not(n.IsUnknown(DEMENTIA)), ALONE, DEMENTIA)), [(ALONE, False), (DEMENTIA, True)]),
        # knowing something else is a condition of its own
        (n.And((n.Not(n.IsUnknown(ALONE)), DEMENTIA)), [(n.Not(n.IsUnknown(ALONE)), False), (DEMENTIA, False)]),
        (n.And((n.IsUnknown(DEMENTIA), DEMENTIA)), [(n.IsUnknown(DEMENTIA), False), (DEMENTIA, False)]),
    ],
)
def test_a_guard_and_what_it_guards_are_one_part(node: n.And, parts: list[tuple[n.Node, bool]]) -> None:
    assert list(sure_parts(node)) == parts
