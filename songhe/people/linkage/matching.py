"""A file's rows against the register."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from songhe.people.linkage.blocking import candidate_rows
from songhe.people.linkage.deciding import AUTOMATIC, NONE, REVIEW, bands, ranks
from songhe.people.linkage.evidence import evidence_columns
from songhe.people.linkage.records import Records
from songhe.people.linkage.scoring import row_probabilities, score
from songhe.people.linkage.settings import LinkSettings

_LEAST = 0.0001


@dataclass(frozen=True, slots=True)
class Matches:
    """Candidate pairs: row, person_id, probability, band, rank, weight, a level and its bits for each field."""

    pairs: pl.DataFrame
    rows: int

    def count(self, band: str) -> int:
        """How many rows stand in the band: by their best pair, and `none` for those that have no pair shown at all."""
        if band == NONE:
            return self.rows - self.pairs.filter(pl.col("band") != NONE)["row"].n_unique()
        automatic = self.pairs.filter(pl.col("band") == AUTOMATIC)["row"]
        if band == AUTOMATIC:
            return len(automatic)
        return self.pairs.filter((pl.col("band") == REVIEW) & ~pl.col("row").is_in(automatic.implode()))[
            "row"
        ].n_unique()


def match_rows(register: pl.DataFrame, rows: pl.DataFrame, *, settings: LinkSettings | None = None) -> Matches:
    """Who in the register each row may be. Columns are those of `records.REGISTER_COLUMNS` and `ROW_COLUMNS`.

    A row has at most one automatic pair, and a person at most one. Pairs less likely than one in ten thousand are left
    out. Refused with BadInput when a needed column is missing or a key stands twice.
    """
    chosen = settings or LinkSettings()
    records = Records.read(register, rows)
    left, right = candidate_rows(records, chosen.most_in_block)
    scored, probabilities = score(records, left, right, row_probabilities, chosen.seed)
    likely = np.flatnonzero(probabilities >= _LEAST)
    scored, probabilities = scored.where(likely), probabilities[likely]
    ranked = ranks(scored.right, probabilities)
    found = bands(scored, probabilities, ranked, records, chosen)
    keys = {
        "row": rows["row"].gather(scored.right - records.registered),
        "person_id": register["person_id"].gather(scored.left),
    }
    pairs = pl.DataFrame(
        {**keys, "probability": probabilities, "band": pl.Series(found, dtype=pl.String), "rank": ranked}
    )
    return Matches(pairs.hstack(evidence_columns(scored)).sort("row", "rank"), rows.height)
