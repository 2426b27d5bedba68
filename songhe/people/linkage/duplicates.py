"""One person who stands twice in the register itself. Nothing here is automatic: merging is decided by a person."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.people.linkage.blocking import candidate_twins
from songhe.people.linkage.evidence import evidence_columns
from songhe.people.linkage.levels import Birth, Name, Place
from songhe.people.linkage.records import Records
from songhe.people.linkage.scoring import Scored, score, twin_probabilities
from songhe.people.linkage.settings import LinkSettings

Bools = npt.NDArray[np.bool_]

_OTHER_PEOPLES_NAMES = (Name.ONE_DIFFERS, Name.SURNAME_SAME, Name.DIFFERS, Name.GIVEN_SAME)


def find_duplicates(register: pl.DataFrame, *, settings: LinkSettings | None = None) -> pl.DataFrame:
    """Pairs of records that may be one person, likeliest first: left, right, probability, then the evidence.

    Columns of the register are those of `records.REGISTER_COLUMNS`; with `id_number` a mistyped number is evidence.
    `left` is the record that stands first in the table. Refused with BadInput like `match_rows`.
    """
    chosen = settings or LinkSettings()
    records = Records.read(register)
    left, right = candidate_twins(records, chosen.most_in_block)
    scored, probabilities = score(records, left, right, twin_probabilities, chosen.seed)
    worth = np.flatnonzero((probabilities >= chosen.review_floor) & ~_two_of_a_family(scored, records))
    scored = scored.where(worth)
    keys = register["person_id"]
    pairs = pl.DataFrame(
        {
            "left": keys.gather(scored.left),
            "right": keys.gather(scored.right),
            "probability": probabilities[worth],
        }
    )
    return pairs.hstack(evidence_columns(scored)).sort("probability", "left", descending=[True, False])


def _two_of_a_family(scored: Scored, records: Records) -> Bools:
    """Members of one household whose names are other names: husband and wife, brothers, twins."""
    home = records.household[scored.left] == records.household[scored.right]
    home &= records.household[scored.left] > 0
    home |= (scored.levels["place"] == Place.SAME_ADDRESS) & (scored.levels["birth"] > Birth.SAME)
    return np.asarray(home & np.isin(scored.levels["name"], _OTHER_PEOPLES_NAMES))
