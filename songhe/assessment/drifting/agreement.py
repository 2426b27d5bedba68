"""How far two teams who do not see each other's result agree: exact agreement, weighted kappa, with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

LEAST_PAIRS = 10
_DRAWS, _SEED, _CONFIDENCE = 2_000, 20_230_501, 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs of levels; `exact` is empty without pairs, `kappa` below `LEAST_PAIRS` or where all have one level."""

    pairs: int
    same: int
    exact: Interval | None
    kappa: Interval | None


def agreement(first: Sequence[int], second: Sequence[int], *, levels: int) -> Agreement:
    """Agreement of two teams on levels 0 … `levels` - 1, a pair of levels a person.

    Kappa is weighted linearly: one level apart counts less than two. Its interval comes from drawing the persons anew
    with a fixed seed, so the same pairs always give the same interval.
    """
    one, other = np.asarray(first, dtype=int), np.asarray(second, dtype=int)
    pairs, same = len(one), int((one == other).sum())
    if pairs == 0:
        return Agreement(0, 0, None, None)
    return Agreement(pairs, same, share(same, pairs), _kappa_with_interval(one, other, levels))


def share(part: int, whole: int) -> Interval:
    """A share with Wilson's interval, which is honest for few cases and for shares near 0 and 1."""
    z = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2)
    p, n = part / whole, whole
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(p, max(0.0, middle - reach), min(1.0, middle + reach))


def kappa(table: np.ndarray) -> float | None:
    """Linearly weighted kappa of a square table of counts; None where chance leaves nothing to disagree on."""
    size, total = len(table), table.sum()
    places = np.arange(size)
    apart = np.abs(places[:, None] - places[None, :]) / max(1, size - 1)
    expected = float((apart * np.outer(table.sum(axis=1), table.sum(axis=0))).sum()) / float(total)
    return None if expected == 0 else 1 - float((apart * table).sum()) / expected


def _kappa_with_interval(one: np.ndarray, other: np.ndarray, levels: int) -> Interval | None:
    if len(one) < LEAST_PAIRS:
        return None
    cells = one * levels + other
    value = kappa(_table(cells, levels))
    if value is None:
        return None
    draws = np.random.default_rng(_SEED)
    drawn = (kappa(_table(draws.choice(cells, len(cells)), levels)) for _ in range(_DRAWS))
    known = [one_draw for one_draw in drawn if one_draw is not None]
    low, high = np.quantile(known, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
    return Interval(value, float(min(low, value)), float(max(high, value)))


def _table(cells: np.ndarray, levels: int) -> np.ndarray:
    counted: np.ndarray = np.bincount(cells, minlength=levels * levels).reshape(levels, levels)
    return counted
