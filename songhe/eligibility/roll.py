"""People whose facts stay in memory, ready to be asked again and again: what a change of the law would mean.

They stand by district and, within it, by birth date. So a condition on the birth date is a few ranges of people, and
so is every age band of every district: nobody is looked at to answer the one or to count the other. The answers to
all other conditions are kept as bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import date
from typing import Any, TypeVar

import numpy as np
import polars as pl

from songhe.eligibility.bit_engine import leaf_bits, with_all_facts
from songhe.eligibility.wide_parquet.pages import unpacked
from songhe.kernel.days import latest_birth
from songhe.rules import nodes as n
from songhe.rules.readings.bitmaps import WORD, Bits, Words, everyone_of, words_for
from songhe.rules.readings.polars import SCHEMA, Polars

Ints = np.ndarray[Any, np.dtype[np.int64]]
T = TypeVar("T")
AGES = (100, 90, 85, 80, 75, 70, 65, 60)  # an age band begins with each; then who is younger, then who is not known
BANDS = len(AGES) + 2
BIRTH, DISTRICT = "birth_date", "residence_region"
TILE = 1 << 19
WORKERS = 2
_DIGITS = 6
_EPOCH = date(1970, 1, 1).toordinal()
_SPAN = 1 << 32  # more than any number of days
_NOT_KNOWN = _SPAN - 1
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_SIDES = {"<=": "right", "<": "left", ">": "right", ">=": "left"}


class Tile:
    """Some of the people, so few that the bits of a condition stay in the processor's cache."""

    def __init__(self, people: pl.DataFrame, keys: Ints, districts: int, on: date, keep: Sequence[n.Node]) -> None:
        self.people = people
        self.everyone = everyone_of(people.height)
        self.on = on
        self._keys = keys
        self._bases = np.arange(districts, dtype=np.int64) * _SPAN
        self._firsts = np.searchsorted(keys, self._bases)
        self._known = np.searchsorted(keys, self._bases + _NOT_KNOWN)
        self._lasts = np.append(self._firsts[1:], people.height)
        self._cells = self._bounds(on)
        self.shape = (districts, BANDS)
        asked = [leaf for leaf in keep if not on_birth(leaf)]
        self._kept = dict(zip(asked, leaf_bits(people, asked, Polars(on), self.everyone), strict=True))

    def leaves(self, leaves: Sequence[n.Node]) -> list[Bits]:
        """The bits of conditions: ranges where they ask for the birth date, kept ones, and all others worked out."""
        other = [leaf for leaf in leaves if not on_birth(leaf) and leaf not in self._kept]
        found = leaf_bits(self.people, other, Polars(self.on), self.everyone) if other else []
        fresh = dict(zip(other, found, strict=True))
        return [self._leaf(leaf, fresh) for leaf in leaves]

    def count(self, words: Words) -> Ints:
        """How many of those in `words` stand in each age band of each district."""
        if not words.any():
            return np.zeros(self.shape, dtype=np.int64)
        sums = np.zeros(len(words) + 1, dtype=np.int64)
        np.cumsum(np.bitwise_count(words), out=sums[1:])
        place, within = np.divmod(self._cells, WORD)
        part = np.append(words, np.uint64(0))[place] & ~(_ALL << within.astype(np.uint64))
        return self._by_cell(sums[place] + np.bitwise_count(part))

    def add_up(self, numbers: Ints) -> Ints:
        """The sum of a number that each person has, in each age band of each district."""
        return self._by_cell(np.append(0, np.cumsum(numbers))[self._cells])

    def places(self, words: Words, district: int | None = None, band: int | None = None) -> Ints:
        """Where those in `words` stand in `people`: all, or those of a district, an age band or both."""
        found = np.flatnonzero(unpacked(words, self.people.height)).astype(np.int64)
        if district is None and band is None:
            return found
        cells = np.searchsorted(self._cells, found, side="right") - 1
        wanted = np.ones(len(found), dtype=np.bool_)
        if district is not None:
            wanted &= cells // BANDS == district
        if band is not None:
            wanted &= cells % BANDS == band
        chosen: Ints = found[wanted]
        return chosen

    def _leaf(self, leaf: n.Node, fresh: dict[n.Node, Bits]) -> Bits:
        if isinstance(leaf, n.Compare) and on_birth(leaf):
            return self._born(leaf)
        return fresh[leaf] if leaf in fresh else self._kept[leaf]

    def _born(self, leaf: n.Compare) -> Bits:
        assert isinstance(leaf.right, n.Constant) and isinstance(leaf.right.value, date)  # noqa: S101
        day = leaf.right.value.toordinal() - _EPOCH
        side: Any = _SIDES[leaf.operator]
        edges = np.searchsorted(self._keys, self._bases + _day_key(day), side=side)
        starts, stops = (self._firsts, edges) if leaf.operator in ("<", "<=") else (edges, self._known)
        true = ranges(starts, stops, self.people.height)
        if (self._known == self._lasts).all():
            return Bits(true, true)
        return Bits(true, true | ranges(self._known, self._lasts, self.people.height))

    def _bounds(self, on: date) -> Ints:
        """Where each cell begins, in the order of people, and where the last one ends."""
        days = [latest_birth(age, on).toordinal() - _EPOCH for age in AGES]
        ends = self._bases[:, None] + np.array([_day_key(day) for day in days])
        inner = np.searchsorted(self._keys, ends.ravel(), side="right").reshape(-1, len(AGES))
        begins = np.column_stack([self._firsts, inner, self._known])
        return np.append(begins.ravel(), self.people.height)

    def _by_cell(self, before: Ints) -> Ints:
        return np.diff(before).reshape(-1, BANDS)


def on_birth(leaf: n.Node) -> bool:
    """Whether a condition asks only if the birth date lies before or after a day."""
    return (
        isinstance(leaf, n.Compare)
        and leaf.operator in _SIDES
        and leaf.left == n.FactValue(BIRTH)
        and isinstance(leaf.right, n.Constant)
    )


def ranges(starts: Ints, stops: Ints, count: int) -> Words:
    """Ones for everyone from a start until its stop (excluded)."""
    words = np.zeros(words_for(count), dtype=np.uint64)
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        if start < stop:
            first, last = start // WORD, (stop - 1) // WORD
            head, tail = _ALL << np.uint64(start % WORD), _ALL >> np.uint64(WORD - 1 - (stop - 1) % WORD)
            if first == last:
                words[first] |= head & tail
                continue
            words[first] |= head
            words[first + 1 : last] = _ALL
            words[last] |= tail
    return words


def _day_key(day: int) -> int:
    return day + _EPOCH  # never negative, so that it stays within its district


class Roll:
    """All people, in tiles. `districts` are six-digit codes in order; the empty one, last, is for who is not known."""

    def __init__(
        self, people: pl.DataFrame, on: date, facts: Iterable[str], keep: Sequence[n.Node], tile: int = TILE
    ) -> None:
        """`keep` are the conditions whose answers are kept, `facts` what other conditions may ask for."""
        names = list(dict.fromkeys([*facts, BIRTH, DISTRICT]))
        people = with_all_facts(people, names).select(names)
        code = pl.col(DISTRICT).str.slice(0, _DIGITS)
        people = people.sort(code, pl.col(BIRTH), nulls_last=True)
        codes = people.select(code)[DISTRICT]
        present = codes.unique(maintain_order=True)
        self.on = on
        self.districts = tuple("" if value is None else value for value in present)
        self.tiles: tuple[Tile, ...] = ()
        if people.height:
            keys = _keys(codes, people[BIRTH])
            starts = range(0, people.height, tile)
            self.tiles = tuple(
                Tile(people.slice(start, tile), keys[start : start + tile], len(present), on, keep) for start in starts
            )

    @property
    def height(self) -> int:
        """How many people there are."""
        return sum(tile.people.height for tile in self.tiles)

    def repeated(self, times: int) -> Roll:
        """The same people several times over, in the memory of one."""
        roll = copy(self)
        roll.tiles = self.tiles * times
        return roll

    def each(self, work: Callable[[Tile], T], workers: int = WORKERS) -> list[T]:
        """What some work comes to for each tile."""
        if workers == 1 or len(self.tiles) == 1:
            return [work(tile) for tile in self.tiles]
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(work, self.tiles))


def _keys(codes: pl.Series, births: pl.Series) -> Ints:
    """One number a person that rises in the order of people: the district, then the day of birth."""
    places = codes.rle_id().cast(pl.Int64).to_numpy()
    days = births.cast(SCHEMA[BIRTH]).to_physical().cast(pl.Int64)
    keys: Ints = places * _SPAN + (days + _EPOCH).fill_null(_NOT_KNOWN).to_numpy()
    return keys
