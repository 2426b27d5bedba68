"""How large and how small the numbers of a rule can get, found before it is run.

Where Python gives infinity PostgreSQL stops with an error, and so it does where a product vanishes. No law means such
numbers: a rule that could reach them for anybody is refused when it is bound, so the readings, which compute in double
precision, need not agree about them. The bounds leave room for one more step of arithmetic and for rounding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import singledispatch

from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind

LARGEST = 10**150
ACCEPTED = "不超过10的150次方、也不小于它的倒数的数"
_YEARS = 10_000.0
_MONTHS = 12 * _YEARS


@dataclass(frozen=True, slots=True)
class Magnitude:
    """What a number can be when it is not zero: from `least` to `most`, the sign apart, in multiples of `grain`.

    The grain is what makes the difference of two near numbers not arbitrarily small.
    """

    least: float = 1.0
    most: float = 1.0
    grain: float = 1.0


class _Beyond(Exception):
    """A number that can be too large or too small."""


def check_magnitudes(node: n.Node, where: str) -> None:
    """Refused with BadInput when a number in a bound node can leave the bounds; `where` names file and line."""
    try:
        _check(node)
    except _Beyond as error:
        raise BadInput(where, "算出来的数可能太大或太小", accepted=ACCEPTED) from error


def _check(node: n.Node) -> Magnitude:
    found = _magnitude(node, [_check(child) for child in node.children])
    if found.most > LARGEST or found.least < 1 / LARGEST:
        raise _Beyond
    return found


@singledispatch
def _magnitude(node: n.Node, parts: list[Magnitude]) -> Magnitude:
    """Of a node whose children have the magnitudes `parts`; of what is no number, whatever is harmless."""
    return Magnitude()


@_magnitude.register
def _(node: n.Constant, parts: list[Magnitude]) -> Magnitude:
    if not isinstance(node.value, Fraction) or node.value == 0:
        return Magnitude()
    size = abs(node.value)
    if not Fraction(1, LARGEST) <= size <= LARGEST:
        raise _Beyond
    return Magnitude(float(size), float(size), math.ulp(float(size)))


@_magnitude.register
def _(node: n.FactValue, parts: list[Magnitude]) -> Magnitude:
    fact = PERSON_TABLE[node.name]
    return Magnitude(most=max(map(float, fact.values))) if fact.kind is Kind.GRADE else Magnitude()


@_magnitude.register
def _(node: n.Age, parts: list[Magnitude]) -> Magnitude:
    return Magnitude(most=_YEARS)


@_magnitude.register
def _(node: n.MonthsSince, parts: list[Magnitude]) -> Magnitude:
    return Magnitude(most=_MONTHS)


@_magnitude.register
def _(node: n.Arithmetic, parts: list[Magnitude]) -> Magnitude:
    left, right = parts
    if node.operator == "*":
        least = left.least * right.least
        return Magnitude(least, left.most * right.most, max(left.grain * right.grain, math.ulp(least)))
    if node.operator == "/":
        least = left.least / right.most
        return Magnitude(least, left.most / right.least, math.ulp(least))
    grain = min(left.grain, right.grain)
    return Magnitude(grain, left.most + right.most, grain)


@_magnitude.register
def _(node: n.Negative, parts: list[Magnitude]) -> Magnitude:
    return parts[0]


@_magnitude.register
def _(node: n.Round, parts: list[Magnitude]) -> Magnitude:
    last_place = 10.0**-node.decimals
    return Magnitude(last_place, parts[0].most + 1, math.ulp(last_place))


@_magnitude.register(n.Least)
@_magnitude.register(n.Greatest)
@_magnitude.register(n.Case)
def _(node: n.Node, parts: list[Magnitude]) -> Magnitude:
    return Magnitude(min(p.least for p in parts), max(p.most for p in parts), min(p.grain for p in parts))
