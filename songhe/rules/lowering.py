"""Ages and months become fixed birth dates: `age >= 80` on 2024-05-02 is `birth_date <= 1944-05-02`.

All bulk readings read the lowered tree; the reference reading does not, so that the tests compare two ways of counting.
"""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

from songhe.kernel.days import age_on, latest_birth, latest_start, months_between
from songhe.rules import nodes as n
from songhe.rules.folding import fold, number_of


def lower(node: n.Node, on: date) -> n.Node:
    """The node with comparisons of ages and months against numbers turned into comparisons of dates."""
    return fold(_lower(node, on))


def _lower(node: n.Node, on: date) -> n.Node:
    if isinstance(node, n.Compare):
        return _lower_comparison(node, on)
    if isinstance(node, n.OneOf) and isinstance(node.value, n.Age | n.MonthsSince):
        return n.Or(tuple(_lower(n.Compare("=", node.value, option), on) for option in node.options))
    return n.rebuild(node, lambda child: _lower(child, on))


def _lower_comparison(node: n.Compare, on: date) -> n.Node:
    left, right, operator = node.left, node.right, node.operator
    if isinstance(right, n.Age | n.MonthsSince):
        left, right, operator = right, left, n.MIRROR[operator]
    number = number_of(right)
    if number is None or not isinstance(left, n.Age | n.MonthsSince):
        return n.rebuild(node, lambda child: _lower(child, on))
    return _against(left, operator, number, on)


def _against(count: n.Age | n.MonthsSince, operator: n.Comparison, number: Fraction, on: date) -> n.Node:
    """A count of years or months against a number, as conditions on the date it is counted from."""
    fact = n.FactValue("birth_date" if isinstance(count, n.Age) else count.name)

    def at_least(whole: int) -> n.Node:
        last = latest_birth(whole, on) if isinstance(count, n.Age) else latest_start(whole, on)
        reached = age_on(last, on) if isinstance(count, n.Age) else months_between(last, on)
        return n.Compare("<=" if reached >= whole else "<", fact, n.Constant(last))  # the calendar has a first day

    if operator == ">=":
        return at_least(math.ceil(number))
    if operator == ">":
        return at_least(math.floor(number) + 1)
    if operator == "<":
        return n.negation(at_least(math.ceil(number)))
    if operator == "<=":
        return n.negation(at_least(math.floor(number) + 1))
    if number.denominator != 1:  # no whole count is a fraction, but an unknown one stays unknown
        equal: n.Node = n.Compare("<", fact, n.Constant(date.min))
    else:
        equal = n.And((at_least(int(number)), n.negation(at_least(int(number) + 1))))
    return equal if operator == "=" else n.negation(equal)
