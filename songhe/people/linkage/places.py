"""Where people live: the common part of two region codes, and how alike two addresses are written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.people.linkage.levels import Place

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]
Bits = npt.NDArray[np.uint64]

_LONGEST = 48
_WORDS = 4
_ALIKE = 0.6
_VERY_ALIKE = 0.75
_NUMBER_SIGNS = r"(?:号楼|单元|号|栋|幢|座|楼|室|组|队|弄|户|层|附|之|[-－—–/、，,])"
_NOT_ADDRESS = r"[\s.。:：;；()（）·]+|居委会|村委会|居民委员会|村民委员会|社区"
_CHINESE_DIGITS = dict(zip("一二三四五六七八九", "123456789", strict=True))


@dataclass(frozen=True, slots=True)
class Places:
    """Codes are 0 where the record does not say that much; `address` is 0 for none or one too short to mean a place."""

    community: Ints
    township: Ints
    district: Ints
    address: Ints
    numbers: Ints
    signs: Bits
    sign_count: Ints

    @classmethod
    def read(cls, codes: pl.Series, addresses: pl.Series) -> Places:
        """Codes of 6, 9 or 12 digits, padded with zeros or not; anything else says nothing."""
        frame = pl.DataFrame({"code": codes.cast(pl.String), "address": addresses.cast(pl.String)}).select(
            pl.when(pl.col("code").str.contains(r"^\d{6}(\d{3}){0,2}$"))
            .then(pl.col("code").str.pad_end(12, "0"))
            .otherwise(pl.lit("0" * 12))
            .alias("code"),
            _tidy(pl.col("address")).alias("address"),
        )
        tidy = frame["address"]
        numbers = tidy.str.extract_all(r"\d+").list.join("-")
        signs = _signs(tidy)
        return cls(
            _part(frame["code"], 12, "000"),
            _part(frame["code"], 9, "000"),
            _part(frame["code"], 6, "00"),
            _identified(tidy),
            _identified(numbers),
            signs,
            np.bitwise_count(signs).sum(axis=1).astype(np.int64),
        )

    def compare(self, left: Ints, right: Ints) -> Levels:
        """The levels of pairs of records; an address counts unless both sides name different communities."""
        both = (self.district[left] > 0) & (self.district[right] > 0)
        written = (self.address[left] > 0) & (self.address[right] > 0)
        may_be = ~((self.community[left] > 0) & (self.community[right] > 0)) | _same(self.community, left, right)
        may_be &= ~((self.township[left] > 0) & (self.township[right] > 0)) | _same(self.township, left, right)
        alike = self.likeness(left, right)
        numbers = _same(self.numbers, left, right)
        levels = np.select(
            [
                may_be & (_same(self.address, left, right) | (numbers & (alike >= _VERY_ALIKE))),
                may_be & written & (alike >= _ALIKE) & (numbers | _same(self.community, left, right)),
                _same(self.community, left, right),
                _same(self.township, left, right),
                _same(self.district, left, right),
                both,
                written,
            ],
            [
                Place.SAME_ADDRESS,
                Place.LIKE_ADDRESS,
                Place.COMMUNITY,
                Place.TOWNSHIP,
                Place.DISTRICT,
                Place.ELSEWHERE,
                Place.ADDRESS_DIFFERS,
            ],
            Place.MISSING,
        )
        return levels.astype(np.uint8)

    def likeness(self, left: Ints, right: Ints) -> Floats:
        """Dice's coefficient of the addresses' pairs of neighbouring characters, 0 where one is missing."""
        shared = np.bitwise_count(self.signs[left] & self.signs[right]).sum(axis=1)
        together = self.sign_count[left] + self.sign_count[right]
        return np.asarray(2 * shared / np.maximum(together, 1), dtype=np.float64)


def _same(column: Ints, left: Ints, right: Ints) -> Bools:
    return np.asarray((column[left] == column[right]) & (column[left] > 0))


def _tidy(address: pl.Expr) -> pl.Expr:
    """One way of writing: half width, numbers parted by a hyphen, no words every address has; empty if too short."""
    plain = address.fill_null("").str.normalize("NFKC").str.replace_all(_NOT_ADDRESS, "")
    digits = plain.str.replace_many(list(_CHINESE_DIGITS), list(_CHINESE_DIGITS.values()))
    parted = digits.str.replace_all(_NUMBER_SIGNS, "-").str.replace_all("-+", "-").str.strip_chars("-")
    enough = (parted.str.count_matches(r"\p{Han}") >= 2) & parted.str.contains(r"\d")
    return pl.when(enough).then(parted).otherwise(pl.lit(""))


def _part(codes: pl.Series, length: int, padding: str) -> Ints:
    part = codes.str.slice(0, length)
    return np.asarray(
        pl.select(pl.when(part.str.ends_with(padding)).then(0).otherwise(part.cast(pl.Int64))).to_series()
    )


def _identified(texts: pl.Series) -> Ints:
    """A number for each text, the same for the same; 0 for the empty one."""
    hashes = (texts.hash(seed=7) // 2).cast(pl.Int64)
    return np.asarray(pl.select(pl.when(texts == "").then(0).otherwise(hashes)).to_series())


def _signs(texts: pl.Series) -> Bits:
    """A set of 256 bits for each text, one set for each pair of neighbouring characters."""
    bits = np.zeros((len(texts), _WORDS), dtype=np.uint64)
    if not len(texts):
        return bits
    cut = texts.str.slice(0, _LONGEST).to_numpy().astype(f"<U{_LONGEST}")
    letters = cut.view(np.uint32).reshape(len(texts), _LONGEST)
    rows = np.arange(len(texts))
    for place in range(_LONGEST - 1):
        one, other = letters[:, place], letters[:, place + 1]
        pair = one.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ other.astype(np.uint64) * np.uint64(
            0xC2B2AE3D27D4EB4F
        )
        where = (pair >> np.uint64(40)) % np.uint64(64 * _WORDS)
        bit = np.where(other > 0, np.uint64(1) << (where % np.uint64(64)), np.uint64(0))
        bits[rows, (where // np.uint64(64)).astype(np.int64)] |= bit
    return bits
