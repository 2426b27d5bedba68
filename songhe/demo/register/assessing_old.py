"""Results of the scale before the national one: years old, on paper, taken over by the districts as history.

They go in by the operation that takes whatever another system tells, so that each is read as the scale reads it. No
grade of the register comes of them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl

from songhe.assessment.api import ToldResult, take_results
from songhe.demo.chance import Chance
from songhe.demo.register.assessing_bodies import written
from songhe.demo.register.city import Piece
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped

SCALE = "mzt039-2013"
_DOMAINS = ("daily", "mental", "perception", "social")
_AT_ONCE = 5_000
SHAPE = {"id": pl.String, "region_code": pl.String, "assessed_date": pl.Date, "purpose": pl.String,
         "domains": pl.String, "disorder": pl.Boolean, "assessors": pl.String}  # fmt: skip


def old_results(piece: Piece, names: pl.Series, sequence: np.random.SeedSequence) -> pl.DataFrame:
    """Who of a piece was assessed by the old scale: one row a result. `names` are of those who assessed then."""
    plan, chance = written()["old"], Chance(sequence, piece.people.height)
    grade = piece.people.select("id").join(
        piece.truth.select("id", so=pl.col("ability_grade").cast(pl.Int64)), on="id", how="left", maintain_order="left"
    )["so"].fill_null(-1).to_numpy()  # fmt: skip
    shares = np.array([*(plan["share"][level] for level in range(5)), 0.0])  # the last is of those without a grade
    chosen = chance.happens(shares[grade]) & (piece.people["age"].to_numpy() >= plan["least_age"])
    chosen &= (piece.people["standing"] == "present").to_numpy() & _in_district(piece.people, plan)
    first = _drawn(piece.people, grade, chance, plan, names, piece.tellings)
    again = chance.happens(plan["twice"]) & chosen
    before = pl.col("assessed_date") - pl.duration(
        days=pl.lit(pl.Series((365 + chance.uniform() * 500).astype(np.int64)))
    )
    second = first.with_columns(assessed_date=before.cast(pl.Date)).filter(pl.Series(again))
    whole = pl.concat([first.filter(pl.Series(chosen)), second])
    return whole.filter(pl.col("assessed_date") >= plan["years"]["from"]).select(list(SHAPE))


def take_over(rows: pl.DataFrame, day: date, now: datetime) -> pl.DataFrame:
    """The districts' desks take them over, weeks before the city opens; gives the rows as they were told."""
    plan = written()["old"]
    at = now - timedelta(days=plan["taken_over"])
    for district, body in plan["bodies"].items():
        actor = actor_of(Account.objects.get(login=f"officer-{district}"), day)
        assert actor is not None  # noqa: S101
        here = rows.filter(pl.col("region_code").str.starts_with(district))
        for part in here.iter_slices(_AT_ONCE):
            told = [_told(row, body) for row in part.iter_rows(named=True)]
            with scoped(actor, "demo build"):
                problems, _ = take_results(actor=actor, today=at.date(), now=at, told=told)
            assert not any(words for _, words in problems)  # noqa: S101
    return rows.select("id", "assessed_date", "domains", "disorder")


def _told(row: dict[str, Any], body: str) -> ToldResult:
    grades = {code: int(sign) for code, sign in zip(_DOMAINS, row["domains"], strict=True)}
    return ToldResult(
        UUID(row["id"]), SCALE, row["purpose"], row["assessed_date"], body, row["assessors"].split("、"), grades=grades,
        disorder=row["disorder"],
    )  # fmt: skip


def _in_district(people: pl.DataFrame, plan: dict[str, Any]) -> Any:
    return people["region_code"].str.slice(0, 6).is_in(list(plan["bodies"])).to_numpy()


def _drawn(
    people: pl.DataFrame, grade: Any, chance: Chance, plan: dict[str, Any], names: pl.Series, tellings: pl.DataFrame
) -> pl.DataFrame:
    """A row for everybody, as if everybody had been assessed."""
    milder = chance.pick(np.array(plan["milder"]))
    disorder = people["id"].is_in(
        tellings.filter((pl.col("fact") == "dementia") & (pl.col("value") == "true"))["person_id"].unique().implode()
    ).to_numpy() & chance.happens(0.3)  # fmt: skip
    level = np.clip(grade - milder, 0, 3) - disorder
    level = np.where(chance.happens(plan["unclear"]), len(plan["domains"]) - 1, np.maximum(level, 0))
    widest = max(map(len, plan["domains"]))
    table = pl.Series([row[place % len(row)] for row in plan["domains"] for place in range(widest)])
    which = level * widest + (chance.uniform() * widest).astype(np.int64)
    since, until = plan["years"]["from"], plan["years"]["until"]
    days = (chance.uniform() * (until - since).days).astype(np.int64)
    one = (chance.uniform() * len(names)).astype(np.int64)
    other = (one + 1 + (chance.uniform() * (len(names) - 1)).astype(np.int64)) % len(names)
    purposes = list(plan["purposes"])
    purpose = chance.pick(np.array(list(plan["purposes"].values())))
    return people.select(
        "id", "region_code",
        assessed_date=(pl.lit(since) + pl.duration(days=pl.lit(pl.Series(days)))).cast(pl.Date),
        purpose=pl.Series(purposes).gather(pl.Series(purpose.astype(np.uint32))),
        domains=table.gather(pl.Series(which.astype(np.uint32))), disorder=pl.Series(disorder),
        assessors=names.gather(pl.Series(one.astype(np.uint32))) + "、"
        + names.gather(pl.Series(other.astype(np.uint32))),
    )  # fmt: skip
