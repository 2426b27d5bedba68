"""A node as a SQL expression: a sqlglot tree, never joined text. `postgres.py` and `spark.py` say what differs.

Numbers are double precision in both, computed in the order of the tree, so that both agree with Python to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial, singledispatchmethod

from sqlglot import exp

from songhe.kernel import regions
from songhe.rules import nodes as n
from songhe.rules.readings.sure_parts import sure_parts

_COMPARE: Mapping[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_COMPUTE: Mapping[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}

# sqlglot copies what it is given unless told not to: in a deep tree again and again.
_bracketed = partial(exp.paren, copy=False)


class Sql:
    """Reads bound and lowered nodes as SQL for one day. `dialect` is sqlglot's name of it."""

    dialect = ""

    def __init__(self, on: date, table: str = "") -> None:
        self._on = on
        self._table = table

    def text(self, node: n.Node) -> str:
        """The node as SQL text of the dialect."""
        return self.read(node).sql(dialect=self.dialect)

    def select(self, columns: Mapping[str, n.Node], source: str, keys: Sequence[str] = ("person_id",)) -> str:
        """A query giving the keys and, under the given names, the nodes, one row a person of `source`."""
        chosen: list[exp.Expr] = [exp.column(key) for key in keys]
        chosen += [exp.alias_(self.read(node), name, quoted=True, copy=False) for name, node in columns.items()]
        return exp.select(*chosen, copy=False).from_(source, copy=False).sql(dialect=self.dialect)

    def double(self, tree: exp.Expr) -> exp.Expr:
        """The tree as a double."""
        return exp.cast(tree, exp.DataType.Type.DOUBLE, copy=False)

    def floor(self, tree: exp.Expr) -> exp.Expr:
        """The whole number below a double that is not negative, as a double."""
        return exp.Floor(this=tree)

    def part_of_date(self, part: str, column: str) -> exp.Expr:
        """Year, month or day of a date column as a number."""
        return exp.Extract(this=exp.var(part), expression=self._column(column))

    def _column(self, name: str) -> exp.Expr:
        return exp.column(name, table=self._table or None)

    def _number(self, node: n.Node) -> exp.Expr:
        return self.double(self.read(node))

    @singledispatchmethod
    def read(self, node: n.Node) -> exp.Expr:
        """The node as a sqlglot tree."""
        raise TypeError(node)

    @read.register
    def _(self, node: n.Constant) -> exp.Expr:
        if isinstance(node.value, Fraction):
            return self.double(exp.Literal.string(repr(float(node.value))))
        if isinstance(node.value, date):
            return exp.cast(exp.Literal.string(node.value.isoformat()), exp.DataType.Type.DATE)
        return exp.Literal.string(node.value)

    @read.register
    def _(self, node: n.Truth) -> exp.Expr:
        return exp.Boolean(this=node.value)

    @read.register
    def _(self, node: n.Unset) -> exp.Expr:
        return self.double(exp.null())

    @read.register
    def _(self, node: n.FactValue) -> exp.Expr:
        return self._column(node.name)

    @read.register
    def _(self, node: n.Age) -> exp.Expr:
        month_day = self._sum(self._times(self.part_of_date("MONTH", "birth_date"), 100), self._day("birth_date"))
        later = exp.GT(this=_bracketed(month_day), expression=exp.Literal.number(self._on.month * 100 + self._on.day))
        years = self._less(exp.Literal.number(self._on.year), self.part_of_date("YEAR", "birth_date"))
        return self.double(_bracketed(self._less(years, self._one_if(later))))

    @read.register
    def _(self, node: n.MonthsSince) -> exp.Expr:
        years = self._less(exp.Literal.number(self._on.year), self.part_of_date("YEAR", node.name))
        months = self._less(exp.Literal.number(self._on.month), self.part_of_date("MONTH", node.name))
        later = exp.GT(this=self._day(node.name), expression=exp.Literal.number(self._on.day))
        whole = self._sum(self._times(_bracketed(years), 12), _bracketed(months))
        return self.double(_bracketed(self._less(whole, self._one_if(later))))

    def _day(self, name: str) -> exp.Expr:
        return self.part_of_date("DAY", name)

    def _sum(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return exp.Add(this=left, expression=right)

    def _less(self, left: exp.Expr, right: exp.Expr) -> exp.Expr:
        return exp.Sub(this=left, expression=right)

    def _times(self, left: exp.Expr, number: int) -> exp.Expr:
        return exp.Mul(this=left, expression=exp.Literal.number(number))

    def _one_if(self, condition: exp.Expr) -> exp.Expr:
        return exp.Case().when(condition, exp.Literal.number(1)).else_(exp.Literal.number(0))

    @read.register
    def _(self, node: n.Within) -> exp.Expr:
        code, prefix = self._column(node.name), regions.significant(node.area)
        coarser = regions.coarser_codes(node.area)
        if not prefix:
            return _bracketed(exp.EQ(this=code, expression=code.copy()))
        start = exp.Substring(this=code, start=exp.Literal.number(1), length=exp.Literal.number(len(prefix)))
        inside = exp.EQ(this=start, expression=exp.Literal.string(prefix))
        known = exp.In(this=code.copy(), expressions=[exp.Literal.string(part) for part in coarser])
        return exp.Case().when(known, exp.null()).else_(inside)

    @read.register
    def _(self, node: n.Compare) -> exp.Expr:
        left, right = self.read(node.left), self.read(node.right)
        return _bracketed(_COMPARE[node.operator](this=left, expression=right))

    @read.register
    def _(self, node: n.OneOf) -> exp.Expr:
        return _bracketed(
            exp.In(this=self.read(node.value), expressions=[self.read(option) for option in node.options])
        )

    @read.register
    def _(self, node: n.IsUnknown) -> exp.Expr:
        return _bracketed(exp.Is(this=_bracketed(self.read(node.value)), expression=exp.null()))

    @read.register
    def _(self, node: n.And) -> exp.Expr:
        return _bracketed(exp.and_(*[self._joined(part, sure) for part, sure in sure_parts(node)], copy=False))

    def _joined(self, part: n.Node, sure: bool) -> exp.Expr:
        return _bracketed(exp.Is(this=self.read(part), expression=exp.true())) if sure else self.read(part)

    @read.register
    def _(self, node: n.Or) -> exp.Expr:
        return _bracketed(exp.or_(*[self.read(part) for part in node.parts], copy=False))

    @read.register
    def _(self, node: n.Not) -> exp.Expr:
        return _bracketed(exp.Not(this=_bracketed(self.read(node.part))))

    @read.register
    def _(self, node: n.Arithmetic) -> exp.Expr:
        left, right = self._number(node.left), self._number(node.right)
        if node.operator == "/":
            safe = exp.Nullif(this=right, expression=self.double(exp.Literal.number(0)))
            return _bracketed(exp.Div(this=left, expression=safe, typed=True, safe=False))
        return _bracketed(_COMPUTE[node.operator](this=left, expression=right))

    @read.register
    def _(self, node: n.Negative) -> exp.Expr:
        return _bracketed(exp.Neg(this=_bracketed(self._number(node.part))))

    @read.register
    def _(self, node: n.Case) -> exp.Expr:
        rest = exp.null() if node.otherwise is None else self.read(node.otherwise)
        for condition, value in reversed(node.branches):  # CASE c WHEN TRUE: written once, unknown reaches neither
            case = exp.Case(this=_bracketed(self.read(condition)))
            rest = case.when(exp.true(), self.read(value), copy=False).when(exp.false(), rest, copy=False)
        return rest

    @read.register
    def _(self, node: n.Least) -> exp.Expr:
        return self._extreme(node, exp.Least)

    @read.register
    def _(self, node: n.Greatest) -> exp.Expr:
        return self._extreme(node, exp.Greatest)

    def _extreme(self, node: n.Node, kind: type[exp.Expr]) -> exp.Expr:
        parts = [self._number(part) for part in node.children]
        known = exp.and_(*[exp.Not(this=exp.Is(this=part.copy(), expression=exp.null())) for part in parts], copy=False)
        return exp.Case().when(known, kind(this=parts[0], expressions=parts[1:]), copy=False)

    @read.register
    def _(self, node: n.Round) -> exp.Expr:
        value, scale = self._number(node.part), self.double(exp.Literal.number(10**node.decimals))
        grown = self._sum(exp.Mul(this=exp.Abs(this=value), expression=scale), self.double(exp.Literal.number("0.5")))
        magnitude = exp.Div(this=self.floor(_bracketed(grown)), expression=scale.copy(), typed=True, safe=False)
        return _bracketed(exp.Mul(this=self.double(exp.Sign(this=value.copy())), expression=_bracketed(magnitude)))
