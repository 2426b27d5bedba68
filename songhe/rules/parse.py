"""From SQL syntax to nodes. sqlglot reads the text; only what is listed here gets through.

Free Python, subqueries, casts, LIKE and every other function are refused with the accepted forms named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from datetime import date
from fractions import Fraction

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from songhe.kernel.errors import BadInput
from songhe.kernel.regions import significant
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind

MAX_LENGTH = 4000
MAX_DEPTH = 30
MAX_DECIMALS = 6
LARGEST = 10**12
SMALLEST_PART = 10**MAX_DECIMALS
ACCEPTED = (
    "事实名、参数名、age、数、'文字'、DATE '2024-05-01'、TRUE、FALSE、= <> < <= > >=、IN、BETWEEN、IS [NOT] NULL、"
    "AND OR NOT、+ - * /、CASE WHEN … THEN … ELSE … END、least、greatest、round、"
    "within(地区, '代码')、months_since(日期)"
)
_NUMBER = re.compile(r"\d{1,13}\.?\d{0,6}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COMPARISONS: Mapping[type[exp.Expr], n.Comparison] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: Mapping[type[exp.Expr], n.Operator] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


class Parser:
    """Turns expressions of one item into nodes. `where` names the file and line in errors."""

    def __init__(self, parameters: Set[str], where: str) -> None:
        self._parameters = parameters
        self._where = where

    def parse(self, text: str) -> n.Node:
        """The expression as nodes; refused with BadInput when anything outside the language is in it."""
        if len(text) > MAX_LENGTH:
            raise BadInput(self._where, f"表达式太长（{len(text)}字）", accepted=f"不超过{MAX_LENGTH}字")
        try:
            node = self._node(sqlglot.parse_one(text, read="postgres"))
            if n.depth(node) > MAX_DEPTH:
                raise RecursionError
            return node
        except SqlglotError as error:
            reason = str(error).split("\n", 1)[0]
            raise BadInput(self._where, f"读不懂表达式（{reason}）", given=text, accepted=ACCEPTED) from error
        except RecursionError as error:
            raise BadInput(
                self._where, "表达式嵌套太深", accepted=f"不超过{MAX_DEPTH}层；拆成几个参数或几项"
            ) from error

    def _refuse(self, tree: exp.Expr, problem: str = "这里不能这样写", accepted: str = ACCEPTED) -> BadInput:
        return BadInput(self._where, problem, given=tree.sql(dialect="postgres"), accepted=accepted)

    def _node(self, tree: exp.Expr) -> n.Node:
        reader, arguments = _READERS.get(type(tree), (None, frozenset()))
        given = {name for name, value in tree.args.items() if value not in (None, False, [])}
        if reader is None or not given <= arguments:
            raise self._refuse(tree)
        return reader(self, tree)

    def _comparison(self, tree: exp.Expr) -> n.Node:
        return n.Compare(_COMPARISONS[type(tree)], self._node(tree.this), self._node(tree.expression))

    def _arithmetic(self, tree: exp.Expr) -> n.Node:
        return n.Arithmetic(_ARITHMETIC[type(tree)], self._node(tree.this), self._node(tree.expression))

    def _paren(self, tree: exp.Expr) -> n.Node:
        return self._node(tree.this)

    def _and(self, tree: exp.Expr) -> n.Node:
        return n.And(tuple(self._node(part) for part in tree.flatten(unnest=False)))

    def _or(self, tree: exp.Expr) -> n.Node:
        return n.Or(tuple(self._node(part) for part in tree.flatten(unnest=False)))

    def _not(self, tree: exp.Expr) -> n.Node:
        return n.Not(self._node(tree.this))

    def _negative(self, tree: exp.Expr) -> n.Node:
        return n.Negative(self._node(tree.this))

    def _boolean(self, tree: exp.Expr) -> n.Node:
        return n.Truth(bool(tree.this))

    def _literal(self, tree: exp.Expr) -> n.Node:
        if tree.is_string:
            return n.Constant(str(tree.this))
        if not _NUMBER.fullmatch(tree.this) or Fraction(tree.this) > LARGEST:
            raise self._refuse(tree, "数太大、小数位太多或写法不对", f"不超过{LARGEST}，最多{MAX_DECIMALS}位小数")
        return n.Constant(Fraction(tree.this))

    def _date(self, tree: exp.Expr) -> n.Node:
        if not (tree.args["to"].is_type("date") and tree.this.is_string):
            raise self._refuse(tree)
        try:
            if not _DATE.fullmatch(tree.this.this):
                raise ValueError("not as ISO 8601 writes a day")
            return n.Constant(date.fromisoformat(tree.this.this))
        except ValueError as error:
            raise self._refuse(tree, "不是日期", "DATE '2024-05-01'") from error

    def _column(self, tree: exp.Expr) -> n.Node:
        name = tree.name
        if not isinstance(tree.this, exp.Identifier) or tree.this.quoted:
            raise self._refuse(tree)
        if name == "age":
            return n.Age()
        if name in self._parameters:
            return n.ParameterValue(name)
        if name in PERSON_TABLE:
            return n.FactValue(name)
        known = "、".join(sorted(self._parameters) or ["（没有）"])
        raise self._refuse(tree, "没有这个事实或参数", f"参数：{known}；事实：age、{'、'.join(PERSON_TABLE)}")

    def _between(self, tree: exp.Expr) -> n.Node:
        value, low, high = (self._node(tree.args[key]) for key in ("this", "low", "high"))
        return n.And((n.Compare(">=", value, low), n.Compare("<=", value, high)))

    def _in(self, tree: exp.Expr) -> n.Node:
        options = tree.expressions
        if not options:
            raise self._refuse(tree)
        return n.OneOf(self._node(tree.this), tuple(self._node(option) for option in options))

    def _is(self, tree: exp.Expr) -> n.Node:
        if not isinstance(tree.expression, exp.Null):
            raise self._refuse(tree, "IS后面只能是NULL或NOT NULL")
        unknown = n.IsUnknown(self._node(tree.this))
        return n.Not(unknown) if tree.args.get("negate") else unknown

    def _case(self, tree: exp.Expr) -> n.Node:
        if tree.this is not None:
            raise self._refuse(tree, "CASE后面要直接写WHEN")
        branches = tuple((self._node(part.this), self._node(part.args["true"])) for part in tree.args["ifs"])
        default = tree.args.get("default")
        return n.Case(branches, None if default is None else self._node(default))

    def _least(self, tree: exp.Expr) -> n.Node:
        return n.Least(self._several(tree))

    def _greatest(self, tree: exp.Expr) -> n.Node:
        return n.Greatest(self._several(tree))

    def _several(self, tree: exp.Expr) -> tuple[n.Node, ...]:
        parts = [part for part in (tree.this, *tree.expressions) if part is not None]
        if len(parts) < 2:
            raise self._refuse(tree, "至少要两个数")
        return tuple(self._node(part) for part in parts)

    def _round(self, tree: exp.Expr) -> n.Node:
        decimals = tree.args.get("decimals")
        if decimals is None:
            return n.Round(self._node(tree.this), 0)
        if not (isinstance(decimals, exp.Literal) and decimals.is_int and int(decimals.this) <= MAX_DECIMALS):
            raise self._refuse(tree, "小数位数不对", f"0到{MAX_DECIMALS}")
        return n.Round(self._node(tree.this), int(decimals.this))

    def _function(self, tree: exp.Expr) -> n.Node:
        name, arguments = str(tree.this).lower(), tree.expressions
        if name == "within" and len(arguments) == 2:
            fact = self._fact_argument(tree, arguments[0], Kind.REGION)
            return n.Within(fact, self._area(tree, arguments[1]))
        if name == "months_since" and len(arguments) == 1:
            return n.MonthsSince(self._fact_argument(tree, arguments[0], Kind.DATE))
        raise self._refuse(tree, "没有这个函数，或参数个数不对")

    def _fact_argument(self, tree: exp.Expr, argument: exp.Expr, kind: Kind) -> str:
        node = self._node(argument)
        if isinstance(node, n.FactValue) and PERSON_TABLE[node.name].kind is kind:
            return node.name
        fitting = "、".join(name for name, fact in PERSON_TABLE.items() if fact.kind is kind)
        raise self._refuse(tree, "第一个参数不对", fitting)

    def _area(self, tree: exp.Expr, argument: exp.Expr) -> str:
        if not (isinstance(argument, exp.Literal) and argument.is_string):
            raise self._refuse(tree, "第二个参数不对", "用单引号括起的行政区划代码，如'420700'")
        try:
            significant(argument.this)
        except BadInput as error:
            raise self._refuse(tree, "第二个参数不对", error.accepted) from error
        return str(argument.this)


# What each piece of SQL may carry: an argument not listed (LEAST … FILTER, BETWEEN SYMMETRIC) would be lost silently.
_READERS: Mapping[type[exp.Expr], tuple[Callable[[Parser, exp.Expr], n.Node], frozenset[str]]] = {
    **{kind: (Parser._comparison, frozenset({"this", "expression"})) for kind in _COMPARISONS},
    **{kind: (Parser._arithmetic, frozenset({"this", "expression", "typed", "safe"})) for kind in _ARITHMETIC},
    exp.Paren: (Parser._paren, frozenset({"this"})),
    exp.And: (Parser._and, frozenset({"this", "expression"})),
    exp.Or: (Parser._or, frozenset({"this", "expression"})),
    exp.Not: (Parser._not, frozenset({"this"})),
    exp.Neg: (Parser._negative, frozenset({"this"})),
    exp.Boolean: (Parser._boolean, frozenset({"this"})),
    exp.Literal: (Parser._literal, frozenset({"this", "is_string"})),
    exp.Cast: (Parser._date, frozenset({"this", "to"})),
    exp.Column: (Parser._column, frozenset({"this"})),
    exp.Between: (Parser._between, frozenset({"this", "low", "high"})),
    exp.In: (Parser._in, frozenset({"this", "expressions"})),
    exp.Is: (Parser._is, frozenset({"this", "expression", "negate"})),
    exp.Case: (Parser._case, frozenset({"this", "ifs", "default"})),
    exp.Least: (Parser._least, frozenset({"this", "expressions", "ignore_nulls"})),
    exp.Greatest: (Parser._greatest, frozenset({"this", "expressions", "ignore_nulls"})),
    exp.Round: (Parser._round, frozenset({"this", "decimals"})),
    exp.Anonymous: (Parser._function, frozenset({"this", "expressions"})),
}
