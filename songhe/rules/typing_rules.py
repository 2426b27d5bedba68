"""What may stand beside what: the type and unit of every node, found before a rule is ever run.

A bare number takes the unit of its neighbour; two figures with different units do not meet. Words and codes are held
against the values the fact declares, so a misspelt 'minimum_livng' is refused here and not silently never true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import singledispatchmethod

from songhe.kernel.errors import BadInput
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Fact, Kind
from songhe.rules.units import GRADE, MONTH, RATIO, YEAR, Unit


@dataclass(frozen=True, slots=True)
class Type:
    """`name` is truth, number, word, code, region or date; a number without `unit` is bare; `fact` bounds values."""

    name: str
    unit: Unit | None = None
    fact: Fact | None = None

    def __str__(self) -> str:
        words = {"truth": "是非", "number": "数", "word": "文字", "code": "代码", "region": "地区", "date": "日期"}
        label = f"“{self.fact.label}”的" if self.fact else ""
        return f"{label}{words[self.name]}" + (f"（{self.unit}）" if self.unit is not None else "")


TRUTH = Type("truth")
BARE = Type("number")
_DATE = Type("date")
_OF_FACT = {Kind.DATE: "date", Kind.BOOL: "truth", Kind.WORD: "word", Kind.CODE: "code", Kind.REGION: "region"}
_ORDERED = {"number", "date"}


class TypeCheck:
    """Types the nodes of one item; `where` names file and line in the BadInput that refuses a misfit."""

    def __init__(self, units: Mapping[str, Unit], where: str) -> None:
        self._units = units
        self._where = where

    def _refuse(self, problem: str, accepted: str) -> BadInput:
        return BadInput(self._where, problem, accepted=accepted)

    @singledispatchmethod
    def type_of(self, node: n.Node) -> Type:
        """The type of a node and, on the way, of everything below it."""
        raise TypeError(node)

    @type_of.register
    def _(self, node: n.Constant) -> Type:
        if isinstance(node.value, str):
            return Type("word")
        return _DATE if isinstance(node.value, date) else BARE

    @type_of.register(n.Truth)
    @type_of.register(n.Within)
    def _(self, node: n.Node) -> Type:
        return TRUTH

    @type_of.register
    def _(self, node: n.FactValue) -> Type:
        fact = PERSON_TABLE[node.name]
        if fact.kind is Kind.GRADE:
            return Type("number", GRADE, fact)
        return Type(_OF_FACT[fact.kind], None, fact if fact.values else None)

    @type_of.register(n.ParameterValue)
    @type_of.register(n.Unset)
    def _(self, node: n.ParameterValue | n.Unset) -> Type:
        return Type("number", self._units[node.name])

    @type_of.register
    def _(self, node: n.Age) -> Type:
        return Type("number", YEAR)

    @type_of.register
    def _(self, node: n.MonthsSince) -> Type:
        return Type("number", MONTH)

    @type_of.register
    def _(self, node: n.Compare) -> Type:
        left, right = self.type_of(node.left), self.type_of(node.right)
        self._meet(left, right, node.left, node.right)
        if node.operator not in ("=", "<>") and left.name not in _ORDERED:
            raise self._refuse(f"{left}没有大小", "=、<>或IN")
        return TRUTH

    @type_of.register
    def _(self, node: n.OneOf) -> Type:
        value = self.type_of(node.value)
        for option in node.options:
            self._meet(value, self.type_of(option), node.value, option)
        return TRUTH

    def _meet(self, left: Type, right: Type, left_node: n.Node, right_node: n.Node) -> None:
        """Whether two values may be compared."""
        if "region" in (left.name, right.name):
            raise self._refuse("地区不能直接比较", "within(registered_region, '420700')")
        if left.name == "code" or right.name == "code":
            names, bare = {left.name, right.name}, {left.name, right.name} - {"code"}
            fits = (names == {"code", "number"} and BARE in (left, right)) or (not bare and left.fact is right.fact)
        else:
            fits = left.name == right.name and (left.name != "number" or _same_unit(left, right))
            fits = fits and (left.name != "word" or left.fact is None or right.fact in (None, left.fact))
        if not fits:
            raise self._refuse(f"{left}不能与{right}比较", "两边同类、同单位的值")
        for of, node in ((left, right_node), (right, left_node)):
            self._is_value_of(of.fact, node)

    def _is_value_of(self, fact: Fact | None, node: n.Node) -> None:
        if fact is not None and isinstance(node, n.Constant) and node.value not in fact.values:
            raise self._refuse(f"{fact.name}没有这个值：{node.value}", fact.accepted)

    @type_of.register
    def _(self, node: n.IsUnknown) -> Type:
        self.type_of(node.value)
        return TRUTH

    @type_of.register(n.And)
    @type_of.register(n.Or)
    @type_of.register(n.Not)
    def _(self, node: n.Node) -> Type:
        for part in node.children:
            self.want(part, TRUTH)
        return TRUTH

    def want(self, node: n.Node, wanted: Type) -> None:
        """Checks that a node has the wanted type and unit; BadInput otherwise."""
        found = self.type_of(node)
        if found.name != wanted.name or (found.name == "number" and not _same_unit(found, wanted)):
            raise self._refuse(f"这里应当是{wanted}，现在是{found}", str(wanted))

    def _number(self, node: n.Node) -> Type:
        found = self.type_of(node)
        if found.name != "number":
            raise self._refuse(f"{found}不能计算", "数")
        return Type("number", found.unit)

    @type_of.register
    def _(self, node: n.Arithmetic) -> Type:
        left, right = self._number(node.left), self._number(node.right)
        if node.operator in ("+", "-"):
            return self._common([left, right])
        if left.unit is None and right.unit is None:
            return BARE
        return Type("number", (left.unit or RATIO).times(right.unit or RATIO, 1 if node.operator == "*" else -1))

    def _common(self, parts: list[Type]) -> Type:
        """The one unit of several numbers; bare ones take it."""
        result = BARE
        for part in parts:
            if not _same_unit(result, part):
                raise self._refuse(f"单位不同：{result.unit}与{part.unit}", "同单位的数")
            result = result if part.unit is None else part
        return result

    @type_of.register(n.Negative)
    @type_of.register(n.Round)
    def _(self, node: n.Negative | n.Round) -> Type:
        return self._number(node.part)

    @type_of.register(n.Least)
    @type_of.register(n.Greatest)
    def _(self, node: n.Least | n.Greatest) -> Type:
        return self._common([self._number(part) for part in node.parts])

    @type_of.register
    def _(self, node: n.Case) -> Type:
        for condition, _ in node.branches:
            self.want(condition, TRUTH)
        values = [value for _, value in node.branches] + ([] if node.otherwise is None else [node.otherwise])
        if self.type_of(values[0]).name == "truth":
            for value in values:
                self.want(value, TRUTH)
            return TRUTH
        return self._common([self._number(value) for value in values])


def _same_unit(left: Type, right: Type) -> bool:
    return left.unit is None or right.unit is None or left.unit == right.unit


def is_truth(node: n.Node) -> bool:
    """Whether a well-typed node answers yes or no rather than with a number."""
    if isinstance(node, n.Case):
        return is_truth(node.branches[0][1])
    if isinstance(node, n.FactValue):
        return PERSON_TABLE[node.name].kind is Kind.BOOL
    return isinstance(node, n.Truth | n.Within | n.Compare | n.OneOf | n.IsUnknown | n.And | n.Or | n.Not)
