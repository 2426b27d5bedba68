"""A tree as the text of a rule, so that reading the text again must give the same tree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

from songhe.rules import nodes as n


@singledispatch
def text_of(node: n.Node) -> str:
    """The text of a tree as the parser gives it: numbers not negative, AND and OR of two and more."""
    raise TypeError(node)


def _inside(node: n.Node) -> str:
    """As a part of something: in brackets unless it is a single word."""
    text = text_of(node)
    return text if isinstance(node, n.FactValue | n.ParameterValue | n.Age | n.Constant | n.Truth) else f"({text})"


def _list(nodes: Iterable[n.Node]) -> str:
    return ", ".join(map(_inside, nodes))


@text_of.register
def _(node: n.Constant) -> str:
    if isinstance(node.value, Fraction):
        return format(Decimal(node.value.numerator) / node.value.denominator, "f")
    return (
        f"DATE '{node.value.isoformat()}'"
        if isinstance(node.value, date)
        else "'" + node.value.replace("'", "''") + "'"
    )


@text_of.register
def _(node: n.Truth) -> str:
    return str(node.value).upper()


@text_of.register(n.FactValue)
@text_of.register(n.ParameterValue)
def _(node: n.FactValue | n.ParameterValue) -> str:
    return node.name


@text_of.register
def _(node: n.Age) -> str:
    return "age"


@text_of.register
def _(node: n.MonthsSince) -> str:
    return f"months_since({node.name})"


@text_of.register
def _(node: n.Within) -> str:
    return f"within({node.name}, '{node.area}')"


@text_of.register(n.Compare)
@text_of.register(n.Arithmetic)
def _(node: n.Compare | n.Arithmetic) -> str:
    return f"{_inside(node.left)} {node.operator} {_inside(node.right)}"


@text_of.register
def _(node: n.OneOf) -> str:
    return f"{_inside(node.value)} IN ({_list(node.options)})"


@text_of.register
def _(node: n.IsUnknown) -> str:
    return f"{_inside(node.value)} IS NULL"


@text_of.register
def _(node: n.And) -> str:
    return " AND ".join(map(_inside, node.parts))


@text_of.register
def _(node: n.Or) -> str:
    return " OR ".join(map(_inside, node.parts))


@text_of.register
def _(node: n.Not) -> str:
    return f"NOT {_inside(node.part)}"


@text_of.register
def _(node: n.Negative) -> str:
    return f"-{_inside(node.part)}"


@text_of.register
def _(node: n.Case) -> str:
    branches = " ".join(f"WHEN {text_of(condition)} THEN {text_of(value)}" for condition, value in node.branches)
    otherwise = "" if node.otherwise is None else f" ELSE {text_of(node.otherwise)}"
    return f"CASE {branches}{otherwise} END"


@text_of.register
def _(node: n.Least) -> str:
    return f"least({_list(node.parts)})"


@text_of.register
def _(node: n.Greatest) -> str:
    return f"greatest({_list(node.parts)})"


@text_of.register
def _(node: n.Round) -> str:
    return f"round({text_of(node.part)}, {node.decimals})"
