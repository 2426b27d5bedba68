"""Which pairs need nobody's eye, which do, and which are not shown.

Automatic is only what is sure by the figures and by plain rules too: a model may be wrong about twins, about father and
son of one name, about two rows that claim one person. Whatever a rule holds back is reviewed, not lost.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.people.linkage.levels import Birth, Name, Number, Phone, Place, Sex
from songhe.people.linkage.names import surname
from songhe.people.linkage.records import Records
from songhe.people.linkage.scoring import Scored
from songhe.people.linkage.settings import LinkSettings

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

AUTOMATIC, REVIEW, NONE = "automatic", "review", "none"
_SURE_NAMES = (Name.SAME, Name.VARIANT)
_NEAR_BIRTHS = (Birth.SWAPPED, Birth.YEAR_OFF, Birth.DIGIT, Birth.LUNAR)
_NEAR_PLACES = (Place.SAME_ADDRESS, Place.LIKE_ADDRESS, Place.COMMUNITY)
_NUMBERS_THAT_AGREE = (Number.SAME, Number.DIGIT, Number.SWAPPED, Number.OLD_FORM, Number.LENGTH)


def ranks(rows: Ints, probabilities: Floats) -> Ints:
    """1 for the likeliest person of each row, and so on."""
    frame = pl.DataFrame({"row": rows, "probability": probabilities})
    ranked = pl.col("probability").rank("ordinal", descending=True).over("row").cast(pl.Int64)
    return frame.select(ranked).to_series().to_numpy()


def bands(scored: Scored, probabilities: Floats, ranked: Ints, records: Records, settings: LinkSettings) -> list[str]:
    """The band of each pair."""
    sure = (ranked == 1) & (probabilities >= settings.automatic_floor)
    sure &= _plainly_one(scored, records, settings)
    sure &= _supported(scored) | (probabilities >= settings.unsupported_floor)
    sure &= _alone(scored.right, probabilities, settings.runner_up_odds)
    sure &= _alone(scored.left, np.exp2(scored.weight), settings.runner_up_odds)
    sure &= ~_has_a_twin(scored, ranked, records)
    sure &= _expected_false_below(probabilities, sure, settings.false_share)
    shown = (ranked <= settings.candidates_shown) & (probabilities >= _review_floor(probabilities, settings))
    return [str(band) for band in np.where(sure, AUTOMATIC, np.where(shown, REVIEW, NONE))]


def _plainly_one(scored: Scored, records: Records, settings: LinkSettings) -> Bools:
    """The rules a person would state: name and birth agree, or one has a slip and home or telephone make up for it."""
    levels = scored.levels
    near = _supported(scored)
    name, birth = np.isin(levels["name"], _SURE_NAMES), levels["birth"] == Birth.SAME
    plain = (name & birth) | (near & name & np.isin(levels["birth"], _NEAR_BIRTHS))
    plain |= near & birth & (levels["name"] == Name.CONFUSED)
    plain &= levels["sex"] != Sex.DIFFERS
    return np.asarray(plain if settings.deceased_automatic else plain & ~records.deceased[scored.left])


def _supported(scored: Scored) -> Bools:
    """Whether something besides name and birth date agrees: the home or community, the telephone, the number."""
    levels = scored.levels
    numbers = np.isin(levels["number"], _NUMBERS_THAT_AGREE)
    return np.asarray(np.isin(levels["place"], _NEAR_PLACES) | (levels["phone"] == Phone.SAME) | numbers)


def _alone(group: Ints, likely: Floats, odds: float) -> Bools:
    """Whether every other pair of the same group is less likely by the given odds; of two alike, neither is."""
    frame = pl.DataFrame({"group": group, "likely": likely})
    best = pl.col("likely").max().over("group")
    second = pl.col("likely").top_k(2).min().over("group")
    alone = (pl.col("likely") == best) & ((pl.len().over("group") == 1) | (best > second * odds))
    return frame.select(alone).to_series().to_numpy()


def _has_a_twin(scored: Scored, ranked: Ints, records: Records) -> Bools:
    """Whether another candidate of the row has the surname, the birth date and the home of the best one."""
    frame = pl.DataFrame(
        {
            "row": scored.right,
            "first": ranked == 1,
            "surname": np.array([surname(form) for form in records.names.form], dtype=np.str_)[
                records.names.of[scored.left]
            ],
            "born": records.births.day_number[scored.left],
            "household": records.household[scored.left],
            "address": records.places.address[scored.left],
        }
    )
    best = frame.filter("first").drop("first")
    both = frame.with_row_index("at").filter(~pl.col("first")).join(best, on=("row", "surname", "born"))
    home = [(pl.col(name) == pl.col(f"{name}_right")) & (pl.col(name) > 0) for name in ("household", "address")]
    rows = both.filter(home[0] | home[1])["row"]
    return np.isin(scored.right, rows.to_numpy())


def _expected_false_below(probabilities: Floats, sure: Bools, share: float) -> Bools:
    """The largest top part of the sure pairs in which the expected share of wrong ones stays below `share`."""
    places = np.flatnonzero(sure)
    order = places[np.argsort(-probabilities[places], kind="stable")]
    expected = np.cumsum(1 - probabilities[order]) / np.arange(1, len(order) + 1)
    kept = np.zeros(len(sure), dtype=np.bool_)
    kept[order[expected <= share]] = True
    return kept


def _review_floor(probabilities: Floats, settings: LinkSettings) -> float:
    """The highest probability below which no more than the missed share of all true pairs is expected to lie."""
    rising = np.sort(probabilities)
    below = np.cumsum(rising)
    at = int(np.searchsorted(below, settings.missed_share * max(below[-1:].sum(), 1e-9)))
    found = float(rising[at]) if at < len(rising) else 1.0
    return min(max(found, settings.review_floor), 0.5)
