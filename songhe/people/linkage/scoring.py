"""From levels to weights, and from weights to probabilities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from songhe.people.linkage.estimating import chances, matches, matches_at_start
from songhe.people.linkage.levels import FIELDS, Number
from songhe.people.linkage.rarity import Rarity
from songhe.people.linkage.records import Records

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]

_LEARNING_ROUNDS, _STILL = 15, 0.002
_ROUNDS = 12
_ROWS_AT_START, _KNOWN_AT_START = 20.0, 0.8
_TWICE_AT_START, _TWICE_COUNTS_AS = 0.005, 1.0
_MOST_BITS = 120.0


@dataclass(frozen=True, slots=True)
class Scored:
    """Candidate pairs with the level of each field and what it weighs; `left` and `right` are places in the records."""

    left: Ints
    right: Ints
    levels: dict[str, Levels]
    bits: dict[str, Floats]

    @property
    def weight(self) -> Floats:
        """All fields together, in powers of two."""
        return np.asarray(np.clip(sum(self.bits.values(), np.zeros(len(self.left))), -_MOST_BITS, _MOST_BITS))

    def where(self, chosen: Bools | Ints) -> Scored:
        """The pairs at some places only."""
        return Scored(
            self.left[chosen],
            self.right[chosen],
            {field: column[chosen] for field, column in self.levels.items()},
            {field: column[chosen] for field, column in self.bits.items()},
        )


Judge = Callable[[Scored, Records], Floats]


def score(records: Records, left: Ints, right: Ints, judge: Judge, seed: int) -> tuple[Scored, Floats]:
    """The weights of pairs whose left side is a person of the register, learnt on the way, and what `judge` says."""
    levels = records.compare(left, right)
    chance = chances(records, seed)
    rarity = Rarity.of(records).bits(left, levels, chance)
    match = matches_at_start()
    scored = _weighed(left, right, levels, _bits(match, chance), rarity)
    probabilities = judge(scored, records)
    for _ in range(_LEARNING_ROUNDS):
        before, match = match, matches(levels, probabilities)
        scored = _weighed(left, right, levels, _bits(match, chance), rarity)
        probabilities = judge(scored, records)
        if max(float(np.abs(match[field] - before[field]).max()) for field in FIELDS) < _STILL:
            break
    return scored, probabilities


def _bits(match: Mapping[str, Floats], chance: Mapping[str, Floats]) -> dict[str, Floats]:
    return {field: np.log2(match[field] / chance[field]) for field in FIELDS}


def _weighed(
    left: Ints, right: Ints, levels: dict[str, Levels], level_bits: dict[str, Floats], rarity: tuple[Floats, Floats]
) -> Scored:
    bits = {field: level_bits[field][column] for field, column in levels.items()}
    bits["name"] = bits["name"] + rarity[0]
    bits["birth"] = bits["birth"] + rarity[1]
    told_by_number = (levels["number"] != Number.MISSING) & (levels["number"] != Number.DIFFERS)
    for field in ("birth", "sex"):
        bits[field] = np.where(told_by_number, np.minimum(bits[field], 0.0), bits[field])
    return Scored(left, right, levels, {field: bits[field] for field in FIELDS})


def row_probabilities(scored: Scored, records: Records) -> Floats:
    """The probability that the row is the person, when a row is one person of the register at most, or a stranger.

    How many of the rows are of known people at all is learnt on the way.
    """
    rows = scored.right - records.registered
    count = len(records.sex) - records.registered
    factors = np.exp2(scored.weight) / max(records.registered, 1)
    known = _KNOWN_AT_START
    found = np.zeros(len(rows))
    for _ in range(_ROUNDS):
        all_of_row = np.bincount(rows, weights=factors, minlength=count) * known
        found = factors * known / (1 - known + all_of_row[rows])
        known = float((found.sum() + _ROWS_AT_START * _KNOWN_AT_START) / (count + _ROWS_AT_START))
        known = min(known, 1 - 1 / (count + _ROWS_AT_START))
    return found


def twin_probabilities(scored: Scored, records: Records) -> Floats:
    """The probability that two records of the register are one person; how many are held twice is learnt."""
    people = records.registered
    pairs = max(people * (people - 1) / 2, 1.0)
    twice = people * _TWICE_AT_START
    factors = np.exp2(scored.weight)
    found = np.zeros(len(factors))
    for _ in range(_ROUNDS):
        share = twice / pairs
        odds = factors * share / (1 - share)
        found = odds / (1 + odds)
        twice = float((found.sum() + _TWICE_COUNTS_AS) / (1 + _TWICE_COUNTS_AS / max(people * _TWICE_AT_START, 1.0)))
        twice = min(twice, pairs / 2)
    return found
