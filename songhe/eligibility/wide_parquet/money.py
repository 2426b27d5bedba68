"""Amounts of the wide table as numbers into a small dictionary of fen, and their total without adding a single one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import polars as pl

from songhe.eligibility.wide_parquet.pages import Chunk, Fen, Octets, coded_chunk, unpacked
from songhe.kernel.money import FEN_PER_YUAN
from songhe.rules.readings.arrow_bits import column_of
from songhe.rules.readings.bitmaps import Bits, Words, population

_MOST_VALUES = 1 << 8
_MOST_COMBINATIONS = 1 << 16


@dataclass(frozen=True, slots=True)
class CodedMoney:
    """An amount among few: for every person the number of its value in `fen`; who is not in `valid` has none."""

    codes: Octets
    fen: Fen
    valid: Words | None

    def chunk(self) -> Chunk:
        """As a column of a Parquet file."""
        return coded_chunk(self.codes, self.fen, self.valid)

    def column(self) -> pl.Series:
        """As a column of yuan, null where there is none."""
        yuan = pl.Series(self.fen / FEN_PER_YUAN).gather(pl.Series(self.codes.astype(np.uint32)))
        if self.valid is None:
            return yuan
        valid = column_of("valid", Bits(self.valid, self.valid), len(self.codes))
        return yuan.to_frame("yuan").select(pl.when(valid).then(pl.col("yuan"))).to_series()


def coded_money(amounts: Sequence[tuple[float, Words]], everyone: Words, count: int) -> CodedMoney:
    """Amounts in yuan, each with those who get it, as one column."""
    codes = np.zeros(count, dtype=np.uint8)
    for index, (_, gets) in enumerate(amounts[1:], start=1):
        codes += unpacked(gets, count) * np.uint8(index)
    fen = np.array([fen_of(yuan) for yuan, _ in amounts] or [0], dtype=np.int64)
    return CodedMoney(codes, fen, reduce(np.bitwise_or, [gets for _, gets in amounts], np.zeros_like(everyone)))


def fen_of(yuan: float) -> int:
    """An amount already rounded to the fen, in whole fen."""
    return round(yuan * FEN_PER_YUAN)


def sum_of_fen(amounts: Sequence[tuple[float, Words]]) -> int:
    """What all get together."""
    return sum(fen_of(yuan) * population(gets) for yuan, gets in amounts)


def total(parts: Sequence[CodedMoney], count: int) -> CodedMoney | None:
    """The sum of several amounts, what is unknown left out; None when there are too many different sums.

    Every combination of values has one sum, looked up instead of added.
    """
    sums = np.zeros(1, dtype=np.int64)
    place: np.ndarray[tuple[int], np.dtype[np.uint16]] = np.zeros(count, dtype=np.uint16)
    for part in parts:
        values = np.concatenate([np.zeros(1, dtype=np.int64), part.fen])
        if len(sums) * len(values) > _MOST_COMBINATIONS:
            return None
        code = part.codes + np.uint8(1)
        if part.valid is not None:
            code *= unpacked(part.valid, count)
        place = place * np.uint16(len(values)) + code
        sums = (sums[:, None] + values[None, :]).ravel()
    fen, codes = np.unique(sums, return_inverse=True)
    return CodedMoney(codes.astype(np.uint8)[place], fen, None) if len(fen) <= _MOST_VALUES else None
