"""Numbers people carry: the last digits of a telephone, and an identity number that may be written wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.people.linkage.levels import Number, Phone, Place

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.uint8]
Letters = npt.NDArray[np.uint8]

_WIDTH = 20
_NEW, _OLD, _BIRTH_PART = 18, 15, 14


def compare_phones(tails: Ints, left: Ints, right: Ints, places: Levels) -> Levels:
    """The levels of pairs of records, whose places have been compared already; -1 is no telephone."""
    same = tails[left] == tails[right]
    levels = np.where(same, np.where(places == Place.SAME_ADDRESS, Phone.SAME_HOME, Phone.SAME), Phone.DIFFERS)
    return np.where((tails[left] < 0) | (tails[right] < 0), Phone.MISSING, levels).astype(np.uint8)


def phone_tails(texts: pl.Series) -> Ints:
    """The last four digits as a number, -1 where there are fewer than four or all are the same one."""
    digits = texts.cast(pl.String).fill_null("").str.replace_all(r"\D", "")
    tail = digits.str.slice(-4)
    usable = (digits.str.len_chars() >= 4) & ~tail.is_in(["0000", "1111", "8888", "9999"])
    return np.asarray(pl.select(pl.when(usable).then(tail.str.to_integer(strict=False)).otherwise(-1)).to_series())


@dataclass(frozen=True, slots=True)
class IdentityNumbers:
    """Numbers letter by letter, padded with zero bytes; `length` is 0 for none or one too short to compare."""

    letters: Letters
    length: Ints

    @classmethod
    def read(cls, texts: pl.Series) -> IdentityNumbers:
        """Numbers of 14 to 20 characters as they are written, right or wrong; others say nothing."""
        plain = (
            texts.cast(pl.String).fill_null("").str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[^0-9X]", "")
        )
        usable = plain.str.len_chars().is_between(_BIRTH_PART, _WIDTH)
        kept = pl.select(pl.when(usable).then(plain).otherwise(pl.lit(""))).to_series()
        wide = kept.to_numpy().astype(f"S{_WIDTH}") if len(kept) else np.zeros(0, dtype=f"S{_WIDTH}")
        return cls(wide.view(np.uint8).reshape(len(kept), _WIDTH), kept.str.len_chars().cast(pl.Int64).to_numpy())

    def compare(self, left: Ints, right: Ints) -> Levels:
        """The levels of pairs of records; only pairs in which both have a number are looked at."""
        levels = np.full(len(left), Number.MISSING.value, dtype=np.uint8)
        both = np.flatnonzero((self.length[left] > 0) & (self.length[right] > 0))
        if len(both):
            levels[both] = self._levels(left[both], right[both])
        return levels

    def _levels(self, left: Ints, right: Ints) -> Levels:
        one, other = self.letters[left], self.letters[right]
        differs = one != other
        count, even = differs.sum(axis=1), self.length[left] == self.length[right]
        swapped = (one[:, :-1] == other[:, 1:]) & (one[:, 1:] == other[:, :-1]) & differs[:, :-1] & differs[:, 1:]
        last = self.length[left] - 1
        only_check = differs[np.arange(len(last)), last]
        levels = np.select(
            [
                count == 0,
                even & ((count == 1) | ((count == 2) & only_check & ~swapped.any(axis=1))),
                even & (((count == 2) | ((count == 3) & only_check)) & swapped.any(axis=1)),
                self._old_form(left, right) | self._old_form(right, left),
                self._one_more(left, right) | self._one_more(right, left),
                even & ~differs[:, :_BIRTH_PART].any(axis=1),
            ],
            [
                Number.SAME,
                Number.DIGIT,
                Number.SWAPPED,
                Number.OLD_FORM,
                Number.LENGTH,
                Number.SAME_BIRTH_PART,
            ],
            Number.DIFFERS,
        )
        return levels.astype(np.uint8)

    def _old_form(self, old: Ints, new: Ints) -> Bools:
        """Whether the first is the second without the century and the check character."""
        one, other = self.letters[old], self.letters[new]
        fits = (one[:, :6] == other[:, :6]).all(axis=1) & (one[:, 6:_OLD] == other[:, 8 : _NEW - 1]).all(axis=1)
        return np.asarray(fits & (self.length[old] == _OLD) & (self.length[new] == _NEW))

    def _one_more(self, short: Ints, long: Ints) -> Bools:
        """Whether the first is the second with one character left out."""
        one, other = self.letters[short], self.letters[long]
        before = np.logical_and.accumulate(one[:, :-1] == other[:, :-1], axis=1)
        after = np.logical_and.accumulate((one[:, :-1] == other[:, 1:])[:, ::-1], axis=1)[:, ::-1]
        whole = np.ones((len(short), 1), dtype=np.bool_)
        fits = (np.hstack([whole, before]) & np.hstack([after, whole])).any(axis=1)
        return np.asarray(fits & (self.length[long] == self.length[short] + 1))
