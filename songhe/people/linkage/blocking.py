"""Which pairs are worth comparing: those that share a key under at least one of several rules.

A pair that no rule brings together is never seen, so each rule forgives what another insists on: names may differ
where dates agree, dates where names agree, both where the home or the telephone does.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.people.linkage.characters import UNREADABLE
from songhe.people.linkage.names import surname
from songhe.people.linkage.records import Records

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_MIXER = 0x9E3779B97F4A7C15
_NO_KEY = 0
_MOST_OF_A_RULE = 3_000_000


def candidate_rows(records: Records, most: int) -> tuple[Ints, Ints]:
    """Pairs of a person of the register and a row of the file, as positions among the records."""
    register, rows = records.registered, len(records.sex)
    found = [_joined(keys[:register], keys[register:rows], most) for keys in _row_rules(records)]
    return _union(found, rows, shift=register)


def candidate_twins(records: Records, most: int) -> tuple[Ints, Ints]:
    """Pairs of two records of the register that may be one person, the first before the second."""
    found = []
    for keys in _register_rules(records):
        left, right = _joined(keys, keys, most)
        found.append((left[left < right], right[left < right]))
    return _union(found, records.registered, shift=0)


def _row_rules(records: Records) -> Iterator[Ints]:
    parts = _Parts(records)
    births, places = records.births, records.places
    yield parts.name
    yield _key(births.known, births.day_number + 1_000_000)
    yield _key((records.phones >= 0) & (parts.surname > 0), records.phones, parts.surname)
    yield _key((records.phones >= 0) & (parts.last > 0), records.phones, parts.last)
    yield _key(places.address > 0, places.address)
    yield _key((places.community > 0) & births.known, places.community, births.year, records.sex)
    yield from _slips_of_birth(records, parts)
    yield from _incomplete(records, parts)
    yield from _number_rules(records)


def _register_rules(records: Records) -> Iterator[Ints]:
    parts = _Parts(records)
    births, places = records.births, records.places
    named = parts.name != _NO_KEY
    yield _key(named & births.known, parts.name, births.year)
    yield _key(named & births.known, parts.name, births.month, births.day)
    yield _key(named & (places.township > 0), parts.name, places.township)
    yield _key(named & (records.phones >= 0), parts.name, records.phones)
    yield _key(births.known & (parts.surname > 0), births.day_number + 1_000_000, parts.surname)
    yield _key(births.known & (parts.last > 0), births.day_number + 1_000_000, parts.last)
    yield _key(births.known & (places.community > 0), births.day_number + 1_000_000, places.community)
    yield _key(places.address > 0, places.address, records.sex)
    yield from _number_rules(records)


def _slips_of_birth(records: Records, parts: _Parts) -> Iterator[Ints]:
    """Where the name is spoilt in one character and the year of birth is wrong as well, the rest of both must do."""
    births, township = records.births, records.places.township
    usable = births.known & (township > 0)
    yield _key(usable & (parts.surname > 0), township, births.month, births.day, parts.surname)
    yield _key(usable & (parts.last > 0), township, births.month, births.day, parts.last)


def _incomplete(records: Records, parts: _Parts) -> Iterator[Ints]:
    """Rows without a birth date or with a lost character: all of one surname or one last character in the community."""
    births, community = records.births, records.places.community
    register = np.arange(len(records.sex)) < records.registered
    wanted = (register | ~births.known | parts.damaged) & (community > 0)
    yield _key(wanted & (parts.surname > 0), community, parts.surname)
    yield _key(wanted & (parts.last > 0), community, parts.last)


def _number_rules(records: Records) -> Iterator[Ints]:
    """One slip leaves either the first ten or the last seven characters, or the birth date in the middle, whole."""
    letters, length = records.numbers.letters, records.numbers.length
    places = np.arange(len(length))
    tail = [letters[places, np.maximum(length - step, 0)].astype(np.int64) for step in range(1, 8)]
    yield _key(length > 0, *letters[:, :10].T.astype(np.int64))
    yield _key(length > 0, *tail)
    old = np.where((length == 15)[:, None], letters[:, 6:15], letters[:, 8:17])
    yield _key((length == 15) | (length == 18), *letters[:, :6].T.astype(np.int64), *old.T.astype(np.int64))


class _Parts:
    """Numbers for the parts of each record's name, by sound; 0 where the part is lost."""

    def __init__(self, records: Records) -> None:
        names = records.names
        whole = [UNREADABLE not in clean and len(clean) > 1 for clean in names.clean]
        of_name = np.array([_number(sound) for sound in names.sound], dtype=np.int64)
        of_surname = np.array([_number(surname(sound)) for sound in names.sound], dtype=np.int64)
        of_last = np.array([_number(sound[-1:]) for sound in names.sound], dtype=np.int64)
        self.name: Ints = np.where(np.array(whole, dtype=np.bool_), of_name, _NO_KEY)[names.of]
        self.surname: Ints = of_surname[names.of]
        self.last: Ints = of_last[names.of]
        self.damaged: Bools = ~np.array(whole, dtype=np.bool_)[names.of]


def _number(text: str) -> int:
    number = 0
    for character in text:
        number = (number * 1_114_111 + ord(character)) % (2**61 - 1)
    return _NO_KEY if not text or UNREADABLE in text else number


def _key(usable: Bools, *columns: Ints) -> Ints:
    """One number of several columns, 0 where the record has no key under the rule."""
    mixed = np.zeros(len(usable), dtype=np.uint64)
    for column in columns:
        mixed = (mixed ^ column.astype(np.uint64)) * np.uint64(_MIXER)
        mixed ^= mixed >> np.uint64(29)
    return np.where(usable, (mixed >> np.uint64(1)).astype(np.int64) | 1, _NO_KEY)


def _joined(left: Ints, right: Ints, most: int) -> tuple[Ints, Ints]:
    """All pairs with the same key, but for keys too common to help.

    Those are keys of more than `most` persons, and the commonest of a rule that would bring too many pairs together.
    """
    one = pl.LazyFrame({"key": left}).with_row_index("left").filter(pl.col("key") != _NO_KEY)
    other = pl.LazyFrame({"key": right}).with_row_index("right").filter(pl.col("key") != _NO_KEY)
    persons = one.group_by("key").agg(pl.len().cast(pl.Int64).alias("persons"))
    rows = other.group_by("key").agg(pl.len().cast(pl.Int64).alias("rows"))
    sizes = (
        persons.join(rows, on="key").filter(pl.col("persons") <= most).sort(pl.col("persons") * pl.col("rows"), "key")
    )
    rare = sizes.filter((pl.col("persons") * pl.col("rows")).cum_sum() <= _MOST_OF_A_RULE).select("key")
    pairs = one.join(rare, on="key", how="semi").join(other, on="key").select("left", "right").collect()
    return pairs["left"].cast(pl.Int64).to_numpy(), pairs["right"].cast(pl.Int64).to_numpy()


def _union(found: list[tuple[Ints, Ints]], size: int, shift: int) -> tuple[Ints, Ints]:
    codes = np.unique(np.concatenate([left * size + right + shift for left, right in found]))
    return codes // size, codes % size
