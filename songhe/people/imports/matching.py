"""Whom each row of a file is about: by identity number, else by what else is written, with a person to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import polars as pl

from songhe.kernel.errors import BadInput
from songhe.people.grams import folded
from songhe.people.identity import identity_index
from songhe.people.imports.loading import fetch, load, run
from songhe.people.imports.reading import NUMBER, OLD_FROM_AGE, Read
from songhe.people.imports.sources import ADDRESS, BIRTH, IDENTITY, NAME, PHONE, REGION, SEX, Column, List
from songhe.people.imports.terms import ErrorKind, RowKind
from songhe.people.linkage import AUTOMATIC, NONE, match_rows
from songhe.regions.api import names_of

INDEX = "identity_index"
DIGITS = 12
_MOST_UNNUMBERED = 50_000
_FIND = """
SELECT t.number, p.id::text, p.name, p.standing, p.death_date::text
FROM imports_rows t JOIN people_person p ON p.identity_index = t.identity_index AND p.standing <> 'merged'
WHERE p.region_code >= %(lo)s AND p.region_code < %(hi)s"""
_ELSEWHERE = """
SELECT number FROM imports_rows
WHERE NOT found AND identity_index IS NOT NULL AND people_identity_taken(identity_index)"""
_REGISTER = """
SELECT p.id::text, p.name, p.birth_date, nullif(p.sex, ''), p.region_code, p.address, nullif(p.phone_tail, ''),
       p.household_id::text, p.standing = 'dead'
FROM people_person p
WHERE p.standing <> 'merged' AND p.region_code >= %(lo)s AND p.region_code < %(hi)s"""
_REGISTER_SCHEMA = {
    "person_id": pl.String, "name": pl.String, "birth_date": pl.Date, "sex": pl.String, "region_code": pl.String,
    "address": pl.String, "phone_last4": pl.String, "household_id": pl.String, "deceased": pl.Boolean,
}  # fmt: skip
_FOUND_SCHEMA = {
    NUMBER: pl.Int64, "person": pl.String, "known_as": pl.String, "standing": pl.String, "died": pl.String,
}  # fmt: skip
_EVIDENCE = ("name", "birth", "sex", "place", "phone", "number")
CANDIDATES = {NUMBER: pl.Int64, "person": pl.String, "probability": pl.Float64, "rank": pl.Int64, "evidence": pl.Object}


@dataclass(frozen=True, slots=True)
class Matched:
    """The rows with `kind` (null while facts decide), `person`, `linked`, `identity_index` and `died`.

    `errors` are those that only the register can tell. `candidates` are the persons that a row may be about.
    """

    rows: pl.DataFrame
    errors: pl.DataFrame
    candidates: list[tuple[int, str, float, int, dict[str, object]]]


def match(read: Read, expected: List, *, span: tuple[str, str], on: str, mapped: Mapping[str, str]) -> Matched:
    """Whom the rows are about. `span` is the half-open range of codes of the batch's region, `on` its day (ISO)."""
    rows = read.rows.with_columns(_indexed(read.rows[IDENTITY]), pl.lit(False).alias("found"))
    load("imports_rows", rows.select(NUMBER, INDEX, "found"), {NUMBER: "integer", INDEX: "bytea", "found": "boolean"})
    found = fetch(_FIND, {"lo": span[0], "hi": span[1]}, _FOUND_SCHEMA)
    load("imports_found", found.select(NUMBER), {NUMBER: "integer"})
    run("UPDATE imports_rows t SET found = true FROM imports_found f WHERE f.number = t.number", {})
    elsewhere = fetch(_ELSEWHERE, {}, {NUMBER: pl.Int64})[NUMBER]
    rows = rows.drop("found").join(found, on=NUMBER, how="left", maintain_order="left")
    errors = pl.concat([
        _elsewhere_errors(read, expected.columns[IDENTITY], elsewhere, mapped),
        _unknown_places(rows, read, expected, span),
    ])  # fmt: skip
    rows = rows.with_columns((pl.col("bad") | pl.col(NUMBER).is_in(errors[NUMBER].implode())).alias("bad"))
    rows, candidates = _decided(rows, expected, span, on)
    return Matched(rows, errors, candidates)


def _indexed(numbers: pl.Series) -> pl.Series:
    found = [None if number is None else "\\x" + identity_index(number).hex() for number in numbers]
    return pl.Series(INDEX, found, dtype=pl.String)


def _elsewhere_errors(read: Read, column: Column, numbers: pl.Series, mapped: Mapping[str, str]) -> pl.DataFrame:
    """A person whose file lies in another region: said without a word about who or where."""
    if not len(numbers):
        return read.errors.clear()
    error = BadInput(column.label, "不在您管的地方", accepted="本区的人；人搬来了请先办转区")
    rows = [
        (number, "", column.label, error.given, error.problem, error.accepted, ErrorKind.REGION) for number in numbers
    ]
    return pl.DataFrame(rows, schema=read.errors.schema, orient="row")


def _unknown_places(rows: pl.DataFrame, read: Read, expected: List, span: tuple[str, str]) -> pl.DataFrame:
    """Nobody gets a file in a division that was never one, as far as the divisions of the region are kept."""
    new = rows.filter(pl.col("person").is_null() & pl.col(REGION).is_not_null() & ~pl.col("bad"))
    region = span[0].ljust(DIGITS, "0")
    known = names_of({region, *new[REGION]}) if expected.registers and new.height else {}
    if region not in known:
        return read.errors.clear()
    column = expected.columns[REGION]
    lost = new.filter(~pl.col(REGION).is_in(list(known)))
    told = [
        (number, "", column.label, code, "没有这个区划", "社区或村的12位代码", ErrorKind.REGION)
        for number, code in lost.select(NUMBER, REGION).iter_rows()
    ]
    return pl.DataFrame(told, schema=read.errors.schema, orient="row")


def _decided(
    rows: pl.DataFrame, expected: List, span: tuple[str, str], on: str
) -> tuple[pl.DataFrame, list[tuple[int, str, float, int, dict[str, object]]]]:
    """The kind of each row, as far as it does not depend on facts, and who a row without a number may be about."""
    other_name = [
        known is not None and name is not None and folded(known) != folded(name)
        for known, name in rows.select("known_as", NAME).iter_rows()
    ]
    rows = rows.with_columns(pl.Series("other_name", other_name, dtype=pl.Boolean))
    young = pl.col(BIRTH).is_not_null() & (pl.col(BIRTH) > _born_before(on))
    fits = pl.col("person").is_not_null()
    rows = rows.with_columns(
        pl.when("bad").then(pl.lit(RowKind.BAD))
        .when(fits & pl.col("other_name")).then(pl.lit(RowKind.REVIEW))
        .when(fits).then(None)
        .when(young).then(pl.lit(RowKind.SKIPPED))
        .when(pl.col(IDENTITY).is_not_null()).then(pl.lit(RowKind.NEW if expected.registers else RowKind.UNMATCHED))
        .otherwise(pl.lit(RowKind.UNMATCHED))
        .alias("kind"),
        pl.lit(False).alias("linked"),
    )  # fmt: skip
    doubtful = rows.filter(pl.col("kind") == RowKind.REVIEW)
    candidates: list[tuple[int, str, float, int, dict[str, object]]] = [
        (number, person, 0.5, 1, {"other_name": True})
        for number, person in doubtful.select(NUMBER, "person").iter_rows()
    ]
    rows = rows.with_columns(pl.when(pl.col("kind") == RowKind.REVIEW).then(None).otherwise("person").alias("person"))
    return _linked(rows, candidates, span)


def _born_before(on: str) -> str:
    return f"{int(on[:4]) - OLD_FROM_AGE:04d}{on[4:]}"


def _linked(
    rows: pl.DataFrame, candidates: list[tuple[int, str, float, int, dict[str, object]]], span: tuple[str, str]
) -> tuple[pl.DataFrame, list[tuple[int, str, float, int, dict[str, object]]]]:
    unnumbered = rows.filter((pl.col("kind") == RowKind.UNMATCHED) & pl.col(IDENTITY).is_null())
    if not unnumbered.height:
        return rows, candidates
    if unnumbered.height > _MOST_UNNUMBERED:
        raise BadInput(
            "证件号", f"{unnumbered.height:,}行没有证件号，太多，认不过来", accepted=f"不超过{_MOST_UNNUMBERED:,}行"
        )
    register = fetch(_REGISTER, {"lo": span[0], "hi": span[1]}, _REGISTER_SCHEMA)
    if not register.height:
        return rows, candidates
    wanted = unnumbered.select(
        pl.col(NUMBER).alias("row"), NAME, BIRTH, SEX, pl.col(REGION).alias("region_code"), ADDRESS, PHONE
    )
    pairs = match_rows(register, wanted).pairs.filter(pl.col("band") != NONE)
    pairs = _without_taken(pairs, rows)
    certain = pairs.filter(pl.col("band") == AUTOMATIC)
    sure = dict(certain.select("row", "person_id").iter_rows())
    open_pairs = pairs.filter(~pl.col("row").is_in(list(sure)))
    columns = [*(f"{name}" for name in _EVIDENCE), *(f"{name}_bits" for name in _EVIDENCE)]
    for pair in open_pairs.iter_rows(named=True):
        evidence = {name: pair[name] for name in columns if name in pair}
        candidates.append((pair["row"], pair["person_id"], pair["probability"], pair["rank"], evidence))
    in_doubt = open_pairs["row"].unique()
    return _with_links(rows, sure, in_doubt), candidates


def _without_taken(pairs: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """A person whom another row names by number is nobody's candidate."""
    named = rows["person"].drop_nulls().unique()
    return pairs.filter(~pl.col("person_id").is_in(named.implode()))


def _with_links(rows: pl.DataFrame, sure: Mapping[int, str], in_doubt: pl.Series) -> pl.DataFrame:
    linked = pl.col(NUMBER).is_in(list(sure))
    person = pl.col(NUMBER).replace_strict(dict(sure), default=None, return_dtype=pl.String)
    return rows.with_columns(
        pl.when(linked).then(person).otherwise("person").alias("person"),
        linked.alias("linked"),
        pl.when(linked).then(None)
        .when(pl.col(NUMBER).is_in(in_doubt.implode())).then(pl.lit(RowKind.REVIEW))
        .otherwise("kind").alias("kind"),
    )  # fmt: skip


def persons_of(candidates: list[tuple[int, str, float, int, dict[str, object]]]) -> list[UUID]:
    """Everybody whom a row in doubt may be about."""
    return [UUID(candidate[1]) for candidate in candidates]
