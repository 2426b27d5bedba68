"""One piece of the invented city as the register holds it: persons with everything that hangs on them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from songhe.demo.births import ages_on
from songhe.demo.chance import Chance
from songhe.demo.drawing import Drawing, draw
from songhe.demo.people import tables_of
from songhe.demo.register.families import NOBODY, Families, contacts, families, household_ids, relations
from songhe.demo.register.homes import addresses
from songhe.demo.register.naming import given_names, surnames, whole_names
from songhe.demo.register.numbers import identity_numbers, phones, uuids
from songhe.demo.register.telling import tellings
from songhe.rules.facts import KEY

_CODE = 12
_REGISTERED_BACK = (660, 1_000)  # the register began so many days before
_HAS_PHONE, _SHARED_PHONE = 0.82, 0.12
_MOVE_TOLD = 0.25


@dataclass(frozen=True)
class Piece:
    """Frames with one row a person, household, contact, telling, residence and life event.

    `people` has the columns of the register in clear text (number and phone too) and `key`, the id of the person table;
    `table` and `truth` are the person tables of the same people; `notes` tells what was planted, one frame a kind.
    """

    people: pl.DataFrame
    households: pl.DataFrame
    contacts: pl.DataFrame
    tellings: pl.DataFrame
    residences: pl.DataFrame
    events: pl.DataFrame
    table: pl.DataFrame
    truth: pl.DataFrame
    notes: dict[str, pl.DataFrame] = field(default_factory=dict)

    def with_notes(self, **notes: pl.DataFrame) -> Piece:
        """The same piece with more told of what was planted."""
        return replace(self, notes=self.notes | notes)


def draw_piece(city: str, count: int, seed: int, day: date, number: int = 0, first: int = 1, pieces: int = 1) -> Piece:
    """The people from number `first` on, before anything is planted.

    With one piece the facts are those of `make_people` with the same seed, else those of `stream_people`.
    """
    own = np.random.SeedSequence(seed) if pieces == 1 else np.random.SeedSequence(seed, spawn_key=(number,))
    drawing = draw(city, count, own, day)
    table, truth = tables_of(drawing, first)
    more = np.random.SeedSequence([seed, number, 7_305])
    chance = Chance(more, count)
    found = families(drawing, chance)
    people = _people(drawing, chance, table, found, number)
    people = people.with_columns(household=household_ids(found, more.spawn(1)[0]))
    people, truth = _told_moves(drawing, chance, people, truth)
    ids = people["id"]
    rung = _contacts(drawing, chance, people, found, day, more.spawn(1)[0])
    return Piece(
        people=people,
        households=_households(people, found),
        contacts=rung,
        tellings=tellings(table, ids, chance, day),
        residences=residences(people),
        events=life_events(people, more.spawn(1)[0]),
        table=table,
        truth=truth.with_columns(id=ids),
    )


def _people(d: Drawing, chance: Chance, table: pl.DataFrame, found: Families, number: int) -> pl.DataFrame:
    p = d.people
    village = np.where(p["town"], NOBODY, p["community"])
    born = (np.datetime64("1970-01-01", "D") + p["birth_date"]).astype("M8[Y]").astype(np.int64) + 1970
    surname = surnames(chance, ~p["woman"], village)
    name = whole_names(surname, given_names(chance, p["woman"], born, surname))
    identity = identity_numbers(p["birth_date"], p["woman"], p["district"], number)
    host = np.where(found.spouse != NOBODY, np.minimum(found.spouse, np.arange(chance.count)), np.arange(chance.count))
    lived = addresses(d.city, chance, p["community"]).gather(pl.Series(host.astype(np.uint32)))
    rung = phones(chance)
    shared = chance.happens(_SHARED_PHONE) & (found.spouse != NOBODY)
    rung = rung.gather(pl.Series(np.where(shared, host, np.arange(chance.count)).astype(np.uint32)))
    back = _REGISTERED_BACK[0] + (chance.uniform() * (_REGISTERED_BACK[1] - _REGISTERED_BACK[0])).astype(np.int64)
    frame = table.select(
        pl.col(KEY).alias("key"),
        "birth_date",
        "death_date",
        pl.col("sex").cast(pl.String).fill_null(""),
        _padded("registered_region").alias("registered_region"),
        _padded("residence_region").alias("living_region"),
    ).with_columns(
        id=uuids(chance),
        surname=surname,
        name=name,
        identity=identity,
        phone=pl.Series(rung).zip_with(pl.Series(chance.happens(_HAS_PHONE)), pl.Series([None], dtype=pl.String)),
        address=lived,
        household_relation=relations(p, found),
        true_birth=pl.Series(p["birth_date"].astype(np.int32)).cast(pl.Date),
        true_region=pl.Series(list(d.places.codes)).gather(pl.Series(p["community"].astype(np.uint32))),
        age=ages_on(p["birth_date"], d.on),
        registered_on=pl.lit(d.on) - pl.duration(days=pl.lit(pl.Series(back))),
    )
    return settled(frame, d.city)


def _padded(region: str) -> pl.Expr:
    return pl.col(region).fill_null("").str.pad_end(_CODE, "0").replace("0" * _CODE, "")


def settled(frame: pl.DataFrame, city: str) -> pl.DataFrame:
    """Where the file lies and where the person stands; who has no birth date or sex on file has no number either."""
    here = city[:4]
    living, registered = pl.col("living_region"), pl.col("registered_region")
    lies = pl.when(living.str.starts_with(here)).then(living).when(registered.str.starts_with(here)).then(registered)
    no_number = pl.col("birth_date").is_null() | (pl.col("sex") == "")
    return frame.with_columns(
        region_code=lies.otherwise(pl.lit(city.ljust(_CODE, "0"))),
        standing=pl.when(pl.col("death_date").is_null()).then(pl.lit("present")).otherwise(pl.lit("dead")),
        identity=pl.when(no_number).then(None).otherwise(pl.col("identity")),
        left_on=pl.lit(None, dtype=pl.Date),
    )


def _told_moves(
    d: Drawing, chance: Chance, people: pl.DataFrame, truth: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Some who moved to another city told the register: their file stands as moved away."""
    days = (chance.uniform() * 300).astype(np.int64) + 10
    told = pl.Series(d.people["moved"] & chance.happens(_MOVE_TOLD)) & (people["standing"] == "present")
    region = truth["residence_region"].str.pad_end(_CODE, "0")
    moved = people.with_columns(told=told, to=region, gone=pl.lit(d.on) - pl.duration(days=pl.lit(pl.Series(days))))
    gone = pl.col("told")
    columns = moved.with_columns(
        standing=pl.when(gone).then(pl.lit("away")).otherwise("standing"),
        living_region=pl.when(gone).then("to").otherwise("living_region"),
        left_on=pl.when(gone).then("gone").otherwise("left_on"),
    )
    return columns.drop("told", "to", "gone"), truth


def _households(people: pl.DataFrame, found: Families) -> pl.DataFrame:
    held = people.filter(pl.col("household").is_not_null())
    return (
        held.group_by("household", maintain_order=True)
        .agg(pl.first("region_code"), pl.first("address"))
        .select(pl.col("household").alias("id"), "region_code", "address")
    )


def _contacts(
    d: Drawing, chance: Chance, people: pl.DataFrame, found: Families, day: date, seed: np.random.SeedSequence
) -> pl.DataFrame:
    frame = contacts(d, chance, people, found)
    at = frame["at"].cast(pl.UInt32)
    return frame.select(
        uuids(Chance(seed, max(frame.height, 1))).head(frame.height).alias("id"),
        people["region_code"].gather(at),
        people["id"].gather(at).alias("person_id"),
        "part",
        "relation",
        "name",
        "phone",
        "document",
        (pl.lit(day) - pl.duration(days=pl.col("days"))).alias("from_date"),
    )


def residences(people: pl.DataFrame) -> pl.DataFrame:
    """Where each is registered and lives; who moved away lived here until then."""
    no_date = pl.lit(None, dtype=pl.Date)
    registered = people.filter(pl.col("registered_region") != "").select(
        "region_code", pl.col("id").alias("person_id"), pl.lit("registered").alias("place"),
        pl.col("registered_region").alias("area"), pl.lit("").alias("address"),
        no_date.alias("from_date"), no_date.alias("until_date"),
    )  # fmt: skip
    living = people.filter(pl.col("living_region") != "").select(
        "region_code", pl.col("id").alias("person_id"), pl.lit("living").alias("place"),
        pl.col("living_region").alias("area"),
        pl.when(pl.col("left_on").is_null()).then("address").otherwise(pl.lit("")).alias("address"),
        pl.col("left_on").alias("from_date"), no_date.alias("until_date"),
    )  # fmt: skip
    before = people.filter(pl.col("left_on").is_not_null()).select(
        "region_code", pl.col("id").alias("person_id"), pl.lit("living").alias("place"),
        pl.col("true_region").alias("area"), "address", no_date.alias("from_date"),
        pl.col("left_on").alias("until_date"),
    )  # fmt: skip
    return pl.concat([registered, living, before])


def life_events(people: pl.DataFrame, seed: np.random.SeedSequence) -> pl.DataFrame:
    """The file's beginning, deaths and moves that the register has heard of."""
    began = _event(people, "registered", "registered_on", "police", 0)
    died = _event(people.filter(pl.col("death_date").is_not_null()), "died", "death_date", "police", 2)
    moved = _event(people.filter(pl.col("left_on").is_not_null()), "moved_out", "left_on", "community", 1)
    whole = pl.concat([began, died, moved])
    return whole.with_columns(id=uuids(Chance(seed, max(whole.height, 1))).head(whole.height))


def _event(people: pl.DataFrame, kind: str, on: str, source: str, later: int) -> pl.DataFrame:
    to = pl.concat_str(pl.lit('{"to": "'), "living_region", pl.lit('"}'))
    detail = to if kind == "moved_out" else pl.lit("{}")
    return people.select(
        "region_code",
        pl.col("id").alias("person_id"),
        pl.lit(kind).alias("kind"),
        pl.col(on).alias("on_date"),
        (pl.col(on) + timedelta(days=later)).cast(pl.Datetime("us")).alias("recorded_at"),
        pl.lit(source).alias("source"),
        detail.alias("detail"),
    )
