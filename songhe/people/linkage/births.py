"""Birth dates: the slips of the pen that offices make with them, the lunar calendar among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from songhe.people.linkage.levels import Birth

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]

_JULIAN_DAY_OF_1970 = 2440587.5
_BEIJING = 8 / 24
_LONGEST_LUNAR_SHIFT, _SHORTEST_LUNAR_SHIFT = 51, 17
_FEW_YEARS = 3


@dataclass(frozen=True, slots=True)
class Births:
    """Dates taken apart; where `known` is false the other columns mean nothing."""

    known: Bools
    day_number: Ints
    year: Ints
    month: Ints
    day: Ints

    def compare(self, left: Ints, right: Ints) -> Levels:
        """The levels of pairs of records; the first that holds counts."""
        months = self.month[left] == self.month[right]
        days = self.day[left] == self.day[right]
        apart = np.abs(self.year[left] - self.year[right])
        same_year = apart == 0
        new_year = ((self.month == 1) & (self.day == 1))[left] | ((self.month == 1) & (self.day == 1))[right]
        crossed = (self.month[left] == self.day[right]) & (self.day[left] == self.month[right])
        levels = np.select(
            [
                ~(self.known[left] & self.known[right]),
                same_year & months & days,
                same_year & crossed,
                (apart == 1) & months & days,
                self._a_digit_off(left, right),
                self._lunar(left, right) | self._lunar(right, left),
                same_year & new_year,
                same_year & months,
                same_year,
                apart < _FEW_YEARS,
            ],
            [level.value for level in Birth if level is not Birth.DIFFERS],
            Birth.DIFFERS.value,
        )
        return levels.astype(np.uint8)

    def _a_digit_off(self, left: Ints, right: Ints) -> Bools:
        """One digit of the eight differs, or two neighbours have changed places."""
        written = self.year * 10000 + self.month * 100 + self.day
        one, other = _digits(written[left]), _digits(written[right])
        differs = one != other
        count = differs.sum(axis=1)
        swapped = (one[:, :-1] == other[:, 1:]) & (one[:, 1:] == other[:, :-1]) & differs[:, :-1] & differs[:, 1:]
        return np.asarray((count == 1) | ((count == 2) & swapped.any(axis=1)))

    def _lunar(self, written: Ints, true: Ints) -> Bools:
        """Whether the first date may be the lunar month and day of the second, taken for solar ones."""
        shift = self.day_number[true] - self.day_number[written]
        possible = (shift >= _SHORTEST_LUNAR_SHIFT) & (shift <= _LONGEST_LUNAR_SHIFT)
        found = np.zeros(len(written), dtype=np.bool_)
        where = np.flatnonzero(possible)
        found[where] = np.abs(lunar_day(self.day_number[true[where]]) - self.day[written[where]]) <= 1
        return found


def _digits(written: Ints) -> npt.NDArray[np.uint8]:
    return np.stack([(written // 10**place % 10).astype(np.uint8) for place in range(7, -1, -1)], axis=1)


def lunar_day(day_number: Ints) -> Ints:
    """The day of the lunar month in Beijing, for days counted from 1 January 1970, right but at midnight.

    Reckoned from the moment of new moon (mean lunation and its five largest corrections, some minutes off), which
    needs no table of years.
    """
    around = np.floor((day_number + _JULIAN_DAY_OF_1970 - 2451550.09766) / 29.530588861)
    firsts = np.stack([_day_of_new_moon(around + step) for step in (-1, 0, 1)])
    begun = np.where(firsts <= day_number, firsts, firsts[0])
    return np.asarray(day_number - begun.max(axis=0) + 1)


def _day_of_new_moon(lunation: Floats) -> Ints:
    sun = np.radians(2.5534 + 29.10535670 * lunation)
    moon = np.radians(201.5643 + 385.81693528 * lunation)
    node = np.radians(160.7108 + 390.67050284 * lunation)
    moment = (
        2451550.09766
        + 29.530588861 * lunation
        - 0.40720 * np.sin(moon)
        + 0.17241 * np.sin(sun)
        + 0.01608 * np.sin(2 * moon)
        + 0.01039 * np.sin(2 * node)
        + 0.00739 * np.sin(moon - sun)
    )
    return np.asarray(np.floor(moment - _JULIAN_DAY_OF_1970 + _BEIJING), dtype=np.int64)
