"""The language: what gets through, as which nodes; everything else is refused with file, line and what may be."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.parse import ACCEPTED, MAX_DEPTH, MAX_LENGTH, Parser

AGE, CARE, HOME = n.Age(), n.FactValue("dementia"), n.FactValue("registered_region")
ALONE, LEVEL, SUM = n.FactValue("lives_alone"), n.FactValue("disability_level"), n.ParameterValue("monthly")
BORN = n.FactValue("birth_date")


def number(value: int | str) -> n.Constant:
    return n.Constant(Fraction(value))


def parse(text: str) -> n.Node:
    return Parser(frozenset({"monthly", "from_age"}), "17-x.yaml:20").parse(text)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("TRUE", n.YES),
        ("false", n.NO),
        ("dementia", CARE),
        ("(dementia)", CARE),
        ("age", AGE),
        ("monthly", SUM),
        ("100", number(100)),
        ("0.30", number("3/10")),
        (".5", number("1/2")),
        ("1000000000000", number(10**12)),
        ("0.000001", number("1/1000000")),
        ("'edge'", n.Constant("edge")),
        ("DATE '2024-02-29'", n.Constant(date(2024, 2, 29))),
        ("'2024-02-29'::date", n.Constant(date(2024, 2, 29))),
        ("CAST('0001-01-01' AS DATE)", n.Constant(date.min)),
        ("age = 80", n.Compare("=", AGE, number(80))),
        ("age <> 80", n.Compare("<>", AGE, number(80))),
        ("age != 80", n.Compare("<>", AGE, number(80))),
        ("age < 80", n.Compare("<", AGE, number(80))),
        ("age <= 80", n.Compare("<=", AGE, number(80))),
        ("age > 80", n.Compare(">", AGE, number(80))),
        ("age >= 80 -- as the list says", n.Compare(">=", AGE, number(80))),
        ("80 <= age", n.Compare("<=", number(80), AGE)),
        ("age IN (80, monthly)", n.OneOf(AGE, (number(80), SUM))),
        ("age NOT IN (80)", n.Not(n.OneOf(AGE, (number(80),)))),
        ("age BETWEEN 80 AND 89", n.And((n.Compare(">=", AGE, number(80)), n.Compare("<=", AGE, number(89))))),
        (
            "age NOT BETWEEN 80 AND 89",
            n.Not(n.And((n.Compare(">=", AGE, number(80)), n.Compare("<=", AGE, number(89))))),
        ),
        ("dementia IS NULL", n.IsUnknown(CARE)),
        ("dementia IS NOT NULL", n.Not(n.IsUnknown(CARE))),
        ("NOT dementia IS NULL", n.Not(n.IsUnknown(CARE))),
        ("NOT dementia", n.Not(CARE)),
        ("dementia AND lives_alone AND TRUE", n.And((CARE, ALONE, n.YES))),
        ("dementia AND (lives_alone AND TRUE)", n.And((CARE, n.And((ALONE, n.YES))))),
        ("dementia OR lives_alone OR TRUE", n.Or((CARE, ALONE, n.YES))),
        ("dementia OR lives_alone AND TRUE", n.Or((CARE, n.And((ALONE, n.YES))))),  # AND binds closer
        ("NOT dementia AND lives_alone", n.And((n.Not(CARE), ALONE))),
        ("monthly + 1", n.Arithmetic("+", SUM, number(1))),
        ("monthly - 1 - 2", n.Arithmetic("-", n.Arithmetic("-", SUM, number(1)), number(2))),
        ("monthly + 2 * 3", n.Arithmetic("+", SUM, n.Arithmetic("*", number(2), number(3)))),
        ("monthly / 12", n.Arithmetic("/", SUM, number(12))),
        ("-5", n.Negative(number(5))),
        ("-(-5)", n.Negative(n.Negative(number(5)))),
        ("CASE WHEN dementia THEN 1 END", n.Case(((CARE, number(1)),))),
        (
            "CASE WHEN dementia THEN 1 WHEN lives_alone THEN 2 ELSE 3 END",
            n.Case(((CARE, number(1)), (ALONE, number(2))), number(3)),
        ),
        ("least(monthly, 5)", n.Least((SUM, number(5)))),
        ("GREATEST(monthly, 5, age)", n.Greatest((SUM, number(5), AGE))),
        ("round(monthly)", n.Round(SUM, 0)),
        ("round(monthly, 2)", n.Round(SUM, 2)),
        ("within(registered_region, '420700')", n.Within("registered_region", "420700")),
        ("WITHIN(residence_region, '420704101003')", n.Within("residence_region", "420704101003")),
        ("months_since(birth_date)", n.MonthsSince("birth_date")),
    ],
)
def test_what_is_accepted_becomes_nodes(text: str, node: n.Node) -> None:
    assert parse(text) == node


@pytest.mark.parametrize(
    "text",
    [
        # nothing, or more than one thing
        "", "  ", "-- only a comment", "age >=", "(age", "'open", "age >= 80; DROP TABLE people", "age age age",
        # other SQL
        "NULL", "*", "(SELECT 1)", "SELECT age FROM people", "EXISTS (SELECT 1)", "age IN (SELECT 1)", "age AS x",
        "age IN UNNEST(monthly)", "age = ANY(monthly)", "WITH x AS (SELECT 1) SELECT 1", "age OVER ()",
        "age IN ()", "age IN ((1, 2))", "age % 2", "age ^ 2", "age || 'x'", "assistance LIKE 'e%'", "assistance ~ 'e'",
        "age IS TRUE", "dementia IS NOT TRUE", "age IS DISTINCT FROM 1", "age IS NOT DISTINCT FROM 1",
        "age BETWEEN SYMMETRIC 1 AND 2", "CASE age WHEN 1 THEN 2 END", "CASE WHEN dementia THEN 1 ELSE NULL END",
        "IF(dementia, 1, 2)", "COALESCE(age, 1)", "NULLIF(age, 1)", "CURRENT_DATE", "now()", "INTERVAL '1 day'",
        "age::text", "CAST(age AS DATE)", "CAST('2024-01-01' AS TIMESTAMP)", "TRY_CAST('2024-01-01' AS DATE)",
        "$1", ":age", "@age", "age[1]", "people.age", "a.b.age", '"age"', "age.*", "xpath('x')", "open('x')",
        "least(1)", "greatest(1)", "least(age, VARIADIC 1)", "least(DISTINCT age, 1)",
        "least(age, 1) FILTER (WHERE TRUE)",
        "round(age, 1, 1)", "round(age, 7)", "round(age, -1)", "round(age, 1.5)", "round(age, age)",
        "round(DISTINCT age)",
        # names
        "agee", "AGE", "Dementia", "monthly_", "name", "person_id", "年龄", "age >= ８０",
        # numbers
        "1e5", "1e999999999", "1000000000001", "0.0000001", "0x1F", "1_000", "NaN", "'NaN'::float", "Infinity", "B'1'",
        # dates
        "DATE '2023-02-29'", "DATE '2024-5-1'", "DATE '20240501'", "DATE '2024-W01-1'", "DATE ''", "DATE birth_date",
        "'x'::date", "DATE '2024-05-01T00:00'", "DATE '２０２４-05-01'",
        # functions of our own
        "within(registered_region)", "within(registered_region, 420700)", "within(registered_region, '42')",
        "within(registered_region, monthly)", "within(birth_date, '420700')", "within('420700', '420700')",
        "within(registered_region, '420700', 1)", "within()", "within(DISTINCT registered_region, '420700')",
        "months_since(age)", "months_since(sex)", "months_since(DATE '2024-05-01')", "months_since()",
        "months_since(birth_date, 1)", "age()", "__import__('os')",
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_file_line_and_what_may_be(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(text)
    assert refused.value.where == "17-x.yaml:20"
    assert refused.value.problem
    assert refused.value.accepted


def test_a_refusal_names_what_would_fit() -> None:
    with pytest.raises(BadInput, match="参数：from_age、monthly；事实：age、birth_date"):
        parse("agee >= 80")
    with pytest.raises(BadInput, match="参数：（没有）"):
        Parser(frozenset(), "x:1").parse("agee")
    with pytest.raises(BadInput, match="registered_region、residence_region"):
        parse("within(birth_date, '420700')")
    with pytest.raises(BadInput, match="birth_date、death_date"):
        parse("months_since(sex)")
    with pytest.raises(BadInput, match="6、9或12位"):
        parse("within(registered_region, '42')")
    with pytest.raises(BadInput) as refused:
        parse("age LIKE 1")
    assert refused.value.accepted == ACCEPTED


@pytest.mark.parametrize(
    "text",
    [
        "NOT " * 29 + "NOT dementia",
        "NOT " * 900 + "dementia",
        "(" * 1500 + "dementia" + ")" * 1500,
        "+".join(["1"] * 31),
        "+".join(["1"] * 1900),
        "-" * 100 + "1",
        "CASE WHEN dementia THEN " * 30 + "1" + " END" * 30,
    ],
)
def test_deep_nesting_is_refused_and_never_a_crash(text: str) -> None:
    with pytest.raises(BadInput, match=r"嵌套太深|读不懂"):
        parse(text)


def test_the_deepest_that_is_accepted() -> None:
    assert n.depth(parse("NOT " * (MAX_DEPTH - 1) + "dementia")) == MAX_DEPTH
    assert len(n.fact_names(parse(" AND ".join(["dementia", "lives_alone"] * 100)))) == 2


def test_long_texts_are_refused() -> None:
    assert parse(" " * (MAX_LENGTH - 3) + "age") == AGE
    with pytest.raises(BadInput, match="太长"):
        parse(" " * (MAX_LENGTH - 2) + "age")


def test_a_parameter_comes_before_a_fact_of_the_same_name_and_case_counts() -> None:
    assert Parser(frozenset({"dementia"}), "x:1").parse("dementia") == n.ParameterValue("dementia")
    with pytest.raises(BadInput, match="没有这个事实"):
        parse("MONTHLY")
