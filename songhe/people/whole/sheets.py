"""The sheets of a whole register made from frames: what `sheets.make_sheets` makes, in a tenth of the time.

After bulk loading `make_sheets` finds nothing to change; a test says so.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from songhe.kernel.days import month_day_in
from songhe.people.sheets import COLUMNS
from songhe.people.trust import TOLD_FACTS, trust

_SINGLE = ["person_id", "fact"]


def sheet_frame(people: pl.DataFrame, tellings: pl.DataFrame, today: date) -> pl.DataFrame:
    """One row a person, columns as `songhe.people.sheets.COLUMNS`, values as texts.

    `people` and `tellings` as for `BulkLoader`. A telling here has no end.
    """
    told = _judged(tellings, today)
    several = told.select(_SINGLE).is_duplicated()
    fresh = pl.concat([told.filter(~several).filter("usable"), _most_trusted(told.filter(several))])
    frame = people.select(
        pl.col("id").alias("person_id"),
        "region_code", "birth_date", "death_date",
        pl.col("sex").replace("", None),
        pl.col("registered_region").replace("", None),
        pl.col("living_region").replace("", None).alias("residence_region"),
        "standing",
    )  # fmt: skip
    for fact, rows in fresh.select("person_id", "fact", "value").partition_by("fact", as_dict=True).items():
        values = rows.select("person_id", pl.col("value").alias(str(fact[0])))
        frame = frame.join(values, on="person_id", how="left", maintain_order="left")
    missing = [pl.lit(None, pl.String).alias(fact) for fact in TOLD_FACTS if fact not in frame.columns]
    closing = told.group_by("person_id").agg(pl.col("changes").min().alias("fresh_until"))
    frame = frame.with_columns(missing).join(closing, on="person_id", how="left", maintain_order="left")
    for name, listed in (("conflicts", _conflicts(told.filter(several))), ("stale", _stale(told, several))):
        frame = frame.join(_as_json(listed, name), on="person_id", how="left", maintain_order="left")
        frame = frame.with_columns(pl.col(name).fill_null("[]"))
    return frame.select(COLUMNS)


def _judged(tellings: pl.DataFrame, today: date) -> pl.DataFrame:
    """Each telling with its rank, whether it can be used today, and the day on which that changes."""
    ways = pl.DataFrame(
        [(way.fact, way.source, way.rank, way.months) for by in trust().values() for way in by.values()],
        schema={"fact": pl.String, "source": pl.String, "rank": pl.Int64, "months": pl.Int64},
        orient="row",
    )
    told = tellings.select("person_id", "fact", "value", "source", "from_date", "as_of").join(
        ways, on=["fact", "source"], how="inner"
    )
    limits = told.select("as_of", "months").drop_nulls().unique()
    old_from = [month_day_in(months, day) for day, months in limits.rows()]
    told = told.join(
        limits.with_columns(old_from=pl.Series(old_from, dtype=pl.Date)), on=["as_of", "months"], how="left"
    )
    begun = pl.col("from_date").is_null() | (pl.col("from_date") <= today)
    young = pl.col("old_from").is_null() | (pl.col("old_from") > today)
    return told.select(
        "person_id", "fact", "value", "source", "as_of", "rank",
        begun.alias("holds"),
        (begun & young).alias("usable"),
        pl.min_horizontal(pl.when(~begun).then("from_date"), pl.when(young).then("old_from")).alias("changes"),
    )  # fmt: skip


def _most_trusted(told: pl.DataFrame) -> pl.DataFrame:
    order = told.filter("usable").sort("rank", "as_of", "source", descending=[False, True, False])
    return order.unique(_SINGLE, keep="first", maintain_order=True)


def _conflicts(told: pl.DataFrame) -> pl.DataFrame:
    values = told.filter("usable").group_by(_SINGLE).agg(pl.col("value").n_unique().alias("number"))
    return values.filter(pl.col("number") > 1)


def _stale(told: pl.DataFrame, several: pl.Series) -> pl.DataFrame:
    single = told.filter(~several).filter(pl.col("holds") & ~pl.col("usable")).select(_SINGLE)
    groups = told.filter(several).group_by(_SINGLE).agg(pl.col("holds").any(), pl.col("usable").any())
    return pl.concat([single, groups.filter(pl.col("holds") & ~pl.col("usable")).select(_SINGLE)])


def _as_json(facts: pl.DataFrame, name: str) -> pl.DataFrame:
    """The facts of each person as a JSON array."""
    listed = facts.sort("fact").group_by("person_id", maintain_order=True).agg(pl.col("fact").str.join('", "'))
    return listed.select("person_id", pl.concat_str(pl.lit('["'), "fact", pl.lit('"]')).alias(name))
