"""Between polars and words: booleans leave and enter as the bit-packed Arrow buffers they are, nothing copied.

The way is the Arrow PyCapsule interface, public on both sides; nanoarrow reads and makes its arrays.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import nanoarrow as na
import numpy as np
import polars as pl

from songhe.kernel import regions
from songhe.rules.readings.bitmaps import WORD, Bits, Words, words_for

Lanes = np.ndarray[Any, np.dtype[np.uint32]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]
Rows = np.ndarray[Any, np.dtype[np.intp]]
Octets = np.ndarray[Any, np.dtype[np.uint8]]
_OCTET = 8
_LONGEST = 12  # bytes of a text that stands within a string view
_ALL_INSIDE = 3  # buffers of a string view without any text outside it


def bits_of(truths: pl.Series, everyone: Words) -> Bits:
    """A Boolean column as bits; null is unknown. `everyone` has a one for each row."""
    view = view_of(truths)
    values = words_of(view, 1) & everyone
    if not truths.null_count():
        return Bits(values, values)
    valid = words_of(view, 0)
    return Bits(values & valid, values | (everyone & ~valid))


def column_of(name: str, bits: Bits, count: int) -> pl.Series:
    """Bits as a Boolean column of so many persons; unknown is null."""
    valid = None if bits.decided else bits.true | ~bits.possible
    array = na.c_array_from_buffers(na.bool_(), count, [valid, bits.true], null_count=0 if valid is None else -1)
    return pl.Series(array).alias(name)


def packed(truths: Truths) -> Words:
    """One byte a person as one bit a person."""
    return _padded(np.packbits(truths, bitorder="little"), len(truths))


def view_of(column: pl.Series) -> Any:
    """The column's buffers as they lie in memory."""
    return na.c_array_stream(column.rechunk()).get_next().view()


def words_of(view: Any, buffer: int) -> Words:
    """The bits of a buffer as whole words; a copy only where they do not begin and end with one."""
    first, within = divmod(view.offset, _OCTET)
    octets = np.frombuffer(view.buffer(buffer), dtype=np.uint8)[first:]
    if within:
        return packed(np.unpackbits(octets, bitorder="little", count=within + view.length)[within:].view(np.bool_))
    return _padded(octets[: -(-view.length // _OCTET)], view.length)


def _padded(octets: Octets, count: int) -> Words:
    if count % WORD or octets.ctypes.data % _OCTET:
        whole = np.zeros(words_for(count) * _OCTET, dtype=np.uint8)
        whole[: len(octets)] = octets
        octets = whole
    return octets.view(np.uint64)


def within_bits(codes: pl.Series, area: str, everyone: Words) -> Bits | None:
    """Who is in an area, from a column of region codes as they lie in memory: numbers are compared, four digits each.

    None when the column is empty or a text in it is longer than a region code can be. A text of up to twelve bytes
    stands within Arrow's string view, behind its length.
    """
    if not len(codes):
        return None
    view = view_of(codes)
    lanes = np.frombuffer(view.buffer(1), dtype=np.uint32).reshape(-1, 4)[view.offset :]
    if view.n_buffers > _ALL_INSIDE and int(lanes[:, 0].max()) > _LONGEST:
        return None
    begins = _starts_with(lanes, regions.significant(area))
    others = np.flatnonzero(~begins)  # no larger division begins as the area does
    larger = others[_rows_of(lanes[others], regions.coarser_codes(area))]
    inside = packed(begins)
    valid = words_of(view, 0) if codes.null_count() else everyone
    unknown = everyone & ~valid | _marked(larger, len(codes))
    return Bits(inside & ~unknown, inside | unknown)


def _lane(text: str, lane: int) -> np.uint32:
    return np.uint32(int.from_bytes(text[lane * 4 : lane * 4 + 4].encode(), "little"))


def _starts_with(lanes: Lanes, prefix: str) -> Truths:
    found: Truths | None = None
    for lane in range(-(-len(prefix) // 4)):
        digits = min(4, len(prefix) - lane * 4)
        begins = lanes[:, 1 + lane] if digits == 4 else lanes[:, 1 + lane] & np.uint32((1 << 8 * digits) - 1)
        equal = begins == _lane(prefix, lane)
        found = equal if found is None else found & equal
    return np.ones(len(lanes), dtype=np.bool_) if found is None else found


def _rows_of(lanes: Lanes, codes: tuple[str, ...]) -> Rows:
    """The rows that hold one of the codes: lane by lane those that could, then those that do."""
    if not codes:
        return np.empty(0, dtype=np.intp)
    could = _one_of(lanes[:, 1], {_lane(code, 0) for code in codes})
    for lane in (1, 2):
        if not could.any():
            break
        could &= _one_of(lanes[:, 1 + lane], {_lane(code, lane) for code in codes})
    rows = np.flatnonzero(could)
    held = lanes[rows]
    exact = [np.array([len(code), *(_lane(code, lane) for lane in range(3))], dtype=np.uint32) for code in codes]
    equal: list[Truths] = [(held == code).all(axis=1) for code in exact]
    return rows[reduce(np.logical_or, equal)]


def _one_of(numbers: Lanes, wanted: set[np.uint32]) -> Truths:
    equal: list[Truths] = [numbers == number for number in wanted]
    return reduce(np.logical_or, equal)


def _marked(rows: Rows, count: int) -> Words:
    marks = np.zeros(count, dtype=np.bool_)
    marks[rows] = True
    return packed(marks)
