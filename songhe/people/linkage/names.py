"""Names: cleaned of what no name contains, folded to what offices confuse, compared character by character."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.people.linkage.characters import FORM_OF, SOUND_OF, UNREADABLE, is_mark_of_loss, same_sound_or_look
from songhe.people.linkage.levels import Name

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.uint8]

_MOST_CHARACTERS = 6
_NOT_NAME = re.compile(r"[\s·•．.,，、\-—_'’0-9]+|[（(].*?[）)]")
_SPELLING = re.compile(r"[A-Za-z]+")
_TWO_CHARACTER_SURNAMES = frozenset(
    "欧阳 上官 司马 诸葛 皇甫 尉迟 公孙 令狐 慕容 司徒 夏侯 东方 端木 宇文 长孙".split()
)


def cleaned(name: str | None) -> str:
    """The name without blanks, dots and remarks in brackets; each lost character is one sign, a spelling is one too."""
    text = _NOT_NAME.sub("", unicodedata.normalize("NFKC", name or ""))
    spelt = _SPELLING.sub(UNREADABLE, text)
    return "".join(UNREADABLE if is_mark_of_loss(character) else character for character in spelt)


def folded(name: str) -> str:
    """The name in the commonest form of each character."""
    return "".join(FORM_OF.get(character, character) for character in name)


def sounded(name: str) -> str:
    """The folded name with each character replaced by the first of those that sound like it."""
    return "".join(SOUND_OF.get(character, character) for character in folded(name))


def surname(name: str) -> str:
    """One character, or two for the double surnames."""
    return name[:2] if name[:2] in _TWO_CHARACTER_SURNAMES and len(name) > 2 else name[:1]


@dataclass(frozen=True, slots=True)
class Names:
    """The distinct names of all records. `of` gives each record's name as a position in the other columns."""

    of: Ints
    clean: tuple[str, ...]
    form: tuple[str, ...]
    sound: tuple[str, ...]

    @classmethod
    def read(cls, texts: pl.Series) -> Names:
        """The names as they stand in a column; an empty cell is a name without characters."""
        raw = texts.cast(pl.String).fill_null("")
        distinct = raw.unique(maintain_order=True)
        tidy = pl.Series([cleaned(text) for text in distinct], dtype=pl.String)
        clean = tidy.unique(maintain_order=True)
        places = {text: place for place, text in enumerate(clean)}
        steps = dict(zip(distinct, (places[text] for text in tidy), strict=True))
        of = np.array([steps[text] for text in raw], dtype=np.int64)
        return cls(of, tuple(clean), tuple(map(folded, clean)), tuple(map(sounded, clean)))

    def compare(self, left: Ints, right: Ints) -> Levels:
        """The levels of pairs of records; each pair of distinct names that share something is looked at once."""
        size = len(self.clean)
        pairs, where = np.unique(self.of[left] * size + self.of[right], return_inverse=True)
        levels = np.full(len(pairs), Name.DIFFERS.value, dtype=np.uint8)
        worth = np.flatnonzero(self._worth_a_look(pairs // size, pairs % size))
        for place in worth.tolist():
            levels[place] = self._level(*divmod(int(pairs[place]), size))
        return levels[where]

    def _worth_a_look(self, one: Ints, other: Ints) -> Bools:
        """Whether a character stands at the same place, counted from either end, or one name is damaged."""
        whole = np.array([UNREADABLE not in name and name != "" for name in self.clean], dtype=np.bool_)
        from_front = _matrix([name[:_MOST_CHARACTERS] for name in self.form])
        from_end = _matrix([name[::-1][:_MOST_CHARACTERS] for name in self.form])
        shared = [(side[one] == side[other]) & (side[one] != 0) for side in (from_front, from_end)]
        return np.asarray(~whole[one] | ~whole[other] | shared[0].any(axis=1) | shared[1].any(axis=1))

    def _level(self, one: int, other: int) -> Name:
        if one == other and UNREADABLE not in self.clean[one] and self.clean[one]:
            return Name.SAME
        damaged = UNREADABLE in self.clean[one] + self.clean[other]
        if not self.clean[one].strip(UNREADABLE) or not self.clean[other].strip(UNREADABLE):
            return Name.MISSING
        if damaged:
            return _level_of_damaged(self.form[one], self.form[other])
        if self.form[one] == self.form[other]:
            return Name.VARIANT
        return _level_of_different(self.form[one], self.form[other])


def _matrix(texts: list[str]) -> npt.NDArray[np.uint32]:
    if not texts:
        return np.zeros((0, _MOST_CHARACTERS), dtype=np.uint32)
    return np.array(texts, dtype=f"<U{_MOST_CHARACTERS}").view(np.uint32).reshape(len(texts), _MOST_CHARACTERS)


def _level_of_damaged(one: str, other: str) -> Name:
    if len(one) == len(other):
        whole = all(UNREADABLE in (a, b) or a == b for a, b in zip(one, other, strict=True))
        if whole and sum(a == b != UNREADABLE for a, b in zip(one, other, strict=True)) >= 2:
            return Name.UNREADABLE
    return Name.SURNAME_SAME if surname(one) == surname(other) else Name.DIFFERS


def _level_of_different(one: str, other: str) -> Name:
    if len(one) == len(other):
        apart = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        if len(apart) == 1 and same_sound_or_look(*apart[0]):
            return Name.CONFUSED
        if len(apart) == 2 and apart[0] == apart[1][::-1]:
            return Name.SWAPPED
        if len(apart) == 1 and len(one) > 2 and surname(one) == surname(other):
            return Name.ONE_DIFFERS
    elif _one_is_missing(one, other):
        return Name.UNREADABLE
    if surname(one) == surname(other):
        return Name.SURNAME_SAME
    given = one[len(surname(one)) :]
    return Name.GIVEN_SAME if given and given == other[len(surname(other)) :] else Name.DIFFERS


def _one_is_missing(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (
        len(long) == len(short) + 1
        and len(short) >= 2
        and any(long[:place] + long[place + 1 :] == short for place in range(len(long)))
    )
