"""The rows of invented assessments as the tables hold them: the case, its form, who was sent, the result."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from songhe.assessment.api import Scale, figure
from songhe.demo.chance import Chance
from songhe.demo.register.assessing_answers import answers_json, part_points, points_by_item
from songhe.demo.register.assessing_bodies import Bodies, written
from songhe.demo.register.numbers import uuids
from songhe.kernel.days import month_day_in

_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE = 12
_LONG = ("care_subsidy", "own_wish", "hardship")
_YEAR, _LONG_YEARS = 364, 729
_ASKED = {"care_subsidy": "community", "institution": "institution", "home_care": "proxy", "own_wish": "self",
          "hardship": "campaign"}  # fmt: skip
_INFORMANTS = ("本人", "配偶", "子女", "村或居委会")


@dataclass(frozen=True, slots=True)
class Rows:
    """Frames with the columns of the tables."""

    assessments: pl.DataFrame
    forms: pl.DataFrame
    assignments: pl.DataFrame
    results: pl.DataFrame


def rows_of(scale: Scale, visits: pl.DataFrame, bodies: Bodies, day: date, sequence: np.random.SeedSequence) -> Rows:
    """The rows of drawn visits, in their order."""
    chance = Chance(sequence, visits.height)
    drawn = [pl.Series(f"d{number}", chance.uniform()) for number in range(6)]
    frame = visits.with_columns(
        drawn + [uuids(chance).alias(name) for name in ("assessment_id", "form_id", "result_id")]
    ).with_columns(code=_codes(sequence.spawn(1)[0], visits.height), purpose=_purposes(visits, chance))
    frame = _who(_when(frame, day), bodies)
    points = points_by_item(scale, frame["total"].to_numpy(), frame["demented"].to_numpy(), sequence.spawn(1)[0])
    parts = part_points(scale, points)
    named: list[pl.Expr] = []
    for place, part in enumerate(scale.parts):
        points_told = pl.lit(pl.Series(parts[:, place]).cast(pl.String))
        named += [pl.lit(f'{"," if place else "{"}"{part.code}":'), points_told]
    frame = frame.with_columns(answers=answers_json(scale, points, chance.uniform()))
    frame = frame.with_columns(parts=pl.concat_str([*named, pl.lit("}")]), reasons=_reasons(scale), basics=_basics())
    before = frame.with_row_index("row").select(pl.col("row").cast(pl.Int64).alias("of"), first_of="assessment_id",
                                                replaced="result_id")  # fmt: skip
    frame = frame.join(before, on="of", how="left", maintain_order="left")
    return Rows(_assessments(frame, scale), _forms(frame), _assignments(frame), _results(frame, scale, day))


def _purposes(visits: pl.DataFrame, chance: Chance) -> pl.Series:
    """What for; a standing result older than a year was for what holds two, an expired one for what holds one."""
    shares = written()["purposes"]
    names = list(shares)
    long = np.array([name in _LONG for name in names])
    weights = np.array(list(shares.values()))
    days, kind = visits["days"].to_numpy(), visits["kind"]
    old = (days >= _YEAR - 30) & kind.is_in(["standing", "second"]).to_numpy()
    short = (days <= _LONG_YEARS) & (kind == "expired").to_numpy()
    group = np.where(old, 1, np.where(short, 2, 0))
    chosen = chance.pick(np.stack([weights, weights * long, weights * ~long]), group)
    return pl.Series(names).gather(pl.Series(chosen.astype(np.uint32)))


def _when(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """The days of a case: asked for, sent, visited, handed in, confirmed; how long the result holds."""
    on = (pl.lit(day) - pl.duration(days=pl.col("days"))).cast(pl.Date)
    frame = frame.with_columns(on=on).with_columns(
        asked_at=_at(pl.col("on") - pl.duration(days=4 + (pl.col("d0") * 14).cast(pl.Int64)), 9, pl.col("d1")),
        visit_at=_at(pl.col("on"), 9, (pl.col("d2") * 12).floor() / 12),
        confirmed_at=_at(pl.col("on") + pl.duration(days=1 + (pl.col("d3") * 5).cast(pl.Int64)), 13, pl.col("d4")),
    ).with_columns(
        sent_at=pl.col("asked_at") + timedelta(days=2), submitted_at=pl.col("visit_at") + timedelta(minutes=75)
    )  # fmt: skip
    lasts = frame.select("purpose", "on").unique()
    until, public, objection = [], [], []
    for purpose, begun in lasts.rows():
        until.append(month_day_in(figure(f"validity.{purpose}", region="", day=begun), begun))
        public.append(figure(f"public.{purpose}", region="", day=begun))
        objection.append(figure("objection", region="", day=begun))
    lasts = lasts.with_columns(valid_until=pl.Series(until), public=pl.Series(public), objection=pl.Series(objection))
    frame = frame.join(lasts, on=["purpose", "on"], how="left", maintain_order="left")
    confirmed = pl.col("confirmed_at").cast(pl.Date)
    return frame.with_columns(
        public_until=pl.when(pl.col("public") > 0).then(confirmed + pl.duration(days="public")),
        objection_until=confirmed + pl.duration(days="objection"),
    )


def _at(day: pl.Expr, hour: int, within: pl.Expr) -> pl.Expr:
    """A time within the four hours after an hour of the day."""
    return day.cast(pl.Datetime("us")) + pl.duration(hours=hour, minutes=(within * 230).cast(pl.Int64))


def _who(frame: pl.DataFrame, bodies: Bodies) -> pl.DataFrame:
    staff = bodies.assessors
    ids, names = pl.Series([str(one.id) for one in staff]), pl.Series([one.name for one in staff])
    at = pl.Series([one.body for one in staff])
    first, second = frame["first"].cast(pl.UInt32), frame["second"].cast(pl.UInt32)
    body = at.gather(first).cast(pl.UInt32)
    return frame.with_columns(
        one=ids.gather(first), two=ids.gather(second), one_name=names.gather(first), two_name=names.gather(second),
        organisation_id=pl.Series([str(one.id) for one in bodies.bodies]).gather(body),
        organisation_name=pl.Series([one.name for one in bodies.bodies]).gather(body),
    )  # fmt: skip


def _codes(sequence: np.random.SeedSequence, count: int) -> pl.Series:
    signs = np.array(list(_SIGNS))
    generator = np.random.Generator(np.random.PCG64(sequence))
    drawn = signs[(generator.random((count, _CODE)) * len(signs)).astype(np.int64)]
    return pl.Series(np.ascontiguousarray(drawn).view(f"U{_CODE}").ravel(), dtype=pl.String)


def _reasons(scale: Scale) -> pl.Expr:
    """What changed the level, in the order of the scale."""
    held = {"disorder": pl.col("disorder"), "risk_events": pl.col("falls")}
    one = {
        change.key: json.dumps({"key": change.key, "says": change.says, "level": change.level}, ensure_ascii=False)
        for change in scale.changes if change.key in held
    }  # fmt: skip
    both = pl.lit(f"[{', '.join(one.values())}]")
    return (
        pl.when(held["disorder"] & held["risk_events"]).then(both)
        .when(held["disorder"]).then(pl.lit(f"[{one['disorder']}]"))
        .when(held["risk_events"]).then(pl.lit(f"[{one['risk_events']}]"))
        .otherwise(pl.lit("[]"))
    )  # fmt: skip


def _basics() -> pl.Expr:
    """Form A as far as it is needed."""
    informant = pl.lit(_INFORMANTS[-1])
    for number, name in enumerate(_INFORMANTS[:-1]):
        informant = pl.when((pl.col("d5") * len(_INFORMANTS)).floor() == number).then(pl.lit(name)).otherwise(informant)
    seen = pl.concat_str(
        pl.lit('{"dementia": {"icd": "F03", "hospital": "市中心医院", "date": "'),
        (pl.col("on") - pl.duration(days=120)).cast(pl.String), pl.lit('"}}'),
    )  # fmt: skip
    return pl.concat_str(
        pl.lit('{"informant": "'), informant, pl.lit('", "coma": "没有", "risk_events": '),
        pl.when("falls").then(pl.lit('{"跌倒": 2}')).otherwise(pl.lit("{}")), pl.lit(', "diagnoses": '),
        pl.when("disorder").then(seen).otherwise(pl.lit("{}")), pl.lit("}"),
    )  # fmt: skip


def _assessments(frame: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    second = pl.col("kind") == "second"
    return frame.select(
        "region_code", "person_id", "purpose", "asked_at", "organisation_id", "visit_at", id="assessment_id",
        scale=pl.lit(scale.key), reason=pl.when(pl.col("kind") == "expired").then(pl.lit("first"))
        .otherwise(pl.lit("routine")), asked_by=pl.when(second).then(pl.lit("review"))
        .otherwise(pl.col("purpose").replace_strict(_ASKED)), words=pl.lit(""), state=pl.lit("confirmed"),
        version=pl.lit(1), asker=pl.lit("社区工作人员"),
        due_date=(pl.col("sent_at") + timedelta(days=15)).cast(pl.Date),
        place=pl.lit("老人家里"), second_of_id=pl.when(second).then("first_of"), closed_at="confirmed_at",
        outcome_words=pl.lit(""),
    )  # fmt: skip


def _forms(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        "region_code", "assessment_id", "basics", "answers", "submitted_at", id="form_id", state=pl.lit("submitted"),
        version=pl.lit(27), notes=pl.lit("{}"), begun_at="visit_at", assessed_date="on",
    )  # fmt: skip


def _assignments(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(
        [frame.select("region_code", "assessment_id", "sent_at", assessor_id=who) for who in ("one", "two")]
    )


def _results(frame: pl.DataFrame, scale: Scale, day: date) -> pl.DataFrame:
    gone = pl.col("kind").is_in(["second", "earlier"])
    state = (
        pl.when(gone).then(pl.lit("replaced"))
        .when(pl.col("objection_until") >= day).then(pl.lit("provisional")).otherwise(pl.lit("final"))
    )  # fmt: skip
    return frame.select(
        "region_code", "person_id", "assessment_id", "form_id", "purpose", "parts", "total", "level", "reasons",
        "organisation_id", "organisation_name", "valid_until", "public_until", "objection_until", "confirmed_at",
        "code", id="result_id", scale=pl.lit(scale.key), source=pl.lit("own"), state=state,
        level_by_points="by_points", assessors=pl.concat_str(pl.lit("{"), "one", pl.lit(","), "two", pl.lit("}")),
        assessor_names=pl.concat_str(pl.lit("{"), "one_name", pl.lit(","), "two_name", pl.lit("}")),
        assessed_date="on", confirmer=pl.lit("区民政局"), replaced_by_id=pl.when(gone).then("replaced"),
    )  # fmt: skip
