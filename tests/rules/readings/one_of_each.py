"""A rule for each kind of node, and a few for what is easily read otherwise; quick, where `agreement` is thorough."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from songhe.rules import nodes as n

ON = date(2024, 5, 1)


def number(value: str | int) -> n.Constant:
    return n.Constant(Fraction(value))


DEMENTIA, ALONE = n.FactValue("dementia"), n.FactValue("lives_alone")
LEVEL, GRADE = n.FactValue("disability_level"), n.FactValue("ability_grade")
BIRTH, ASSISTANCE = n.FactValue("birth_date"), n.FactValue("assistance")
AGE, MONTHS, UNSET = n.Age(), n.MonthsSince("birth_date"), n.Unset("monthly")
OLD = n.Compare(">=", AGE, number(80))
EDGE = n.Compare("=", ASSISTANCE, n.Constant("edge"))
THIRD = n.Arithmetic("/", AGE, number(3))
OPERATORS: tuple[n.Comparison, ...] = ("=", "<>", "<", "<=", ">", ">=")

TRUTHS: Mapping[str, n.Node] = {
    "always": n.YES,
    "never": n.NO,
    "fact": DEMENTIA,
    "old": OLD,
    "word": EDGE,
    "code": n.Compare("<>", n.FactValue("sex"), number(2)),
    "day": n.Compare("<", BIRTH, n.Constant(date(1944, 5, 2))),
    "two days": n.Compare("<", BIRTH, n.FactValue("death_date")),
    **{f"level {operator}": n.Compare(operator, LEVEL, number(2)) for operator in OPERATORS},
    "reckoned": n.Compare(">", n.Arithmetic("-", AGE, number(60)), n.Arithmetic("*", LEVEL, number("7.5"))),
    "unset": n.Compare(">=", AGE, UNSET),
    "in the city": n.Within("registered_region", "420700"),
    "in the district": n.Within("registered_region", "420704"),
    "in the township": n.Within("residence_region", "420704001"),
    "in the community": n.Within("residence_region", "420704001001"),
    "in the country": n.Within("registered_region", "000000"),
    "one of some": n.OneOf(LEVEL, (number(1), number(2))),
    "one of words": n.OneOf(ASSISTANCE, (n.Constant("edge"), n.Constant("minimum_living"))),
    "one of what is reckoned": n.OneOf(AGE, (number(80), n.Arithmetic("*", LEVEL, number(20)))),
    "one of what is not set": n.OneOf(LEVEL, (number(1), UNSET)),
    "not known": n.IsUnknown(DEMENTIA),
    "age not known": n.IsUnknown(AGE),
    "not known whether": n.IsUnknown(n.Or((DEMENTIA, ALONE))),
    "amount not known": n.IsUnknown(n.Case(((DEMENTIA, number(5)),))),
    "quotient not known": n.IsUnknown(n.Arithmetic("/", AGE, LEVEL)),
    "both": n.And((DEMENTIA, ALONE)),
    "either": n.Or((DEMENTIA, ALONE, OLD)),
    "not": n.Not(DEMENTIA),
    "not both": n.Not(n.And((DEMENTIA, OLD))),
    "surely": n.surely(DEMENTIA),
    "surely not": n.surely(n.Not(OLD)),
    "possibly": n.possibly(n.And((DEMENTIA, ALONE))),
    "surely and more": n.And((n.surely(DEMENTIA), ALONE)),
    "known and another": n.And((n.Not(n.IsUnknown(ALONE)), DEMENTIA)),
    "chosen": n.Case(((DEMENTIA, ALONE), (OLD, n.NO)), EDGE),
    "chosen, or open": n.Case(((DEMENTIA, ALONE), (EDGE, OLD))),
    "least of two": n.Compare("=", n.Least((LEVEL, GRADE)), number(1)),
}
AMOUNTS: Mapping[str, n.Node] = {
    "figure": number("100.5"),
    "no figure": UNSET,
    "grade": GRADE,
    "age": AGE,
    "months": MONTHS,
    "months since death": n.MonthsSince("death_date"),
    "sum": n.Arithmetic("+", LEVEL, number("0.1")),
    "difference": n.Arithmetic("-", AGE, GRADE),
    "product": n.Arithmetic("*", THIRD, number("1.1")),
    "third": THIRD,
    "by zero": n.Arithmetic("/", AGE, LEVEL),
    "chosen by zero": n.Arithmetic("/", number(6), LEVEL),
    "negative": n.Negative(AGE),
    "tiers": n.Case(((OLD, number(200)), (DEMENTIA, number(100))), number(0)),
    "tiers, or nothing": n.Case(((OLD, number(200)), (DEMENTIA, UNSET))),
    "counted tiers": n.Case(((DEMENTIA, AGE), (EDGE, n.Arithmetic("*", AGE, number(2)))), MONTHS),
    "least": n.Least((AGE, n.Arithmetic("*", LEVEL, number(30)))),
    "greatest": n.Greatest((AGE, number(80), n.Arithmetic("*", GRADE, number(30)))),
    "least grade": n.Least((LEVEL, GRADE)),
    "rounded": n.Round(n.Arithmetic("/", n.Negative(AGE), number(7)), 2),
    "rounded half": n.Round(n.Arithmetic("/", AGE, number(2)), 0),
}
RULES: Mapping[str, n.Node] = {**TRUTHS, **AMOUNTS}
