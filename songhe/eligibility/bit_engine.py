"""The engine for many people: polars looks at the facts, word operations do the rest, bits come out.

polars works out each distinct leaf once; joining them, coordinating groups and choosing amounts happens 64 persons at
a time (`rules.readings.bitmaps`). What leaves as columns leaves without unpacking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from songhe.rules import nodes as n
from songhe.rules.lowering import lower
from songhe.rules.readings.arrow_bits import bits_of, column_of, within_bits
from songhe.rules.readings.bitmaps import Bits, Coded, Computed, Plan, Truth, Words, everyone_of
from songhe.rules.readings.code_bits import CodedFacts
from songhe.rules.readings.polars import SCHEMA, Polars

Nodes = Mapping[str, n.Node]


def needed_facts(nodes: Iterable[n.Node]) -> list[str]:
    """The columns of the person table that the nodes read."""
    return list(dict.fromkeys(name for node in nodes for name in n.fact_names(node)))


def with_all_facts(people: pl.DataFrame, facts: Iterable[str]) -> pl.DataFrame:
    """The people with the facts that their table lacks as empty columns: all unknown."""
    absent = [pl.lit(None, dtype=SCHEMA[name]).alias(name) for name in facts if name not in people.columns]
    return people.with_columns(absent) if absent else people


class BitEngine:
    """A set of trees made ready once for a day; `answers` then works them out for one batch of people after another."""

    def __init__(self, nodes: Nodes, on: date) -> None:
        self.on = on
        self.plan = Plan({name: lower(node, on) for name, node in nodes.items()})
        self._reading = Polars(on)
        self.facts = needed_facts(nodes.values())

    def answers(self, people: pl.DataFrame) -> Answers:
        """What the trees come to for each person, in their order."""
        people = with_all_facts(people, self.facts)
        everyone = everyone_of(people.height)
        leaves = leaf_bits(people, self.plan.leaves, self._reading, everyone)
        return Answers(self, people, self.plan.run(leaves, everyone))


@dataclass(frozen=True)
class Answers:
    """What the trees of an engine came to for a batch of people."""

    engine: BitEngine
    people: pl.DataFrame
    slots: Sequence[Bits]

    def truth(self, name: str) -> Bits:
        """The answer of a yes-or-no tree."""
        answer = self.engine.plan.answers[name]
        if not isinstance(answer, Truth):
            raise TypeError(name)
        return self.slots[answer.slot]

    def amounts(self, name: str) -> list[tuple[float, Words]] | None:
        """The values of an amount with who is known to get each; None when it is counted and not chosen."""
        answer = self.engine.plan.answers[name]
        return [(v, self.slots[s].true) for v, s in answer.values] if isinstance(answer, Coded) else None

    def column(self, name: str) -> pl.Series:
        """The answer as a column, null where unknown: Boolean, or Float64 for an amount."""
        answer = self.engine.plan.answers[name]
        if isinstance(answer, Truth):
            return column_of(name, self.slots[answer.slot], self.people.height)
        return (self._coded(answer) if isinstance(answer, Coded) else self._computed(answer)).rename(name)

    def frame(self) -> pl.DataFrame:
        """All answers as columns."""
        return pl.DataFrame([self.column(name) for name in self.engine.plan.answers])

    def _coded(self, answer: Coded) -> pl.Series:
        count = self.people.height
        amount = pl.lit(None, dtype=pl.Float64)
        gets = [column_of(str(index), self.slots[slot], count) for index, (_, slot) in enumerate(answer.values)]
        for index, (value, _) in enumerate(answer.values):
            amount = pl.when(pl.col(str(index))).then(pl.lit(value)).otherwise(amount)
        if not gets:
            return pl.Series([None], dtype=pl.Float64).new_from_index(0, count)
        return pl.DataFrame(gets).select(amount.alias("amount")).to_series()

    def _computed(self, answer: Computed) -> pl.Series:
        return computed_column(answer, self.people, self.slots, Polars(self.engine.on))


def computed_column(answer: Computed, people: pl.DataFrame, slots: Sequence[Bits], reading: Polars) -> pl.Series:
    """A counted amount as a column, its conditions taken from the slots; `reading` is a fresh one, used up here."""
    columns = []
    for index, (condition, slot) in enumerate(answer.conditions):
        columns.append(column_of(f"condition {index}", slots[slot], people.height))
        reading.know(condition, pl.col(f"condition {index}"))
    amount = reading.read(answer.node).cast(pl.Float64).alias("amount")
    return people.with_columns(*columns).with_columns(amount)["amount"]


def leaf_bits(people: pl.DataFrame, leaves: Sequence[n.Node], reading: Polars, everyone: Words) -> list[Bits]:
    """The bits of each leaf: facts as they lie, codes compared as numbers, all else by polars in one go."""
    coded = CodedFacts(people, everyone)
    found = {leaf: bits for leaf in leaves if (bits := _as_it_lies(people, leaf, coded, everyone)) is not None}
    asked = [leaf for leaf in leaves if leaf not in found]
    columns = [reading.read(leaf).cast(pl.Boolean).alias(f"leaf {index}") for index, leaf in enumerate(asked)]
    read = people.with_columns(columns)
    found |= {leaf: bits_of(read[f"leaf {index}"], everyone) for index, leaf in enumerate(asked)}
    return [found[leaf] for leaf in leaves]


def _as_it_lies(people: pl.DataFrame, leaf: n.Node, coded: CodedFacts, everyone: Words) -> Bits | None:
    if isinstance(leaf, n.FactValue):
        return bits_of(people[leaf.name], everyone)
    if isinstance(leaf, n.Within):
        return within_bits(people[leaf.name], leaf.area, everyone)
    return coded.answer(leaf) if people.height else None
