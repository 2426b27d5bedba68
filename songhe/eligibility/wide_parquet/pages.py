"""Columns of bits and of amounts among few as pages of Parquet, hardly more than a copy of the words.

Parquet notes who has a value in runs of bits, which is the validity bitmap as it is, and then the values without gaps.
An amount among few is a dictionary of fen and, for each person, its number there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from songhe.eligibility.wide_parquet import thrift
from songhe.eligibility.wide_parquet.thrift import varint
from songhe.rules.readings.arrow_bits import bits_of, column_of
from songhe.rules.readings.bitmaps import Bits, Words, everyone_of

Octets = np.ndarray[Any, np.dtype[np.uint8]]
Fen = np.ndarray[Any, np.dtype[np.int64]]
BOOLEAN, INT64 = 0, 2
PLAIN, RLE, RLE_DICTIONARY = 0, 3, 8
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2


@dataclass(frozen=True, slots=True)
class Chunk:
    """A column of one row group: its pages, where the data page begins in them, and what the footer says of it."""

    pages: bytes
    data_page: int
    kind: int
    encodings: tuple[int, ...]
    count: int


def bits_chunk(bits: Bits, everyone: Words, count: int) -> Chunk:
    """A nullable boolean column."""
    valid = None if bits.decided else bits.true | (everyone & ~bits.possible)
    kept = bits.true.tobytes()[: -(-count // 8)] if valid is None else without_gaps(bits.true, valid, count)
    page = _page(_levels(valid, count) + kept, count, PLAIN)
    return Chunk(page, 0, BOOLEAN, (PLAIN, RLE), count)


def without_gaps(bits: Words, kept: Words, count: int) -> bytes:
    """The bits of those who are kept, one after the other; polars has the quickest way."""
    left = column_of("bits", Bits(bits, bits), count).filter(column_of("kept", Bits(kept, kept), count))
    words = bits_of(left, everyone_of(len(left))).true
    return words.tobytes()[: -(-len(left) // 8)]


def coded_chunk(codes: Octets, fen: Fen, valid: Words | None) -> Chunk:
    """An amount as the numbers of its values in a dictionary of fen; who is not `valid` has none."""
    count = len(codes)
    width = next(width for width in (1, 2, 4, 8) if 1 << width >= len(fen))
    kept = codes if valid is None else pl.Series(codes).filter(column_of("valid", Bits(valid, valid), count)).to_numpy()
    groups = -(-len(kept) // 8)
    body = _levels(valid, count) + bytes([width])
    if groups:
        body += varint(groups << 1 | 1) + _narrow(kept, width, groups)
    plain = fen.astype("<i8").tobytes()
    header = thrift.struct({1: thrift.i32(len(fen)), 2: thrift.i32(PLAIN)})
    dictionary = thrift.written({
        1: thrift.i32(_DICTIONARY_PAGE), 2: thrift.i32(len(plain)), 3: thrift.i32(len(plain)), 7: header
    }) + plain  # fmt: skip
    return Chunk(
        dictionary + _page(body, count, RLE_DICTIONARY), len(dictionary), INT64, (PLAIN, RLE, RLE_DICTIONARY), count
    )


def unpacked(words: Words, count: int) -> Octets:
    """One byte, 0 or 1, for each of so many persons."""
    return np.unpackbits(words.view(np.uint8), bitorder="little", count=count)


def _narrow(codes: Octets, width: int, groups: int) -> bytes:
    """Numbers of `width` bits side by side, the last group of eight filled up."""
    whole = np.zeros(groups * 8, dtype=np.uint8)
    whole[: len(codes)] = codes
    if width == 1:
        return np.packbits(whole, bitorder="little").tobytes()
    while width < 8:
        whole = whole[0::2] | whole[1::2] << np.uint8(width)
        width *= 2
    return whole.tobytes()


def _levels(valid: Words | None, count: int) -> bytes:
    """Who has a value: one run of ones when all have, else the bits themselves as one run."""
    if valid is None:
        runs = varint(count << 1) + b"\1"
    else:
        groups = -(-count // 8)
        runs = varint(groups << 1 | 1) + valid.tobytes()[:groups]
    return len(runs).to_bytes(4, "little") + runs


def _page(body: bytes, count: int, encoding: int) -> bytes:
    header = thrift.struct({
        1: thrift.i32(count), 2: thrift.i32(encoding), 3: thrift.i32(RLE), 4: thrift.i32(RLE)
    })  # fmt: skip
    size = thrift.i32(len(body))
    return thrift.written({1: thrift.i32(_DATA_PAGE), 2: size, 3: size, 5: header}) + body
