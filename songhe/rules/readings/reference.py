"""The meaning of a rule: plain Python, one person at a time, no lowering and no tricks.

A node becomes a function of a person (a mapping of facts; an absent fact is unknown) to its value, None for unknown.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import singledispatchmethod
from typing import Any

from songhe.kernel import regions
from songhe.kernel.days import age_on, months_between
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind

Person = Mapping[str, Any]
Value = Callable[[Person], Any]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPUTE: Mapping[str, Callable[[float, float], float | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: None if b == 0 else a / b,
}


class Reference:
    """Reads bound nodes for one day. Equal nodes share one function."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._read: dict[n.Node, Value] = {}

    def read(self, node: n.Node) -> Value:
        """The node as a function of a person."""
        found = self._read.get(node)
        if found is None:
            found = self._read[node] = self._function(node)
        return found

    @singledispatchmethod
    def _function(self, node: n.Node) -> Value:
        raise TypeError(node)

    @_function.register
    def _(self, node: n.Constant) -> Value:
        value = float(node.value) if isinstance(node.value, Fraction) else node.value
        return lambda person: value

    @_function.register
    def _(self, node: n.Truth) -> Value:
        value = node.value
        return lambda person: value

    @_function.register
    def _(self, node: n.Unset) -> Value:
        return lambda person: None

    @_function.register
    def _(self, node: n.FactValue) -> Value:
        name = node.name
        if PERSON_TABLE[name].kind is not Kind.GRADE:
            return lambda person: person.get(name)

        def grade(person: Person) -> float | None:
            value = person.get(name)
            return None if value is None else float(value)

        return grade

    @_function.register
    def _(self, node: n.Age) -> Value:
        on = self._on

        def age(person: Person) -> float | None:
            birth = person.get("birth_date")
            return None if birth is None else float(age_on(birth, on))

        return age

    @_function.register
    def _(self, node: n.MonthsSince) -> Value:
        on, name = self._on, node.name

        def months(person: Person) -> float | None:
            start = person.get(name)
            return None if start is None else float(months_between(start, on))

        return months

    @_function.register
    def _(self, node: n.Within) -> Value:
        name = node.name
        prefix, coarser = regions.significant(node.area), frozenset(regions.coarser_codes(node.area))

        def within(person: Person) -> bool | None:
            code = person.get(name)
            return None if code is None or code in coarser else code.startswith(prefix)

        return within

    @_function.register
    def _(self, node: n.Compare) -> Value:
        left, right, compare = self.read(node.left), self.read(node.right), _COMPARE[node.operator]
        if isinstance(node.right, n.Constant):
            return _comparison_with(left, compare, right({}))

        def comparison(person: Person) -> bool | None:
            a, b = left(person), right(person)
            return None if a is None or b is None else compare(a, b)

        return comparison

    @_function.register
    def _(self, node: n.OneOf) -> Value:
        value, options = self.read(node.value), [self.read(option) for option in node.options]
        if all(isinstance(option, n.Constant) for option in node.options):
            return _one_of_constants(value, tuple(option({}) for option in options))

        def one_of(person: Person) -> bool | None:
            sought = value(person)
            if sought is None:
                return None
            found = [option(person) for option in options]
            return True if sought in found else None if None in found else False

        return one_of

    @_function.register
    def _(self, node: n.IsUnknown) -> Value:
        value = self.read(node.value)
        return lambda person: value(person) is None

    @_function.register
    def _(self, node: n.And) -> Value:
        parts = [self.read(part) for part in node.parts]

        def all_of(person: Person) -> bool | None:
            result: bool | None = True
            for part in parts:
                value = part(person)
                if value is False:
                    return False
                if value is None:
                    result = None
            return result

        return all_of

    @_function.register
    def _(self, node: n.Or) -> Value:
        parts = [self.read(part) for part in node.parts]

        def any_of(person: Person) -> bool | None:
            result: bool | None = False
            for part in parts:
                value = part(person)
                if value is True:
                    return True
                if value is None:
                    result = None
            return result

        return any_of

    @_function.register
    def _(self, node: n.Not) -> Value:
        part = self.read(node.part)

        def contrary(person: Person) -> bool | None:
            value = part(person)
            return None if value is None else not value

        return contrary

    @_function.register
    def _(self, node: n.Arithmetic) -> Value:
        left, right, compute = self.read(node.left), self.read(node.right), _COMPUTE[node.operator]

        def arithmetic(person: Person) -> float | None:
            a, b = left(person), right(person)
            return None if a is None or b is None else compute(a, b)

        return arithmetic

    @_function.register
    def _(self, node: n.Negative) -> Value:
        part = self.read(node.part)

        def negative(person: Person) -> float | None:
            value = part(person)
            return None if value is None else -value

        return negative

    @_function.register
    def _(self, node: n.Case) -> Value:
        branches = [(self.read(condition), self.read(value)) for condition, value in node.branches]
        otherwise = None if node.otherwise is None else self.read(node.otherwise)

        def case(person: Person) -> Any:
            for condition, value in branches:
                holds = condition(person)
                if holds is None:
                    return None
                if holds:
                    return value(person)
            return None if otherwise is None else otherwise(person)

        return case

    @_function.register(n.Least)
    @_function.register(n.Greatest)
    def _(self, node: n.Least | n.Greatest) -> Value:
        parts = [self.read(part) for part in node.parts]
        choose = min if isinstance(node, n.Least) else max

        def extreme(person: Person) -> float | None:
            values = [part(person) for part in parts]
            return None if None in values else choose(values)

        return extreme

    @_function.register
    def _(self, node: n.Round) -> Value:
        part, scale = self.read(node.part), 10.0**node.decimals

        def rounded(person: Person) -> float | None:
            value = part(person)
            if value is None:
                return None
            return math.copysign(math.floor(abs(value) * scale + 0.5) / scale, value)

        return rounded


def _comparison_with(left: Value, compare: Callable[[Any, Any], bool], constant: Any) -> Value:
    """What most conditions of a law are: something of the person against a figure."""

    def comparison(person: Person) -> bool | None:
        value = left(person)
        return None if value is None else compare(value, constant)

    return comparison


def _one_of_constants(value: Value, constants: tuple[Any, ...]) -> Value:
    def one_of(person: Person) -> bool | None:
        sought = value(person)
        return None if sought is None else sought in constants

    return one_of
