"""Numbers of invented people. No identity number here can exist, and no telephone rings.

Identity numbers have a right check character but lie in area 4299xx, which is given to no place. Telephones begin with
154, which to our knowledge no operator has been given.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.demo.births import EPOCH
from songhe.demo.chance import Bools, Chance, Ints
from songhe.kernel.errors import BadInput

AREA, PHONE = 4299, "154"
MOST_PIECES = 24
_AREAS_A_PIECE = 4
_A_DAY, _STEP = 500, 187  # numbers of one sex on one day in one area; a step that meets all of them
_WEIGHTS = np.array([pow(2, 17 - place, 11) for place in range(17)])
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)


def identity_numbers(birth: Ints, women: Bools, district: Ints, piece: int) -> pl.Series:
    """A number for each person, all different, also from piece to piece. `birth` in days since 1970.

    BadInput when there are more people than the invented areas have numbers for.
    """
    if piece >= MOST_PIECES:
        raise BadInput("人数", "太多，演示地区的证件号不够用", accepted=f"少于{MOST_PIECES}批")
    area = 1 + piece * _AREAS_A_PIECE + district % _AREAS_A_PIECE
    cell = (area * 100_000 + birth + 50_000) * 2 + women
    order = np.argsort(cell, kind="stable")
    _, start, length = np.unique(cell[order], return_index=True, return_counts=True)
    if length.max(initial=0) > _A_DAY:
        raise BadInput("人数", "太多，同一天出生的人证件号不够用")
    rank = np.empty(len(cell), dtype=np.int64)
    rank[order] = np.arange(len(cell)) - np.repeat(start, length)
    odd = (rank * _STEP + birth * 31) % _A_DAY
    return numbers_of(area, birth, odd * 2 + ~women)


def numbers_of(area: Ints, birth: Ints, sequence: Ints) -> pl.Series:
    """Numbers with their check characters from the two digits after 4299, the birth day and the sequence."""
    born = EPOCH + birth
    months = born.astype("M8[M]")
    year = born.astype("M8[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (born - months.astype("M8[D]")).astype(np.int64) + 1
    parts = ((np.full(len(birth), AREA), 4), (area, 2), (year, 4), (month, 2), (day, 2), (sequence, 3))
    digits = np.hstack([_digits(values, width) for values, width in parts])
    return _with_checks(digits)


def checked_again(numbers: pl.Series) -> pl.Series:
    """The same first seventeen digits with the check character that belongs to them: a slip that no check finds."""
    letters = numbers.str.slice(0, 17).to_numpy().astype("S17").view(np.uint8).reshape(len(numbers), 17)
    return _with_checks(letters.astype(np.int64) - ord("0"))


def _with_checks(digits: Ints) -> pl.Series:
    checks = _CHECKS[(digits * _WEIGHTS).sum(axis=1) % 11]
    letters = np.hstack([(digits + ord("0")).astype(np.uint8), checks[:, None]])
    return pl.Series(np.ascontiguousarray(letters).view("S18").ravel().astype("U18"), dtype=pl.String)


def _digits(values: Ints, width: int) -> Ints:
    powers = 10 ** np.arange(width - 1, -1, -1)
    return np.asarray(values[:, None] // powers % 10, dtype=np.int64)


def phones(chance: Chance) -> pl.Series:
    """A telephone for each person."""
    digits = (chance.uniform() * 100_000_000).astype(np.int64)
    tail = pl.Series(digits).cast(pl.String).str.zfill(8)
    return pl.select(pl.lit(PHONE) + tail).to_series()


def uuids(chance: Chance) -> pl.Series:
    """A random id for each person (version 4), from the seed like everything else."""
    return _as_uuids(np.stack([(chance.uniform() * 2**32).astype(np.uint32) for _ in range(4)], axis=1))


def _as_uuids(words: npt.NDArray[np.uint32]) -> pl.Series:
    words[:, 1] = (words[:, 1] & 0xFFFF0FFF) | 0x4000
    words[:, 2] = (words[:, 2] & 0x3FFFFFFF) | 0x80000000
    whole = np.ascontiguousarray(words.astype(">u4")).tobytes().hex()
    raw = pl.Series([whole[at : at + 32] for at in range(0, len(whole), 32)], dtype=pl.String)
    cuts = ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))
    parts = [raw.str.slice(*cut).alias(str(cut[0])) for cut in cuts]
    return pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator="-")).to_series()
