"""How well the matching does where the truth is known: on the demo city and in tests. No data leaves it but counts."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from songhe.people.linkage.deciding import AUTOMATIC, NONE, REVIEW
from songhe.people.linkage.matching import Matches


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts of rows. `known` rows are people of the register; `found` are those whose person is shown in any band."""

    rows: int
    known: int
    automatic: int
    wrong: int
    review: int
    found: int

    @property
    def precision(self) -> float:
        """The share of right ones among the automatic; 1 when there are none."""
        return 1 - self.wrong / self.automatic if self.automatic else 1.0

    @property
    def recall(self) -> float:
        """The share of known people whose right record was automatic or among those shown for review."""
        return self.found / self.known if self.known else 1.0

    @property
    def automatic_recall(self) -> float:
        """The share of known people who need nobody's eye."""
        return (self.automatic - self.wrong) / self.known if self.known else 1.0

    def sentence(self) -> str:
        """One line for a bench report."""
        return (
            f"{self.rows}行：自动{self.automatic}行，其中错{self.wrong}行（准确率{self.precision:.5f}）；"
            f"复核{self.review}行；本在名册的{self.known}人中找到{self.found}人（{self.recall:.4f}）"
        )


def measure(matches: Matches, truth: pl.DataFrame) -> Measured:
    """Against a table of row and person_id, where a person held twice has a line for each record, either being right.

    Rows that stand in no line of the truth are strangers: an automatic match of one is wrong.
    """
    right = truth.select("row", "person_id").with_columns(pl.lit(value=True).alias("right"))
    judged = matches.pairs.join(right, on=("row", "person_id"), how="left").with_columns(
        pl.col("right").fill_null(value=False)
    )
    automatic = judged.filter(pl.col("band") == AUTOMATIC)
    return Measured(
        rows=matches.rows,
        known=truth["row"].n_unique(),
        automatic=automatic.height,
        wrong=automatic.filter(~pl.col("right")).height,
        review=matches.count(REVIEW),
        found=judged.filter(pl.col("right") & (pl.col("band") != NONE))["row"].n_unique(),
    )


@dataclass(frozen=True, slots=True)
class MeasuredDuplicates:
    """Counts of pairs: shown, truly one person, and truly one person and shown."""

    shown: int
    true: int
    found: int

    @property
    def precision(self) -> float:
        """The share of the shown pairs that are one person."""
        return self.found / self.shown if self.shown else 1.0

    @property
    def recall(self) -> float:
        """The share of the true pairs that are shown."""
        return self.found / self.true if self.true else 1.0

    def sentence(self) -> str:
        """One line for a bench report."""
        shown = f"疑似重复{self.shown}对，其中是{self.found}对（{self.precision:.3f}）"
        return f"{shown}；真有{self.true}对，找到{self.recall:.3f}"


def measure_duplicates(duplicates: pl.DataFrame, truth: pl.DataFrame, least: float = 0.5) -> MeasuredDuplicates:
    """Against a table of left and right, in either order; `least` is the probability from which a pair is shown."""
    shown = _unordered(duplicates.filter(pl.col("probability") >= least))
    true = _unordered(truth)
    return MeasuredDuplicates(shown.height, true.height, true.join(shown, on=("one", "other"), how="semi").height)


def _unordered(pairs: pl.DataFrame) -> pl.DataFrame:
    ends = (pl.col("left").cast(pl.String), pl.col("right").cast(pl.String))
    return pairs.select(pl.min_horizontal(ends).alias("one"), pl.max_horizontal(ends).alias("other")).unique()
