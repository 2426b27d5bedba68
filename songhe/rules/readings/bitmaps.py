"""Sixty-four persons at a time: trees become word operations over their distinct leaves.

An answer is two bit vectors: `true` has the surely-yes, `possible` the not-surely-no. A plan numbers the leaves of
several trees and every joint above them once; equal parts are worked out once. Where the leaves come from (polars, a
resident population) is not its business. Amounts that take few values are bits too: who gets each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

import numpy as np

from songhe.rules import nodes as n
from songhe.rules.choices import choices, known, made_sure, unfolded
from songhe.rules.typing_rules import is_truth

Words = np.ndarray[Any, np.dtype[np.uint64]]
WORD = 64
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Bits:
    """A three-valued answer for everyone: `true` implies `possible`; possible and not true is unknown.

    Where nothing is unknown both are one object, and half of the work falls away.
    """

    true: Words
    possible: Words

    @property
    def decided(self) -> bool:
        """Whether it is certain without looking that nobody's answer is unknown."""
        return self.possible is self.true

    def unknown(self) -> Words:
        """Who is neither surely in nor surely out."""
        return self.possible & ~self.true

    def part(self, start: int, stop: int) -> Bits:
        """The answer for the words from `start` until `stop` (excluded), nothing copied."""
        true = self.true[start:stop]
        return Bits(true, true if self.decided else self.possible[start:stop])


def words_for(count: int) -> int:
    """How many words hold one bit for each of so many persons."""
    return -(-count // WORD)


def everyone_of(count: int) -> Words:
    """Ones for so many persons, zeros in the rest of the last word."""
    words = np.full(words_for(count), _ALL, dtype=np.uint64)
    if count % WORD:
        words[-1] = _ALL >> np.uint64(WORD - count % WORD)
    return words


def population(words: Words) -> int:
    """How many persons are in."""
    return int(np.bitwise_count(words).sum())


@dataclass(frozen=True, slots=True)
class Truth:
    """The slot of a yes-or-no tree."""

    slot: int


@dataclass(frozen=True, slots=True)
class Coded:
    """An amount among few: each value with the slot of those who are known to get it."""

    values: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """An amount counted from numbers of the person: left to polars, its conditions found in slots."""

    node: n.Node
    conditions: tuple[tuple[n.Node, int], ...]


Answer = Truth | Coded | Computed
_Kind = Literal["leaf", "and", "or", "not", "surely", "open"]
_KINDS: Mapping[type[n.Node], _Kind] = {n.And: "and", n.Or: "or", n.Not: "not"}
_YES, _NO, _OPEN = range(3)


class Plan:
    """Several bound and lowered trees as one list of steps over `leaves`; `answers` says where each tree ended up."""

    def __init__(self, trees: Mapping[str, n.Node]) -> None:
        self.leaves: list[n.Node] = []
        self._steps: list[tuple[_Kind, tuple[int, ...]]] = []
        self._slots: dict[n.Node, int] = {n.YES: _YES, n.NO: _NO}
        self.answers: dict[str, Answer] = {name: self._answer(tree) for name, tree in trees.items()}

    def run(self, leaves: Sequence[Bits], everyone: Words) -> list[Bits]:
        """The bits of every slot, given those of the leaves and who is there."""
        nobody = np.zeros_like(everyone)
        slots = [Bits(everyone, everyone), Bits(nobody, nobody), Bits(nobody, everyone)]
        for kind, parts in self._steps:
            if kind == "leaf":
                slots.append(leaves[parts[0]])
            else:
                slots.append(_JOINTS[kind]([slots[part] for part in parts], everyone))
        return slots

    def _answer(self, tree: n.Node) -> Answer:
        if is_truth(tree):
            return Truth(self._slot(tree))
        among = choices(tree)
        if among is not None:
            return Coded(tuple((value, self._slot(condition)) for value, condition in among.items()))
        return Computed(tree, tuple((part, self._slot(part)) for part in dict.fromkeys(conditions_of(tree))))

    def _slot(self, node: n.Node) -> int:
        found = self._slots.get(node)
        if found is None:
            found = self._slots[node] = self._made(node)
        return found

    def _made(self, node: n.Node) -> int:
        certain = made_sure(node)
        if certain is not None:
            return self._step("surely", self._slot(certain))
        if isinstance(node, n.And | n.Or | n.Not):
            return self._step(_KINDS[type(node)], *map(self._slot, node.children))
        if isinstance(node, n.Case):
            return self._slot(unfolded(node))
        if isinstance(node, n.IsUnknown):
            return self._is_unknown(node)
        unset = isinstance(node, n.Compare) and any(isinstance(side, n.Unset) for side in node.children)
        return _OPEN if unset else self._leaf(node)

    def _is_unknown(self, node: n.IsUnknown) -> int:
        if is_truth(node.value):
            return self._step("open", self._slot(node.value))
        is_known = known(node.value)
        return self._leaf(node) if is_known is None else self._slot(n.negation(is_known))

    def _leaf(self, node: n.Node) -> int:
        self.leaves.append(node)
        return self._step("leaf", len(self.leaves) - 1)

    def _step(self, kind: _Kind, *parts: int) -> int:
        self._steps.append((kind, parts))
        return _OPEN + len(self._steps)


def conditions_of(node: n.Node) -> list[n.Node]:
    """The yes-or-no trees within a number, the outermost ones."""
    if is_truth(node):
        return [node]
    return [part for child in node.children for part in conditions_of(child)]


def _all(parts: list[Bits], everyone: Words) -> Bits:
    return _joined(parts, np.bitwise_and)


def _any(parts: list[Bits], everyone: Words) -> Bits:
    return _joined(parts, np.bitwise_or)


def _joined(parts: list[Bits], word: Callable[[Words, Words], Words]) -> Bits:
    true = reduce(word, [part.true for part in parts])
    if all(part.decided for part in parts):
        return Bits(true, true)
    return Bits(true, reduce(word, [part.possible for part in parts]))


def _contrary(parts: list[Bits], everyone: Words) -> Bits:
    true = everyone & ~parts[0].possible
    return Bits(true, true if parts[0].decided else everyone & ~parts[0].true)


def _surely(parts: list[Bits], everyone: Words) -> Bits:
    return Bits(parts[0].true, parts[0].true)


def _open(parts: list[Bits], everyone: Words) -> Bits:
    unknown = parts[0].unknown()
    return Bits(unknown, unknown)


_JOINTS: Mapping[_Kind, Callable[[list[Bits], Words], Bits]] = {
    "and": _all, "or": _any, "not": _contrary, "surely": _surely, "open": _open
}  # fmt: skip
