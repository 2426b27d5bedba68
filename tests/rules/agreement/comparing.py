"""Every reading beside the reference, cell by cell; what differs is cut down to the smallest part that does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from songhe.eligibility.engines import PolarsEngine, ReferenceEngine
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.lowering import lower
from songhe.rules.readings.polars import Polars
from songhe.rules.typing_rules import is_truth

Nodes = Mapping[str, n.Node]
Read = Callable[[pl.DataFrame, Nodes], pl.DataFrame]


def by_reference(on: date) -> Read:
    """The meaning."""
    return ReferenceEngine(on).evaluate


def by_bitmaps(on: date) -> Read:
    """The default engine: the leaves from polars, joined by the bitmaps."""
    return PolarsEngine(on).evaluate


def by_polars(on: date) -> Read:
    """The polars reading by itself, one expression a rule."""

    def read(people: pl.DataFrame, nodes: Nodes) -> pl.DataFrame:
        reading = Polars(on)
        table = people.with_columns(reading.read(lower(node, on)).alias(name) for name, node in nodes.items())
        kinds = {name: pl.Boolean if is_truth(node) else pl.Float64 for name, node in nodes.items()}
        return table.select(*nodes).cast(kinds)  # a constant rule is known under its own type only

    return read


@dataclass(frozen=True)
class Disagreement:
    """The smallest part of a rule that a reading answers otherwise than the reference, and for whom."""

    part: n.Node
    facts: Mapping[str, Any]
    wanted: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.part}\nfor {self.facts}\nmeans {self.wanted!r}, was read as {self.found!r}"


def first_disagreement(
    people: pl.DataFrame, nodes: Nodes, wanted: pl.DataFrame, meaning: Read, read: Read
) -> Disagreement | None:
    """None when all cells agree: unknown where unknown, truths and numbers equal to the last bit.

    Only the sign of a zero is not compared: no rule can tell, for dividing by zero is unknown.
    """
    try:
        found = read(people, nodes)
    except Exception:
        refused = [name for name, node in nodes.items() if isinstance(_attempt(read, people, node), Exception)]
        if not refused:
            raise
        return _smallest(people[:1], nodes[refused[0]], meaning, read)
    assert found.schema == wanted.schema and found.height == wanted.height == people.height
    for name, node in nodes.items():
        differs = found[name].ne_missing(wanted[name])
        if differs.any():
            return _smallest(people[int(differs.arg_true()[0])], node, meaning, read)
    return None


def _smallest(person: pl.DataFrame, node: n.Node, meaning: Read, read: Read) -> Disagreement:
    """Goes down as long as a child alone is answered otherwise too."""
    wanted, found = meaning(person, {"x": node})["x"][0], _attempt(read, person, node)
    for child in node.children:
        if _readable(child) and meaning(person, {"x": child})["x"][0] != _attempt(read, person, child):
            return _smallest(person, child, meaning, read)
    facts = {name: person[name][0] for name in n.fact_names(node)}
    return Disagreement(node, facts, wanted, found)


def _attempt(read: Read, person: pl.DataFrame, part: n.Node) -> Any:
    try:
        return read(person, {"x": part})["x"][0]
    except Exception as error:  # whatever a database finds to say is the answer
        return error


def _readable(node: n.Node) -> bool:
    """Whether a node can be a rule of its own: not a word, date, code or region."""
    if isinstance(node, n.FactValue):
        return PERSON_TABLE[node.name].kind in (Kind.BOOL, Kind.GRADE)
    return not (isinstance(node, n.Constant) and isinstance(node.value, str | date))
