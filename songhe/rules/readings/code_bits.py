"""Facts among few values as one byte a person, and conditions on them answered from the bytes.

A number is its byte already. A word is told by its length and one of its first letters: for every fact of the person
table some mix of the two differs between all its words. That holds for people whose words were checked; any other text
could be taken for a word. Texts stand in Arrow's views with their length first and four letters next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import polars as pl

from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.readings.arrow_bits import Octets, Truths, packed, view_of, words_of
from songhe.rules.readings.bitmaps import Bits, Words
from songhe.rules.readings.polars import SCHEMA

_VIEW = 16  # bytes of a text's view
_LENGTH, _LETTERS = 0, range(4, 8)
_FACTORS = range(1, 32, 2)
_BYTE = 256
_FEW = 2
_COMPARE: Mapping[str, Callable[[Any, Any], Truths]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


class CodedFacts:
    """The facts among few values of one batch of people, each read as bytes when it is first asked for."""

    def __init__(self, people: pl.DataFrame, everyone: Words) -> None:
        self._people = people
        self._everyone = everyone
        self._read: dict[str, tuple[Octets, Words | None]] = {}

    def answer(self, leaf: n.Node) -> Bits | None:
        """The bits of a condition that compares such a fact with values of its own; None for any other."""
        if isinstance(leaf, n.Compare) and isinstance(leaf.left, n.FactValue):
            return self._compared(leaf.left.name, leaf.operator, leaf.right)
        if isinstance(leaf, n.OneOf) and isinstance(leaf.value, n.FactValue):
            return self._one_of(leaf.value.name, leaf.options)
        return None

    def _compared(self, fact: str, operator: str, value: n.Node) -> Bits | None:
        code = self._code(fact, value)
        if code is None:
            return None
        codes, valid = self._codes(fact)
        return self._bits(_COMPARE[operator](codes, np.uint8(code)), valid)

    def _one_of(self, fact: str, options: tuple[n.Node, ...]) -> Bits | None:
        wanted = [code for option in options if (code := self._code(fact, option)) is not None]
        if len(wanted) < len(options):
            return None
        codes, valid = self._codes(fact)
        if len(wanted) <= _FEW:
            truths: Truths = np.logical_or.reduce([codes == np.uint8(code) for code in wanted])
        else:
            table = np.zeros(_BYTE, dtype=np.bool_)
            table[wanted] = True
            truths = table[codes]
        return self._bits(truths, valid)

    def _code(self, fact: str, value: n.Node) -> int | None:
        """The byte of a value; None also where the column is not of the fact's own type."""
        return _code(fact, value) if self._people[fact].dtype == SCHEMA[fact] else None

    def _bits(self, truths: Truths, valid: Words | None) -> Bits:
        true = packed(truths)
        if valid is None:
            return Bits(true, true)
        return Bits(true & valid, (true | ~valid) & self._everyone)

    def _codes(self, fact: str) -> tuple[Octets, Words | None]:
        found = self._read.get(fact)
        if found is None:
            column = self._people[fact]
            view = view_of(column)
            valid = words_of(view, 0) if column.null_count() else None
            found = self._read[fact] = (_octets(fact, view, len(column)), valid)
        return found


def _octets(fact: str, view: Any, count: int) -> Octets:
    octets = np.frombuffer(view.buffer(1), dtype=np.uint8)
    if PERSON_TABLE[fact].kind is not Kind.WORD:
        return octets[view.offset : view.offset + count]
    letter, factor = _told_by(fact)
    views = octets.reshape(-1, _VIEW)[view.offset : view.offset + count]
    return views[:, _LENGTH] + views[:, letter] * np.uint8(factor)


@cache
def _told_by(fact: str) -> tuple[int, int]:
    """Which letter of the fact's words, and how many times it, tells them apart when their length is added."""
    words = [str(word) for word in PERSON_TABLE[fact].values]
    return next(
        (letter, factor)
        for letter, factor in product(_LETTERS, _FACTORS)
        if len({_word_code(word, letter, factor) for word in words}) == len(words)
    )


def _word_code(word: str, letter: int, factor: int) -> int:
    letters = word.encode().ljust(len(_LETTERS), b"\0")
    return (len(word.encode()) + letters[letter - _LETTERS.start] * factor) % _BYTE


def _code(fact: str, value: n.Node) -> int | None:
    """The byte of a value that the fact can have; None for what it cannot have and for facts of other kinds."""
    kind = PERSON_TABLE[fact].kind
    if not isinstance(value, n.Constant):
        return None
    if kind is Kind.WORD and value.value in PERSON_TABLE[fact].values:
        return _word_code(str(value.value), *_told_by(fact))
    if kind in (Kind.CODE, Kind.GRADE) and value.value in PERSON_TABLE[fact].values:
        return int(value.value)  # type: ignore[arg-type]  # whole, being among the values
    return None
