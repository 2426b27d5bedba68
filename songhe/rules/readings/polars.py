"""Whole populations at once: a node becomes a polars expression over the columns of the person table.

polars joins unknowns as Kleene does, keeps booleans one bit a person and never leaves Arrow. Expressions are made from
the lowered tree, equal nodes from one expression.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce, singledispatchmethod

import numpy as np
import polars as pl

from songhe.kernel import regions
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind

_COMPARE: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "=": pl.Expr.eq,
    "<>": pl.Expr.ne,
    "<": pl.Expr.lt,
    "<=": pl.Expr.le,
    ">": pl.Expr.gt,
    ">=": pl.Expr.ge,
}
_UNKNOWN = pl.lit(None, dtype=pl.Boolean)
_NO_NUMBER = pl.lit(None, dtype=pl.Float64)
DTYPES: Mapping[Kind, type[pl.DataType]] = {
    Kind.DATE: pl.Date,
    Kind.BOOL: pl.Boolean,
    Kind.WORD: pl.String,
    Kind.REGION: pl.String,
    Kind.CODE: pl.Int8,
    Kind.GRADE: pl.Int8,
}
SCHEMA: Mapping[str, type[pl.DataType]] = {
    "person_id": pl.String,
    **{name: DTYPES[fact.kind] for name, fact in PERSON_TABLE.items()},
}


class Polars:
    """Reads bound and lowered nodes as polars expressions for one day."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._read: dict[n.Node, pl.Expr] = {}

    def read(self, node: n.Node) -> pl.Expr:
        """The node as an expression over the columns of the person table."""
        found = self._read.get(node)
        if found is None:
            found = self._read[node] = self._expression(node)
        return found

    def know(self, node: n.Node, expression: pl.Expr) -> None:
        """From now on reads the node as the given expression: a column in which it already stands."""
        self._read[node] = expression

    @singledispatchmethod
    def _expression(self, node: n.Node) -> pl.Expr:
        raise TypeError(node)

    @_expression.register
    def _(self, node: n.Constant) -> pl.Expr:
        return pl.lit(float(node.value) if isinstance(node.value, Fraction) else node.value)

    @_expression.register
    def _(self, node: n.Truth) -> pl.Expr:
        return pl.lit(node.value)

    @_expression.register
    def _(self, node: n.Unset) -> pl.Expr:
        return _NO_NUMBER

    @_expression.register
    def _(self, node: n.FactValue) -> pl.Expr:
        return pl.col(node.name)

    @_expression.register
    def _(self, node: n.Age) -> pl.Expr:
        birth = pl.col("birth_date")
        had = birth.dt.month().cast(pl.Int32) * 100 + birth.dt.day()
        early = had > self._on.month * 100 + self._on.day
        return (pl.lit(self._on.year) - birth.dt.year() - early.cast(pl.Int32)).cast(pl.Float64)

    @_expression.register
    def _(self, node: n.MonthsSince) -> pl.Expr:
        start = pl.col(node.name)
        whole = (pl.lit(self._on.year) - start.dt.year()) * 12 + self._on.month - start.dt.month().cast(pl.Int32)
        return (whole - (start.dt.day() > self._on.day).cast(pl.Int32)).cast(pl.Float64)

    @_expression.register
    def _(self, node: n.Within) -> pl.Expr:
        code, coarser = pl.col(node.name), regions.coarser_codes(node.area)
        inside = code.str.starts_with(regions.significant(node.area))
        return pl.when(code.is_in(coarser)).then(_UNKNOWN).otherwise(inside) if coarser else inside

    @_expression.register
    def _(self, node: n.Compare) -> pl.Expr:
        return _COMPARE[node.operator](self.read(node.left), self.read(node.right))

    @_expression.register
    def _(self, node: n.OneOf) -> pl.Expr:
        value = self.read(node.value)
        return reduce(pl.Expr.or_, [value == self.read(option) for option in node.options])

    @_expression.register
    def _(self, node: n.IsUnknown) -> pl.Expr:
        return self.read(node.value).is_null()

    @_expression.register
    def _(self, node: n.And) -> pl.Expr:
        return reduce(pl.Expr.and_, [self.read(part) for part in node.parts])

    @_expression.register
    def _(self, node: n.Or) -> pl.Expr:
        return reduce(pl.Expr.or_, [self.read(part) for part in node.parts])

    @_expression.register
    def _(self, node: n.Not) -> pl.Expr:
        return ~self.read(node.part)

    @_expression.register
    def _(self, node: n.Arithmetic) -> pl.Expr:
        left, right = self._number(node.left), self._number(node.right)
        if node.operator == "+":
            return left + right
        if node.operator == "-":
            return left - right
        if node.operator == "*":
            return left * right
        return pl.when(right != 0).then(_quotient(left, right))

    def _number(self, node: n.Node) -> pl.Expr:
        return self.read(node).cast(pl.Float64)

    @_expression.register
    def _(self, node: n.Negative) -> pl.Expr:
        return -self._number(node.part)

    @_expression.register
    def _(self, node: n.Case) -> pl.Expr:
        result = None if node.otherwise is None else self.read(node.otherwise)
        for condition, value in reversed(node.branches):
            holds, chosen = self.read(condition), self.read(value)
            unknown = pl.lit(None)
            rest = unknown if result is None else result
            result = pl.when(holds.is_null()).then(unknown).when(holds).then(chosen).otherwise(rest)
        return _UNKNOWN if result is None else result

    @_expression.register
    def _(self, node: n.Least) -> pl.Expr:
        return self._extreme(node, pl.min_horizontal)

    @_expression.register
    def _(self, node: n.Greatest) -> pl.Expr:
        return self._extreme(node, pl.max_horizontal)

    def _extreme(self, node: n.Node, choose: Callable[..., pl.Expr]) -> pl.Expr:
        parts = [self._number(part) for part in node.children]
        return pl.when(pl.all_horizontal([part.is_not_null() for part in parts])).then(choose(parts))

    @_expression.register
    def _(self, node: n.Round) -> pl.Expr:
        value, scale = self._number(node.part), 10.0**node.decimals
        return value.sign() * _quotient((value.abs() * scale + 0.5).floor(), pl.lit(scale))


def _quotient(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Divided by numpy: polars takes a column times the inverse of a single number, which differs in the last bit."""
    return pl.map_batches([left, right], _divided, return_dtype=pl.Float64, is_elementwise=True).fill_nan(None)


def _divided(sides: Sequence[pl.Series]) -> pl.Series:
    left, right = (side.to_numpy() for side in sides)  # unknown is NaN
    with np.errstate(divide="ignore", invalid="ignore"):
        return pl.Series(np.true_divide(left, right))
