"""What-if over a resident population: every distinct leaf as two bit vectors, 64 persons a word.

`true` has the surely-yes, `possible` the not-surely-no; AND, OR and NOT are word operations on them. Leaves come from
the polars reading once and stay; a moved threshold makes one leaf anew. People lie in order of birth, so that an age
leaf is a run of ones found by two searches instead of a scan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce, singledispatchmethod
from typing import Any

import numpy as np
import polars as pl

from songhe.rules import nodes as n
from songhe.rules.readings.polars import Polars

Words = np.ndarray[Any, np.dtype[np.uint64]]
_WORD = 64
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Bits:
    """A three-valued answer for everyone: `true` implies `possible`; possible and not true is unknown."""

    true: Words
    possible: Words

    def unknown(self) -> Words:
        """Who is neither surely in nor surely out."""
        return self.possible & ~self.true


class Residents:
    """A population held in memory, ordered by birth, and its leaves."""

    def __init__(self, people: pl.DataFrame, on: date) -> None:
        self.people = people.sort("birth_date", nulls_last=True)
        self.on = on
        self.count = people.height
        self.words = -(-self.count // _WORD)
        self._polars = Polars(on)
        self._leaves: dict[n.Node, Bits] = {}
        known = self.people["birth_date"].drop_nulls()
        self._births = known.to_physical().to_numpy()
        self.everyone = self._run(0, self.count)

    def _run(self, start: int, stop: int) -> Words:
        """Ones from `start` until `stop` (excluded)."""
        bits = np.zeros(self.words, dtype=np.uint64)
        if start >= stop:
            return bits
        first, last = start // _WORD, (stop - 1) // _WORD
        bits[first : last + 1] = _ALL
        bits[first] &= _ALL << np.uint64(start % _WORD)
        bits[last] &= _ALL >> np.uint64(_WORD - 1 - (stop - 1) % _WORD)
        return bits

    def _pack(self, truths: pl.Series) -> Words:
        packed = np.packbits(truths.to_numpy(), bitorder="little")
        padded = np.zeros(self.words * 8, dtype=np.uint8)
        padded[: len(packed)] = packed
        return padded.view(np.uint64)

    def mask(self, condition: pl.Expr) -> Words:
        """Those for whom a polars condition is true, in the order of the residents."""
        return self._pack(self.people.select(condition.fill_null(False).alias("mask"))["mask"])

    def leaf(self, node: n.Node) -> Bits:
        """The bits of a leaf, made once."""
        found = self._leaves.get(node)
        if found is None:
            found = self._leaves[node] = self._birth_leaf(node) or self._scanned(node)
        return found

    def forget_all_but(self, nodes: Sequence[n.Node]) -> None:
        """Drops leaves that are no longer used, so that many what-ifs do not fill the memory."""
        self._leaves = {node: bits for node, bits in self._leaves.items() if node in set(nodes)}

    def _birth_leaf(self, node: n.Node) -> Bits | None:
        """A comparison of the birth date with a day, as a run."""
        if not (isinstance(node, n.Compare) and node.left == n.FactValue("birth_date")):
            return None
        if not isinstance(node.right, n.Constant) or not isinstance(node.right.value, date):
            return None
        day = (node.right.value - date(1970, 1, 1)).days
        known = len(self._births)
        before = int(np.searchsorted(self._births, day, side="left"))
        upto = int(np.searchsorted(self._births, day, side="right"))
        runs: dict[str, tuple[int, int]] = {
            "<": (0, before), "<=": (0, upto), ">": (upto, known), ">=": (before, known), "=": (before, upto)
        }  # fmt: skip
        if node.operator == "<>":
            true = self._run(0, before) | self._run(upto, known)
        else:
            true = self._run(*runs[node.operator])
        return Bits(true, true | self._run(known, self.count))

    def _scanned(self, node: n.Node) -> Bits:
        answer = self.people.select(
            self._polars.read(node).fill_null(False).alias("true"),
            self._polars.read(node).fill_null(True).alias("possible"),
        )
        return Bits(self._pack(answer["true"]), self._pack(answer["possible"]))


class Bitmaps:
    """Reads bound and lowered nodes over residents."""

    def __init__(self, residents: Residents) -> None:
        self._residents = residents

    @singledispatchmethod
    def read(self, node: n.Node) -> Bits:
        """The node's answer for everyone; nodes that are not AND, OR or NOT are leaves."""
        return self._residents.leaf(node)

    @read.register
    def _(self, node: n.Truth) -> Bits:
        words = self._residents.everyone if node.value else np.zeros_like(self._residents.everyone)
        return Bits(words, words)

    @read.register
    def _(self, node: n.And) -> Bits:
        return self._join(node.parts, np.bitwise_and)

    @read.register
    def _(self, node: n.Or) -> Bits:
        return self._join(node.parts, np.bitwise_or)

    def _join(self, parts: tuple[n.Node, ...], word: Callable[[Words, Words], Words]) -> Bits:
        answers = [self.read(part) for part in parts]
        return Bits(reduce(word, [a.true for a in answers]), reduce(word, [a.possible for a in answers]))

    @read.register
    def _(self, node: n.Not) -> Bits:
        part, everyone = self.read(node.part), self._residents.everyone
        return Bits(everyone & ~part.possible, everyone & ~part.true)

    def amounts(self, node: n.Node) -> list[tuple[float, Words]]:
        """A numeric node as amounts and who gets each; persons without a known amount are in none.

        Only constants and CASE over them; anything else raises ValueError.
        """
        value = constant_number(node)
        if value is not None:
            return [(value, self._residents.everyone)]
        if isinstance(node, n.Unset):
            return []
        if not isinstance(node, n.Case):
            raise ValueError("an amount computed from facts of the person has no bitmap")
        found: list[tuple[float, Words]] = []
        left = self._residents.everyone
        for condition, chosen in node.branches:
            answer = self.read(condition)
            found += [(amount, who & left & answer.true) for amount, who in self.amounts(chosen)]
            left = left & ~answer.possible
        if node.otherwise is not None:
            found += [(amount, who & left) for amount, who in self.amounts(node.otherwise)]
        return found


def constant_number(node: n.Node) -> float | None:
    """The number of a constant as a double, None for other nodes."""
    return float(node.value) if isinstance(node, n.Constant) and not isinstance(node.value, str | date) else None


def population(words: Words) -> int:
    """How many persons are in."""
    return int(np.bitwise_count(words).sum())


def is_leaf(node: n.Node) -> bool:
    """Whether the bitmaps hold the node itself instead of joining its parts."""
    return not isinstance(node, n.And | n.Or | n.Not | n.Truth)


def leaves(nodes: Sequence[n.Node]) -> tuple[n.Node, ...]:
    """The distinct leaves of several trees in reading order: the numbering of bitmaps and reasons."""
    found: dict[n.Node, None] = {}
    for node in nodes:
        _collect(node, found)
    return tuple(found)


def _collect(node: n.Node, found: dict[n.Node, None]) -> None:
    if is_leaf(node):
        found[node] = None
    else:
        for child in node.children:
            _collect(child, found)
