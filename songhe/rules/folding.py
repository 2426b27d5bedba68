"""Binding a rule to a day: parameters become their value of that day, constants are worked out exactly, once.

Every reading sees the same folded tree, so none of them can differ in how it works out 1.3 times a standard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import singledispatch

from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.magnitudes import check_magnitudes
from songhe.rules.packs import Parameter
from songhe.rules.typing_rules import is_truth

_ORDER: Mapping[str, Callable[[n.Scalar, n.Scalar], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}

# What is left of a CASE that never holds: unknown, and still saying whether a truth or a number is.
_NEITHER = n.Case(((n.NO, n.NO),))
_NO_NUMBER = n.Case(((n.NO, n.Constant(Fraction(0))),))


class Figures:
    """The parameters of one item on one day, formulas worked out; `changes` replace values for a what-if."""

    def __init__(
        self, parameters: Mapping[str, Parameter], day: date, changes: Mapping[str, Fraction], where: str
    ) -> None:
        self._parameters = parameters
        self._day = day
        self._changes = changes
        self._where = where
        self._being_worked_out: list[str] = []

    def value(self, name: str) -> n.Node:
        """The figure as a constant, or Unset.

        Refused with BadInput when formulas go round in a circle or the figure is beyond all measure.
        """
        figure = self._value(name)
        check_magnitudes(figure, self._where)
        return figure

    def _value(self, name: str) -> n.Node:
        if name in self._changes:
            return n.Constant(self._changes[name])
        dated = self._parameters[name].at(self._day)
        if dated is None:
            return n.Unset(name)
        if isinstance(dated.value, Fraction):
            return n.Constant(dated.value)
        if name in self._being_worked_out:
            circle = " → ".join([*self._being_worked_out, name])
            raise BadInput(self._where, f"参数互相引用成了圈：{circle}", accepted="其中一个写成数")
        self._being_worked_out.append(name)
        try:
            return fold(self.bind(dated.value))
        finally:
            self._being_worked_out.pop()

    def bind(self, node: n.Node) -> n.Node:
        """The node with every parameter replaced by its figure, nothing worked out yet."""
        if isinstance(node, n.ParameterValue):
            return self.value(node.name)
        return n.rebuild(node, self.bind)

    def bound(self, node: n.Node) -> n.Node:
        """The node bound and folded: what the readings read. Refused with BadInput when it may leave all measure."""
        bound = fold(self.bind(node))
        check_magnitudes(bound, self._where)
        return bound


def fold(node: n.Node) -> n.Node:
    """The node with everything that does not depend on a person worked out, exactly."""
    return _folded(n.rebuild(node, fold))


@singledispatch
def _folded(node: n.Node) -> n.Node:
    return node


@_folded.register
def _(node: n.And) -> n.Node:
    return n.all_of(node.parts)


@_folded.register
def _(node: n.Or) -> n.Node:
    return n.any_of(node.parts)


@_folded.register
def _(node: n.Not) -> n.Node:
    return n.negation(node.part)


@_folded.register
def _(node: n.Compare) -> n.Node:
    left, right = node.left, node.right
    if isinstance(left, n.Constant) and isinstance(right, n.Constant):
        return n.Truth(_ORDER[node.operator](left.value, right.value))
    return node


@_folded.register
def _(node: n.OneOf) -> n.Node:
    if not isinstance(node.value, n.Constant | n.Truth):
        return node
    if node.value in node.options:
        return n.YES
    options = tuple(option for option in node.options if not isinstance(option, n.Constant | n.Truth))
    return n.OneOf(node.value, options) if options else n.NO


@_folded.register
def _(node: n.IsUnknown) -> n.Node:
    if isinstance(node.value, n.Unset):
        return n.YES
    return n.NO if isinstance(node.value, n.Constant | n.Truth) else node


@_folded.register
def _(node: n.Arithmetic) -> n.Node:
    for part, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(part, n.Unset) and isinstance(other, n.Constant):
            return part
    left, right = number_of(node.left), number_of(node.right)
    if left is None or right is None or (node.operator == "/" and right == 0):
        return node
    results = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
    }
    return n.Constant(results[node.operator]())


@_folded.register
def _(node: n.Negative) -> n.Node:
    value = number_of(node.part)
    return node if value is None else n.Constant(-value)


@_folded.register
def _(node: n.Round) -> n.Node:
    if isinstance(node.part, n.Unset):
        return node.part
    value = number_of(node.part)
    return node if value is None else n.Constant(round_half_away(value, node.decimals))


@_folded.register(n.Least)
@_folded.register(n.Greatest)
def _(node: n.Least | n.Greatest) -> n.Node:
    values = [value for part in node.parts if (value := number_of(part)) is not None]
    if len(values) < len(node.parts):
        return node
    return n.Constant(min(values) if isinstance(node, n.Least) else max(values))


@_folded.register
def _(node: n.Case) -> n.Node:
    branches: list[tuple[n.Node, n.Node]] = []
    otherwise = node.otherwise
    for condition, value in node.branches:
        if condition == n.YES:
            otherwise = value
            break
        if condition != n.NO:
            branches.append((condition, value))
    if branches:
        return n.Case(tuple(branches), otherwise)
    if otherwise is not None:
        return otherwise
    return _NEITHER if is_truth(node) else _NO_NUMBER


def number_of(node: n.Node) -> Fraction | None:
    """The number a constant holds, None for any other node."""
    return node.value if isinstance(node, n.Constant) and isinstance(node.value, Fraction) else None


def round_half_away(value: Fraction, decimals: int) -> Fraction:
    """Rounded half away from zero, exactly."""
    scale = 10**decimals
    magnitude = (abs(value) * scale + Fraction(1, 2)) // 1
    return Fraction(magnitude if value >= 0 else -magnitude, scale)
