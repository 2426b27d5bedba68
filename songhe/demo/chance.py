"""The one source of chance in the demo: one seed gives one city, on every machine.

Only uniform numbers are taken from the generator; everything else is made from them here, so that a new release of
numpy cannot change a drawn city by improving a distribution.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Chance:
    """Draws for `count` people at once, in a fixed order."""

    def __init__(self, seed: np.random.SeedSequence, count: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(seed))
        self.count = count

    def uniform(self) -> Floats:
        """One number from 0 (included) to 1 (excluded) a person."""
        return self._generator.random(self.count)

    def happens(self, probability: Floats | float) -> Bools:
        """Whether it happens to each; a probability above 1 is certain."""
        return np.asarray(self.uniform() < probability)

    def pick(self, shares: Floats, group: npt.NDArray[Any] | None = None) -> Ints:
        """The index of one option a person. `shares` are the options' weights, or one row of weights for each group."""
        rows = np.atleast_2d(shares)
        row = np.zeros(self.count, dtype=np.int64) if group is None else group.astype(np.int64)
        upto = np.cumsum(rows, axis=1)
        upto /= upto[:, -1:]
        options = rows.shape[1]
        steps = (upto + np.arange(len(rows))[:, None]).ravel()
        found = np.searchsorted(steps, self.uniform() + row, side="right") - row * options
        # Adding the row costs the last bits of a number just below 1: it may come out one option too far.
        return np.asarray(np.minimum(found, options - 1), dtype=np.int64)

    def delay_days(self, median: Floats, ninth_decile: float, decile_at: float) -> Ints:
        """Whole days, lognormal by median and 90th percentile; `decile_at` is that percentile of the normal curve."""
        normal = np.sqrt(-2 * np.log1p(-self.uniform())) * np.cos(2 * np.pi * self.uniform())
        spread = np.log(ninth_decile / median) / decile_at
        return np.asarray(np.floor(median * np.exp(spread * normal)), dtype=np.int64)


def rescaled(rate: Floats | float, factor: Floats, group: npt.NDArray[Any], among: Bools | None = None) -> Floats:
    """The rate of each person's group, tilted by the factor, the mean over the group kept; 0 outside `among`.

    `rate` has one figure a group, or is one figure for all. Where a group is too small for its rate all of it is taken.
    """
    weight = factor if among is None else np.where(among, factor, 0.0)
    sums = np.bincount(group, weights=weight)
    mean = sums / np.maximum(np.bincount(group), 1)
    base = np.broadcast_to(rate, (max(len(mean), np.size(rate)),))[: len(mean)]
    scale = np.divide(base, mean, out=np.zeros_like(mean), where=mean > 0)
    return np.asarray(np.minimum(scale[group] * weight, 1.0))
