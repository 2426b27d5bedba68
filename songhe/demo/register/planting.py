"""Plants what the register has wrong, and keeps apart what is so: duplicates, deaths, conflicts, what is too old.

How much of it stands in the city's shape (`plant`) and in `telling.yaml`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from songhe.demo.chance import Chance, Floats
from songhe.demo.register.city import Piece
from songhe.demo.register.numbers import uuids
from songhe.demo.register.slips import chosen, numbered_anew, other_birth, other_name
from songhe.demo.register.telling import dated, value_texts, written
from songhe.demo.shape import read_shape

_CITY_SIZE = 215_000
_COPY_KINDS = {"no_number": 0.65, "wrong_number": 0.20, "wrong_birth": 0.15}
_COPY_SOURCES = ("health", "community")
_ENTITLING = (
    "assistance", "destitute_support", "disability_level", "cannot_self_care", "dementia", "family_planning_special",
    "entitled_kind", "pension_due",
)  # fmt: skip
_NAME_DIFFERS, _ELSEWHERE, _SAME_PHONE = 0.40, 0.25, 0.55


def planted(piece: Piece, city: str, seed: int, number: int, day: date) -> Piece:
    """The piece with everything planted, told in its notes."""
    sequence = np.random.SeedSequence([seed, number, 7_306])
    chance = Chance(sequence, piece.people.height)
    piece = _unheard(piece, chance).with_notes(never_applied=_never_applied(piece))
    piece = _wrong_deaths(piece, chance, day)
    piece = _too_old(piece, chance, day)
    piece = _conflicts(piece, chance, day)
    return _copies(piece, sequence.spawn(1)[0], city, day)


def _share(city: str, name: str) -> float:
    return read_shape(city).number("plant", name) / _CITY_SIZE


def _some(chance: Chance, among: pl.Series, wanted: float) -> pl.Series:
    """Positions of about `wanted` of those among; at least one when there is any."""
    at = np.flatnonzero(among.to_numpy())
    order = at[np.argsort(chance.uniform()[at], kind="stable")]
    count = min(len(order), max(round(wanted), 1))
    return pl.Series(np.sort(order[:count]).astype(np.uint32))


def _unheard(piece: Piece, chance: Chance) -> Piece:
    """Deaths and moves that the register does not know of, as they come from the drawing."""
    shown = piece.people.select("id", "standing", "region_code")
    both = piece.truth.select("id", true_death="death_date", true_residence="residence_region").join(shown, on="id")
    both = both.with_columns(cremated=pl.Series(chance.happens(0.62)))
    here = piece.people["region_code"][0][:4] if piece.people.height else ""
    stands = pl.col("standing") == "present"
    deaths = both.filter(stands & pl.col("true_death").is_not_null())
    moves = both.filter(stands & ~pl.col("true_residence").str.starts_with(here))
    return piece.with_notes(
        unheard_deaths=deaths.select("id", "true_death", "cremated"), unheard_moves=moves.select("id", "true_residence")
    )


def _never_applied(piece: Piece) -> pl.DataFrame:
    """What would entitle somebody living, and no office knows of it: one row a person and fact."""
    table = piece.table.with_columns(id=piece.truth["id"])
    living = piece.truth.filter(pl.col("death_date").is_null())
    found = []
    for fact in _ENTITLING:
        nothing = ["none", "0", "false"]
        rows = living.select("id", true=value_texts(living[fact])).filter(~pl.col("true").is_in(nothing))
        known = table.select("id", told=value_texts(table[fact]))
        missed = rows.join(known, on="id", maintain_order="left").filter(pl.col("told").is_null())
        found.append(missed.select("id", pl.lit(fact).alias("fact"), "true"))
    return pl.concat(found)


def _wrong_deaths(piece: Piece, chance: Chance, day: date) -> Piece:
    """Living people whom the register holds for dead: another one of the same name was meant."""
    people = piece.people
    alive = (people["standing"] == "present") & (people["age"] >= 70) & piece.truth["death_date"].is_null()
    at = _some(chance, alive, people.height * written()["wrong_deaths"])
    back = pl.Series((chance.uniform() * 90).astype(np.int64) + 20)
    frame = people.with_columns(
        hit=pl.int_range(pl.len(), dtype=pl.UInt32).is_in(at.implode()), on=pl.lit(day) - pl.duration(days=pl.lit(back))
    )
    hit = pl.col("hit")
    frame = frame.with_columns(
        standing=pl.when(hit).then(pl.lit("dead")).otherwise("standing"),
        death_date=pl.when(hit).then("on").otherwise("death_date"),
    )
    wrong = frame.filter(hit)
    events = wrong.select(
        "region_code", pl.col("id").alias("person_id"), pl.lit("died").alias("kind"), pl.col("on").alias("on_date"),
        (pl.col("on") + timedelta(days=6)).cast(pl.Datetime("us")).alias("recorded_at"),
        pl.lit("funeral").alias("source"), pl.lit("{}").alias("detail"),
        uuids(Chance(np.random.SeedSequence([int(chance.uniform()[0] * 2**32)]), wrong.height)).alias("id"),
    )  # fmt: skip
    events = pl.concat([piece.events, events.select(piece.events.columns)])
    noted = wrong.select("id", pl.col("on").alias("registered_death"))
    return replace(piece, people=frame.drop("hit", "on"), events=events).with_notes(wrong_deaths=noted)


def _too_old(piece: Piece, chance: Chance, day: date) -> Piece:
    """Some facts were last told so long ago that they no longer count."""
    tellings = piece.tellings.with_row_index("row")
    pieces = []
    for fact, (share, low, high) in written()["too_old"].items():
        rows = tellings.filter(pl.col("fact") == fact)
        found = rows.filter(pl.Series(chance.uniform())[rows["at"]] < share)
        spread = pl.Series(chance.uniform())[found["at"]]
        pieces.append(found.with_columns(back=(low + spread * (high - low)).cast(pl.Int64), late=pl.lit(0)))
    old = dated(pl.concat(pieces).drop("as_of", "known_from"), day)
    kept = tellings.filter(~pl.col("row").is_in(old["row"].implode()))
    whole = pl.concat([kept, old.select(kept.columns)]).sort("row").drop("row")
    noted = old.select(pl.col("person_id").alias("id"), "fact", "value", "source", "as_of")
    return replace(piece, tellings=whole).with_notes(too_old=noted)


def _conflicts(piece: Piece, chance: Chance, day: date) -> Piece:
    """A second source says otherwise; in a part of the cases the one that is believed is wrong."""
    avoided = piece.notes["too_old"].select("id", "fact")
    tellings = piece.tellings.with_row_index("row")
    found = []
    for fact, way in written()["conflicts"].items():
        exchange = {str(one): str(other) for one, other in way["values"].items()}
        rows = tellings.filter((pl.col("fact") == fact) & pl.col("value").is_in(list(exchange)))
        rows = rows.join(avoided, left_on=["person_id", "fact"], right_on=["id", "fact"], how="anti")
        rows = rows.filter(pl.Series(chance.uniform())[rows["at"]] < way["share"])
        turned = pl.Series(chance.happens(written()["believed_is_wrong"]))[rows["at"]]
        other = pl.col("value").replace(exchange)
        back = pl.Series((chance.uniform() * 35).astype(np.int64) + 4)[rows["at"]]
        found.append(
            rows.with_columns(turned=turned, other=other, said_by=pl.lit(way["by"]), back=back, late=pl.lit(0))
        )
    rows = pl.concat(found)
    right = rows.select(
        pl.col("person_id").alias("id"), "fact", right="value", wrong="other", believed_is_wrong="turned"
    )
    second = dated(rows.drop("as_of", "known_from"), day).with_columns(
        value=pl.when("turned").then("value").otherwise("other"), source="said_by", from_date=pl.lit(None, pl.Date)
    )
    changed = rows.filter("turned").select("row", new="other")
    first = tellings.join(changed, on="row", how="left", maintain_order="left").with_columns(
        value=pl.coalesce("new", "value")
    )
    columns = piece.tellings.columns
    whole = pl.concat([first.select(columns), second.select(columns)])
    return replace(piece, tellings=whole).with_notes(conflicts=right)


def _copies(piece: Piece, seed: np.random.SeedSequence, city: str, day: date) -> Piece:
    """A second file for some persons, as another office would have made it."""
    people = piece.people
    chance = Chance(seed, people.height)
    may = (people["standing"] == "present") & people["identity"].is_not_null()
    at = _some(chance, may, people.height * _share(city, "same_person_twice"))
    draws = np.stack([chance.uniform() for _ in range(9)], axis=1)[at.to_numpy()]
    originals, others = people[at], people[pl.Series(chance.pick(np.ones(people.height)).astype(np.uint32))[at]]
    ids = uuids(Chance(seed.spawn(1)[0], max(originals.height, 1))).head(originals.height)
    copies, noted = _copied(originals, others, ids, draws, set(people["identity"].drop_nulls()))
    mapping = noted.select("original", "copy")
    told = piece.tellings.join(mapping, left_on="person_id", right_on="original", how="inner", maintain_order="left")
    told = told.filter(pl.col("source").is_in(_COPY_SOURCES)).with_columns(person_id="copy").drop("copy")
    events = piece.events.filter(pl.col("kind") == "registered").join(mapping, left_on="person_id", right_on="original")
    fresh = uuids(Chance(seed.spawn(1)[0], max(events.height, 1))).head(events.height)
    events = events.join(copies.select("id", region="region_code"), left_on="copy", right_on="id").with_columns(
        id=fresh, person_id="copy", source=pl.lit("health"), region_code="region"
    )
    return replace(
        piece,
        people=pl.concat([people, copies.select(people.columns)]),
        tellings=pl.concat([piece.tellings, told.select(piece.tellings.columns)]),
        events=pl.concat([piece.events, events.select(piece.events.columns)]),
    ).with_notes(duplicates=noted)


def _copied(
    originals: pl.DataFrame, others: pl.DataFrame, ids: pl.Series, draws: Floats, taken: set[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The second files and what is different in each."""
    rows, notes = [], []
    names = read_shape("420700").table("slips", "name")
    for one, other, fresh, at in zip(originals.to_dicts(), others.to_dicts(), ids, draws, strict=True):
        kind = chosen(_COPY_KINDS, at[0])
        copy = one | {"id": fresh, "key": f"D{one['key'][1:]}", "household": None, "household_relation": ""}
        if kind == "wrong_birth":
            copy["birth_date"] = other_birth(one["birth_date"], at[1:3])
        number = None if kind == "no_number" else numbered_anew(one["identity"], copy["birth_date"], at[3])
        copy["identity"] = None if number in taken else number
        taken.add(number or "")
        differs = bool(at[4] < _NAME_DIFFERS)
        if differs:
            copy["name"] = other_name(one["name"], one["sex"], chosen(names, at[5]), at[6])
        if at[7] < _ELSEWHERE:
            copy |= {name: other[name] for name in ("region_code", "living_region", "address")}
        if at[8] >= _SAME_PHONE:
            copy["phone"] = None
        rows.append(copy)
        notes.append((one["id"], fresh, kind, differs, one["region_code"] == copy["region_code"]))
    shape = ["original", "copy", "kind", "name_differs", "same_community"]
    return pl.DataFrame(rows, schema=originals.schema), pl.DataFrame(notes, schema=shape, orient="row")
