"""Amounts that take few values, as the condition of each value; and other questions turned into AND, OR and NOT.

Most amounts of a service list are a figure or a choice among figures. Written as conditions they need no arithmetic:
whoever works out yes and no for many people at once works out the money with it. All that is made here are nodes, so
the reference reading says whether they mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import product

from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.readings.reference import Reference
from songhe.rules.typing_rules import is_truth

MOST = 64
_ANY_DAY = date(2000, 1, 1)  # what is worked out here does not depend on a day


def made_sure(node: n.Node) -> n.Node | None:
    """The condition that `surely` was asked about when the node is its answer, else None."""
    if isinstance(node, n.And) and len(node.parts) == 2 and n.surely(node.parts[1]) == node:
        return node.parts[1]
    return None


def choices(node: n.Node) -> Mapping[float, n.Node] | None:
    """The values a number can take, each with the condition, never unknown, of those for whom it is known to be so.

    None when there are more than 64 or the number is not chosen but counted, such as an age.
    """
    if isinstance(node, n.Constant):
        return {float(node.value): n.YES} if isinstance(node.value, Fraction) else None
    if isinstance(node, n.Unset):
        return {}
    if isinstance(node, n.FactValue):
        return _of_fact(node)
    if isinstance(node, n.Case):
        return _of_case(node)
    return _of_parts(node) if node.children and not is_truth(node) else None


def _of_fact(node: n.FactValue) -> Mapping[float, n.Node] | None:
    fact = PERSON_TABLE[node.name]
    if fact.kind not in (Kind.CODE, Kind.GRADE):
        return None
    values = (Fraction(value) for value in fact.values)
    return {float(value): n.surely(n.Compare("=", node, n.Constant(value))) for value in values}


def reached(node: n.Case) -> Iterator[tuple[n.Node, n.Node]]:
    """For each value of a CASE the condition, never unknown, under which it is chosen; `otherwise` last."""
    left: n.Node = n.YES
    for condition, value in node.branches:
        yield n.all_of((left, n.surely(condition))), value
        left = n.all_of((left, n.surely(n.negation(condition))))
    if node.otherwise is not None:
        yield left, node.otherwise


def _of_case(node: n.Case) -> Mapping[float, n.Node] | None:
    found: dict[float, list[n.Node]] = {}
    for chosen, value in reached(node):
        among = choices(value)
        if among is None:
            return None
        for amount, condition in among.items():
            found.setdefault(amount, []).append(n.all_of((chosen, condition)))
    return _joined(found)


def _of_parts(node: n.Node) -> Mapping[float, n.Node] | None:
    """Of a number computed from numbers: every combination of theirs, worked out as the reference reading does."""
    found: dict[float, list[n.Node]] = {}
    among = [choices(child) for child in node.children]
    if any(part is None for part in among):
        return None
    for combination in product(*(part.items() for part in among if part is not None)):
        values = iter([n.Constant(Fraction(value)) for value, _ in combination])
        amount = Reference(_ANY_DAY).read(n.rebuild(node, lambda _, values=values: next(values)))({})  # type: ignore[misc]
        if amount is not None:
            found.setdefault(amount, []).append(n.all_of(tuple(condition for _, condition in combination)))
        if len(found) > MOST:
            return None
    return _joined(found)


def _joined(found: Mapping[float, list[n.Node]]) -> Mapping[float, n.Node] | None:
    return {value: n.any_of(tuple(parts)) for value, parts in found.items()} if len(found) <= MOST else None


def unfolded(node: n.Case) -> n.Node:
    """A CASE among yes and no as AND, OR and NOT: unknown where no condition is known to hold and none to be left."""
    chosen = list(reached(node))
    stuck = n.negation(n.any_of(tuple(condition for condition, _ in chosen)))
    never_known = n.Compare("=", n.Unset(""), n.Unset(""))
    return n.any_of((*(n.all_of(pair) for pair in chosen), n.all_of((stuck, never_known))))


def known(node: n.Node) -> n.Node | None:
    """The condition, never unknown, that a number chosen among few is known; None for any other node."""
    among = None if is_truth(node) or isinstance(node, n.FactValue) else choices(node)
    return None if among is None else n.any_of(tuple(among.values()))
