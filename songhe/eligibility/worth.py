"""What an item is worth to each person, in fen, and how two answers to that differ.

An amount among few is a table from the amount to who gets it; a counted one, such as so much for each year of age, is
a number a person. Who is in neither has an amount that is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import polars as pl

from songhe.eligibility.bit_engine import computed_column
from songhe.eligibility.roll import Ints, Tile
from songhe.eligibility.wide_parquet.money import fen_of
from songhe.eligibility.wide_parquet.pages import unpacked
from songhe.kernel.money import FEN_PER_YUAN
from songhe.rules.readings.arrow_bits import packed
from songhe.rules.readings.bitmaps import Answer, Bits, Coded, Computed, Words
from songhe.rules.readings.polars import Polars

Shifts = Mapping[int, Words]


@dataclass(frozen=True, slots=True)
class Chosen:
    """An amount among few, each with those who get it."""

    amounts: Mapping[int, Words]

    def fen(self, tile: Tile) -> Ints:
        """What all get together, by district and age band."""
        paid = [amount * tile.count(gets) for amount, gets in self.amounts.items() if amount]
        return sum(paid, np.zeros(tile.shape, dtype=np.int64))

    def counted(self, count: int) -> Counted:
        """The same, a number a person."""
        fen, known = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.uint8)
        for amount, gets in self.amounts.items():
            who = unpacked(gets, count)
            fen += who * np.int64(amount)
            known |= who
        return Counted(fen, known)


@dataclass(frozen=True, slots=True)
class Counted:
    """An amount counted for each person; `known` is 1 where it is."""

    amounts: Ints
    known: np.ndarray[tuple[int], np.dtype[np.uint8]]

    def fen(self, tile: Tile) -> Ints:
        """What all get together, by district and age band."""
        return tile.add_up(self.amounts * self.known)

    def counted(self, count: int) -> Counted:
        """Itself."""
        return self


Worth = Chosen | Counted


def worth(tile: Tile, answer: Answer | None, slots: Sequence[Bits], outcome: Bits) -> Worth:
    """What an item gives to each person; nothing to who surely has it not, and where it gives nothing that counts."""
    if isinstance(answer, Computed):
        return _counted(tile, answer, slots, outcome)
    if not isinstance(answer, Coded):
        return Chosen({0: tile.everyone})
    amounts = {0: tile.everyone & ~outcome.possible}
    for yuan, slot in answer.values:
        fen, gets = fen_of(yuan), slots[slot].true
        amounts[fen] = amounts[fen] | gets if fen in amounts else gets
    return Chosen(amounts)


def _counted(tile: Tile, answer: Computed, slots: Sequence[Bits], outcome: Bits) -> Counted:
    yuan = computed_column(answer, tile.people, slots, Polars(tile.on))
    fen = (yuan * FEN_PER_YUAN).round().cast(pl.Int64).fill_null(0).to_numpy()
    none = unpacked(tile.everyone & ~outcome.possible, len(yuan))
    return Counted(fen, yuan.is_not_null().to_numpy().astype(np.uint8) | none)


def shifts(before: Worth, after: Worth, everyone: Words) -> Shifts:
    """Who gets how much more, as a table from the difference to the people; those not known on one side in none."""
    if isinstance(before, Chosen) and isinstance(after, Chosen):
        return _pairs(before, after)
    count = int(np.bitwise_count(everyone).sum())
    old, new = before.counted(count), after.counted(count)
    both = (old.known & new.known).astype(np.bool_)
    differences = new.amounts - old.amounts
    return {int(value): packed(both & (differences == value)) for value in np.unique(differences[both])}


def _pairs(before: Chosen, after: Chosen) -> Shifts:
    found: dict[int, Words] = {}
    for old, had in before.amounts.items():
        for new, gets in after.amounts.items():
            step, who = new - old, had & gets
            found[step] = found[step] | who if step in found else who
    return found


def joined(parts: Sequence[Shifts], everyone: Words) -> Shifts:
    """Differences of several items added up for each person; one that is not known counts as none."""
    return reduce(lambda left, right: _added(left, right, everyone), parts, {0: everyone})


def _added(left: Shifts, right: Shifts, everyone: Words) -> Shifts:
    moved = {step: who for step, who in right.items() if step and who.any()}
    moved[0] = everyone & ~reduce(np.bitwise_or, moved.values(), np.zeros_like(everyone))
    found: dict[int, Words] = {}
    for step, had in left.items():
        for further, who in moved.items():
            both = had & who
            if both.any():
                found[step + further] = found[step + further] | both if step + further in found else both
    return found


def better_or_worse(moves: Shifts, everyone: Words) -> tuple[Words, Words]:
    """Who gets more and who gets less."""
    nobody = np.zeros_like(everyone)
    more = reduce(np.bitwise_or, [who for step, who in moves.items() if step > 0], nobody)
    return more, reduce(np.bitwise_or, [who for step, who in moves.items() if step < 0], nobody)
