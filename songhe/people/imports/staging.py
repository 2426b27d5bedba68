"""From a kept file to rows beside the register: read, matched, compared and written, all in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import polars as pl

from songhe.foundation.access.actors import region_range
from songhe.kernel.regions import significant
from songhe.people.imports.comparing import CHANGES, compare, gone, listed_before
from songhe.people.imports.loading import fetch, load, run
from songhe.people.imports.matching import INDEX, Matched, match, persons_of
from songhe.people.imports.models import Batch, Candidate, Change, RowError, StagedRow
from songhe.people.imports.reading import ERRORS, NUMBER, Read, Wish, read_list
from songhe.people.imports.sealed_rows import WHO, sealed_row
from songhe.people.imports.sources import DEATH, List, list_of
from songhe.people.imports.terms import RowKind

Say = Callable[[int, int, str], None]
_SEALED = (RowKind.NEW, RowKind.REVIEW, RowKind.UNMATCHED)
_MANY_GONE, _GONE_SHARE = 20, 0.1
_MANY_ROWS = 1_000  # from here on the planner must know what was written, or it joins row by row
_ANALYSED = "SELECT imports_analysed()::text"
_INTO_ROWS = """
INSERT INTO imports_stagedrow
    (region_code, batch_id, number, kind, person, linked, included, identity_index, sealed, told)
SELECT %(region)s, %(batch)s, number, kind, person, linked, included, identity_index, sealed, told
FROM imports_staged"""
_INTO_CHANGES = """
INSERT INTO imports_change
    (region_code, batch_id, number, person, fact, value, from_date, verdict, was, was_source, was_as_of, replaced)
SELECT %(region)s, %(batch)s, number, person, fact, value, from_date, verdict, was, was_source, was_as_of, replaced
FROM imports_changes"""
_INTO_ERRORS = """
INSERT INTO imports_rowerror (region_code, batch_id, number, letter, "column", shown, problem, accepted, kind)
SELECT %(region)s, %(batch)s, number, letter, "column", coalesce(shown, ''), problem, coalesce(accepted, ''), kind
FROM imports_errors"""


@dataclass(frozen=True, slots=True)
class Staged:
    """What staging found: numbers for the batch, and what the officer should be told."""

    counts: dict[str, Any]
    notices: list[str]


def stage(batch: Batch, path: Path, *, today: date, say: Say) -> Staged:
    """Reads and compares the file and writes what came of it; what was staged before is replaced."""
    expected = list_of(batch.source)
    digits = significant(batch.region_code)
    wish = Wish(path, expected, dict(batch.mapping), batch.data_until, digits)
    read = read_list(wish, lambda done, size: say(done * 40 // max(size, 1), 100, "在读文件"))
    say(45, 100, f"读到{read.rows.height:,}行，在找人")
    span = region_range(digits)
    matched = match(read, expected, span=span, on=batch.data_until.isoformat(), mapped=wish.mapped)
    say(65, 100, "在比对")
    rows, changes, facts = _compared(matched, expected, batch.data_until, today)
    absent = gone(rows, expected, day=batch.data_until, span=span, doubtful=persons_of(matched.candidates))
    say(80, 100, "在记下差异")
    clear(batch)
    errors = pl.concat([read.errors, matched.errors])
    notices = [*read.notices, *_blank(read)]
    suspicious = _suspicious(absent, expected, span)
    if suspicious:
        notices.append(suspicious)
    _write(batch, rows, changes, absent, errors, include_gone=not suspicious)
    _write_candidates(batch, matched)
    if rows.height > _MANY_ROWS:
        fetch(_ANALYSED, {}, {"nothing": pl.String})
    return Staged(_counts(rows, errors, absent, facts), notices)


def clear(batch: Batch) -> None:
    """Removes everything that was staged with a batch."""
    for model in (Candidate, Change, RowError, StagedRow):
        model.objects.filter(batch=batch).delete()


def _compared(
    matched: Matched, expected: List, day: date, today: date
) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, dict[str, int]]]:
    """The rows with their final kinds, the changes, the counts of facts. Who is new to the register gets an id."""
    fresh = (pl.col("kind") == RowKind.NEW) & pl.col("person").is_null()
    rows = matched.rows
    new = rows.filter(fresh)[NUMBER].to_list()
    ids = {number: str(uuid4()) for number in new}
    rows = rows.with_columns(
        pl.when(fresh).then(pl.col(NUMBER).replace_strict(ids, default=None, return_dtype=pl.String))
        .otherwise("person").alias("person"),
        fresh.fill_null(value=False).alias("fresh"),
    )  # fmt: skip
    found = compare(rows.filter(~pl.col("bad")), expected, day=day, today=today)
    rows = rows.join(found.kinds, on=NUMBER, how="left", maintain_order="left").with_columns(
        pl.coalesce("kind", "kind_of_facts", pl.lit(RowKind.SAME.value)).alias("kind")
    )
    return rows, found.changes, found.facts


def _write(
    batch: Batch, rows: pl.DataFrame, changes: pl.DataFrame, absent: pl.DataFrame, errors: pl.DataFrame, *,
    include_gone: bool,
) -> None:  # fmt: skip
    parameters = {"region": batch.region_code, "batch": batch.pk}
    staged = pl.concat([_staged(batch, rows), _absent_rows(absent, included=include_gone)])
    load("imports_staged", staged, {
        NUMBER: "integer", "kind": "text", "person": "uuid", "linked": "boolean", "included": "boolean",
        INDEX: "bytea", "sealed": "bytea", "told": "jsonb",
    })  # fmt: skip
    run(_INTO_ROWS, parameters)
    load("imports_changes", pl.concat([changes.select(list(CHANGES)), absent]).with_columns(
        pl.col("was_source").fill_null(""), pl.col("from_date").fill_null(batch.data_until.isoformat())
    ), {
        NUMBER: "integer", "person": "uuid", "fact": "text", "value": "text", "from_date": "date", "verdict": "text",
        "was": "text", "was_source": "text", "was_as_of": "date", "replaced": "bigint",
    })  # fmt: skip
    run(_INTO_CHANGES, parameters)
    renamed = errors.rename({"column": '"column"'}).with_columns(pl.col("shown").str.slice(0, 80))
    load(
        "imports_errors", renamed, {name.replace("column", '"column"'): "text" for name in ERRORS} | {NUMBER: "integer"}
    )
    run(_INTO_ERRORS, parameters)


def _staged(batch: Batch, rows: pl.DataFrame) -> pl.DataFrame:
    wanted = rows["kind"].is_in(list(_SEALED)) & (rows["fresh"] | (rows["kind"] != RowKind.NEW))
    sealed = pl.Series("sealed", [None] * rows.height, dtype=pl.String)
    if wanted.any():
        who = rows.filter(wanted).select(NUMBER, *WHO)
        closed = ["\\x" + sealed_row(batch.pk, row[NUMBER], row).hex() for row in who.iter_rows(named=True)]
        sealed = rows.join(
            pl.DataFrame({NUMBER: who[NUMBER], "sealed": closed}), on=NUMBER, how="left", maintain_order="left"
        )["sealed"]
    doubtful = rows.filter(pl.col("kind") == RowKind.REVIEW)
    told_by = {row["number"]: _told(row, list_of(batch.source)) for row in doubtful.iter_rows(named=True)}
    return rows.with_columns(sealed).select(
        NUMBER, "kind", "person", "linked", pl.lit(True).alias("included"),
        pl.when("fresh").then(INDEX).alias(INDEX), "sealed",
        pl.col(NUMBER).replace_strict(told_by, default=None, return_dtype=pl.String).alias("told"),
    )  # fmt: skip


def _told(row: Mapping[str, Any], expected: List) -> str:
    """The facts of a row in doubt, to be compared when somebody has said whom it is about."""
    begins = next((row[column.key] for column in expected.columns.values() if column.begins), None)
    facts = {
        column.fact or DEATH: [row[column.key], begins]
        for column in expected.columns.values()
        if (column.fact or column.kind == "death") and row[column.key] is not None
    }
    return json.dumps(facts)


def _absent_rows(absent: pl.DataFrame, *, included: bool) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.String)
    return absent.unique(NUMBER, maintain_order=True).select(
        NUMBER, pl.lit(RowKind.GONE.value).alias("kind"), "person", pl.lit(False).alias("linked"),
        pl.lit(included).alias("included"), nothing.alias(INDEX), nothing.alias("sealed"), nothing.alias("told"),
    )  # fmt: skip


def _write_candidates(batch: Batch, matched: Matched) -> None:
    Candidate.objects.bulk_create(
        (
            Candidate(
                batch=batch, region_code=batch.region_code, number=number, person=UUID(person),
                probability=probability, rank=rank, evidence=evidence,
            )
            for number, person, probability, rank, evidence in matched.candidates
        ),
        batch_size=2_000,
    )  # fmt: skip


def _suspicious(absent: pl.DataFrame, expected: List, span: tuple[str, str]) -> str:
    """Words when so many people are gone that the file may not be the whole list; their rows are then left out."""
    missing = absent[NUMBER].n_unique()
    if missing <= _MANY_GONE:
        return ""
    before = listed_before(expected, span)
    if missing <= before * _GONE_SHARE:
        return ""
    return f"上次名册里的{before:,}人，这次有{missing:,}人不在，可能不是完整的名册；这些人先没有勾上"


def _blank(read: Read) -> Sequence[str]:
    return (f"空行{read.blank:,}行没有算",) if read.blank else ()


def _counts(
    rows: pl.DataFrame, errors: pl.DataFrame, absent: pl.DataFrame, facts: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    kinds = {kind.value: 0 for kind in RowKind} | dict(rows.group_by("kind").len().iter_rows())
    kinds[RowKind.GONE] = absent[NUMBER].n_unique()
    return {
        "read": rows.height,
        "kinds": {str(kind): count for kind, count in kinds.items()},
        "errors": dict(errors.group_by("kind").len().sort("kind").iter_rows()),
        "error_cells": errors.height,
        "facts": {fact: dict(verdicts) for fact, verdicts in facts.items()},
        "linked": int(rows["linked"].sum()),
    }
