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
from songhe.rules.readings.sure_parts import sure_parts

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
        return _once(_one_of, *map(self.read, node.children))

    @_expression.register
    def _(self, node: n.IsUnknown) -> pl.Expr:
        return self.read(node.value).is_null()

    @_expression.register
    def _(self, node: n.And) -> pl.Expr:
        return reduce(pl.Expr.and_, [self._joined(part, sure) for part, sure in sure_parts(node)])

    def _joined(self, part: n.Node, sure: bool) -> pl.Expr:
        return self.read(part).fill_null(value=False) if sure else self.read(part)

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
        return _quotient(left, right)

    def _number(self, node: n.Node) -> pl.Expr:
        return self.read(node).cast(pl.Float64)

    @_expression.register
    def _(self, node: n.Negative) -> pl.Expr:
        return -self._number(node.part)

    @_expression.register
    def _(self, node: n.Case) -> pl.Expr:
        rest = pl.lit(None) if node.otherwise is None else self.read(node.otherwise)
        for condition, value in reversed(node.branches):
            rest = _once(_chosen, self.read(condition), self.read(value), rest)
        return rest

    @_expression.register
    def _(self, node: n.Least) -> pl.Expr:
        return self._extreme(node, pl.min_horizontal)

    @_expression.register
    def _(self, node: n.Greatest) -> pl.Expr:
        return self._extreme(node, pl.max_horizontal)

    def _extreme(self, node: n.Node, choose: Callable[..., pl.Expr]) -> pl.Expr:
        parts = [self._number(part) for part in node.children]
        return _once(lambda *all_parts: _known_of(all_parts, choose), *parts)

    @_expression.register
    def _(self, node: n.Round) -> pl.Expr:
        scale = 10.0**node.decimals

        def rounded(value: pl.Expr) -> pl.Expr:
            return value.sign() * _quotient((value.abs() * scale + 0.5).floor(), pl.lit(scale))

        return _once(rounded, self._number(node.part))


def _once(make: Callable[..., pl.Expr], *parts: pl.Expr) -> pl.Expr:
    """What `make` makes of the parts, each worked out once however often it is named.

    A plan writes out what is named twice, so nested doublings would grow without end; the fields of a struct do not.
    """
    names = [f"part {index}" for index in range(len(parts))]
    struct = pl.struct([part.alias(name) for part, name in zip(parts, names, strict=True)])
    made = make(*map(pl.field, names)).alias("made")
    return struct.struct.with_fields(made).struct.field("made")


def _chosen(holds: pl.Expr, value: pl.Expr, rest: pl.Expr) -> pl.Expr:
    return pl.when(holds.is_null()).then(pl.lit(None)).when(holds).then(value).otherwise(rest)


def _one_of(value: pl.Expr, *options: pl.Expr) -> pl.Expr:
    return reduce(pl.Expr.or_, [value == option for option in options])


def _known_of(parts: Sequence[pl.Expr], choose: Callable[..., pl.Expr]) -> pl.Expr:
    return pl.when(pl.all_horizontal([part.is_not_null() for part in parts])).then(choose(parts))


def _quotient(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Divided by numpy, by zero unknown: polars takes a column times the inverse of a number, off by the last bit."""
    return pl.map_batches([left, right], _divided, return_dtype=pl.Float64, is_elementwise=True)


def _divided(sides: Sequence[pl.Series]) -> pl.Series:
    left, right = (side.to_numpy() for side in sides)  # unknown is NaN
    return pl.Series(np.divide(left, np.where(right == 0, np.nan, right)), nan_to_null=True)
