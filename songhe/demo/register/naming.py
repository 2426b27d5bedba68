"""Names of invented people: surnames as in eastern Hubei, given names by sex and year of birth."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from songhe.demo.chance import Bools, Chance, Floats, Ints

_FILE = Path(__file__).with_name("names.yaml")
_RANK_FROM = 4


class Options:
    """Lists of texts of different lengths, one list for each group, drawn from by weight."""

    def __init__(self, texts: list[list[str]], weights: list[list[float]]) -> None:
        self.size = max(map(len, texts))
        self.texts = pl.Series([text for row in texts for text in (*row, *[""] * (self.size - len(row)))])
        self.weights = np.array([[*row, *[0.0] * (self.size - len(row))] for row in weights])

    def draw(self, chance: Chance, group: Ints) -> Ints:
        """Positions in `texts`, one a person."""
        return group * self.size + chance.pick(self.weights, group)

    def __getitem__(self, positions: Ints) -> pl.Series:
        return self.texts.gather(pl.Series(positions.astype(np.uint32)))


def surnames(chance: Chance, men: Bools, village: Ints) -> pl.Series:
    """Surnames by share; in a village many men bear one of its two leading ones.

    `village` numbers the villages, below 0 for who does not live in one.
    """
    table, shares = _surnames()
    drawn = chance.pick(shares)
    # What leads in a village comes from the village's number, so that pieces of one city agree.
    numbers = np.arange(max(int(village.max(initial=0)) + 1, 1))
    leading = np.array([_leading(int(number), shares) for number in numbers])
    of_clan = chance.happens(float(_names()["surnames"]["clan"])) & men & (village >= 0)
    second = chance.happens(0.4).astype(np.int64)
    clan = leading[np.maximum(village, 0), second]
    positions = np.where(of_clan, clan, drawn)
    return table.gather(pl.Series(positions.astype(np.uint32))).alias("surname")


def given_names(chance: Chance, women: Bools, birth_year: Ints, surname: pl.Series) -> pl.Series:
    """Given names by cohort: some of one character, some of the commonest, the rest put together from two."""
    tables = _given()
    cohort = np.minimum(np.searchsorted(tables["until"], birth_year), len(tables["until"]) - 1)
    group = cohort * 2 + women
    first, second = tables["first"].draw(chance, group), tables["second"].draw(chance, group)
    frame = pl.DataFrame(
        {
            "surname": surname,
            "year": birth_year,
            "kind": chance.pick(tables["kinds"], group),
            "top": tables["top"][tables["top"].draw(chance, group)],
            "single": tables["single"][tables["single"].draw(chance, women.astype(np.int64))],
            "first": tables["first"][first],
            "second": tables["second"][second],
            "other": tables["second"][_next(tables["second"], second)],
            "rare": _rare(chance),
        }
    )
    pair = pl.concat_str(
        pl.when(pl.col("first") == pl.col("surname")).then(pl.col("other")).otherwise(pl.col("first")),
        pl.when(pl.col("first") == pl.col("second")).then(pl.col("other")).otherwise(pl.col("second")),
    )
    given = pl.when(pl.col("kind") == 0).then(pl.col("single")).when(pl.col("kind") == 1).then(pl.col("top"))
    return frame.select(_kept(given.otherwise(pair), pair)).to_series().alias("given")


def children_names(chance: Chance, women: Bools, surname: pl.Series) -> pl.Series:
    """Names of grown-up children who bear the surname."""
    texts = [_names()["children"][sex].split() for sex in "mf"]
    options = Options(texts, [[1.0] * len(row) for row in texts])
    return whole_names(surname, options[options.draw(chance, women.astype(np.int64))])


def whole_names(surname: pl.Series, given: pl.Series) -> pl.Series:
    """Surname and given name; a name that is a public figure's or repeats itself becomes another."""
    frame = pl.DataFrame({"surname": surname, "given": given})
    name = pl.concat_str("surname", "given")
    last = pl.col("given").str.slice(-1)
    plain = pl.concat_str("surname", pl.lit("正"), last)
    spoilt = name.is_in(_names()["never"]) | (pl.col("given") == pl.col("surname"))
    return frame.select(pl.when(spoilt).then(plain).otherwise(name).alias("name")).to_series()


def _kept(given: pl.Expr, instead: pl.Expr) -> pl.Expr:
    """The given name but for those that belong to other years; a few end in a rare character."""
    wrong = pl.lit(value=False)
    for name, (first, last) in _names()["dated"].items():
        wrong = wrong | ((given == name) & ~pl.col("year").is_between(first, last))
    kept = pl.when(wrong).then(instead).otherwise(given)
    ended = pl.concat_str(kept.str.slice(0, kept.str.len_chars() - 1), pl.col("rare"))
    return pl.when(pl.col("rare") != "").then(ended).otherwise(kept)


def _rare(chance: Chance) -> pl.Series:
    characters = ["", *_names()["rare"]["characters"]]
    rate = float(_names()["rare"]["rate"])
    shares = np.array([1 - rate, *[rate / (len(characters) - 1)] * (len(characters) - 1)])
    return pl.Series(characters).gather(pl.Series(chance.pick(shares).astype(np.uint32)))


def _next(options: Options, positions: Ints) -> Ints:
    """The next position within the same group that holds a text."""
    row, at = np.divmod(positions, options.size)
    filled = (options.weights > 0).sum(axis=1)[row]
    return np.asarray(row * options.size + (at + 7) % filled, dtype=np.int64)


def _leading(village: int, shares: Floats) -> Ints:
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([7_305, village])))
    upto = np.cumsum(shares) / shares.sum()
    return np.minimum(np.searchsorted(upto, generator.random(2), side="right"), len(shares) - 1).astype(np.int64)


@cache
def _names() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


@cache
def _surnames() -> tuple[pl.Series, Floats]:
    written = _names()["surnames"]
    rest = written["rest"].split()
    texts = [*written["share"], *rest]
    return pl.Series(texts), np.array([*written["share"].values(), *[written["other"] / len(rest)] * len(rest)])


@cache
def _given() -> dict[str, Any]:
    cohorts = _names()["cohorts"]
    rows = [cohorts[until][sex] for until in cohorts for sex in "mf"]
    rates = [(row["rates"]["single"], row["rates"]["top"]) for row in rows]
    singles = [_names()["singles"][sex].split() for sex in "mf"]
    return {
        "until": np.array(list(cohorts)),
        "kinds": np.array([[single, top, 1 - single - top] for single, top in rates]),
        "top": _ranked([row["top"].split() for row in rows]),
        "first": _even([list(row["first"]) for row in rows]),
        "second": _even([list(row["second"]) for row in rows]),
        "single": _ranked(singles),
    }


def _ranked(texts: list[list[str]]) -> Options:
    return Options(texts, [[1 / (rank + _RANK_FROM) for rank in range(1, len(row) + 1)] for row in texts])


def _even(texts: list[list[str]]) -> Options:
    return Options(texts, [[1.0] * len(row) for row in texts])
