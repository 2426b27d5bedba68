"""What a matched list would change: each told fact against what the register has, by the rules of trust, set by set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl

from songhe.kernel.days import latest_start
from songhe.people.grams import folded
from songhe.people.imports.loading import fetch, load
from songhe.people.imports.reading import NUMBER
from songhe.people.imports.sources import DEATH, NAME, List
from songhe.people.imports.terms import RowKind, Verdict
from songhe.people.trust import trust

CHANGES = {
    NUMBER: pl.Int64, "person": pl.String, "fact": pl.String, "value": pl.String, "from_date": pl.String,
    "verdict": pl.String, "was": pl.String, "was_source": pl.String, "was_as_of": pl.String, "replaced": pl.Int64,
}  # fmt: skip
SAME, NEWER = "same", "newer"  # told so already; the register has it from a newer list of the same source
_VERDICTS = """
WITH believed AS MATERIALIZED (
    SELECT * FROM unnest(%(facts)s::text[], %(sources)s::text[], %(ranks)s::int[], %(old)s::date[])
        AS listed (fact, source, rank, old)
), now_told AS (
    SELECT t.number, t.fact, c.id, c.value, c.source, c.as_of, c.from_date, c.until_date, b.rank,
           (c.from_date IS NULL OR c.from_date <= %(today)s) AND (c.until_date IS NULL OR c.until_date > %(today)s)
           AND (b.old IS NULL OR c.as_of > b.old) AS usable
    FROM imports_told t
    JOIN people_circumstance c ON c.person_id = t.person AND c.fact = t.fact AND c.known_until IS NULL
    JOIN believed b ON b.fact = c.fact AND b.source = c.source
), own AS (
    SELECT * FROM now_told WHERE source = %(source)s
), best AS (
    SELECT DISTINCT ON (number, fact) number, fact, value, source, as_of, rank FROM now_told WHERE usable
    ORDER BY number, fact, rank, as_of DESC, source COLLATE "C"
)
SELECT t.number, t.person::text, t.fact, t.value,
       coalesce(t.from_date, CASE WHEN own.value = t.value THEN own.from_date END)::text,
       CASE
           WHEN own.as_of > %(day)s THEN 'newer'
           WHEN own.value = t.value AND own.until_date IS NULL AND own.as_of = %(day)s THEN 'same'
           WHEN own.value = t.value AND own.until_date IS NULL AND own.usable THEN 'confirmed'
           WHEN best.source IS NULL THEN 'added'
           WHEN best.value = t.value THEN 'confirmed'
           WHEN best.source <> %(source)s AND (best.rank, -(best.as_of - DATE '2000-01-01'))
                < (mine.rank, -(%(day)s::date - DATE '2000-01-01')) THEN 'conflicting'
           ELSE 'changed'
       END,
       best.value, coalesce(best.source, ''), best.as_of::text, own.id
FROM imports_told t
LEFT JOIN own ON own.number = t.number AND own.fact = t.fact
LEFT JOIN best ON best.number = t.number AND best.fact = t.fact
JOIN believed mine ON mine.fact = t.fact AND mine.source = %(source)s"""
_DEATHS = """
SELECT t.number, t.person::text, t.fact, t.value, NULL::text,
       CASE WHEN p.death_date IS NULL THEN 'changed' WHEN p.death_date = t.value::date THEN 'same'
            ELSE 'conflicting' END,
       p.death_date::text, '', NULL::text, NULL::bigint
FROM imports_told t JOIN people_person p ON p.id = t.person"""
_GONE = """
SELECT p.id::text, p.name, c.fact, c.value, c.as_of::text, c.id
FROM people_circumstance c JOIN people_person p ON p.id = c.person_id
JOIN unnest(%(facts)s::text[], %(values)s::text[]) AS absent (fact, value) ON absent.fact = c.fact
WHERE c.known_until IS NULL AND c.source = %(source)s AND c.value <> absent.value AND c.as_of <= %(day)s
  AND (c.until_date IS NULL OR c.until_date > %(day)s) AND p.standing = 'present'
  AND p.region_code >= %(lo)s AND p.region_code < %(hi)s
  AND NOT EXISTS (SELECT FROM imports_persons l WHERE l.person = p.id)
ORDER BY p.region_code, p.id, c.fact"""
_GONE_SCHEMA = {
    "person": pl.String, "name": pl.String, "fact": pl.String, "was": pl.String, "was_as_of": pl.String,
    "replaced": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """`changes` as CHANGES, without what is told so already; `kinds` the kind of each row that facts decide.

    `facts` counts every told fact by fact and verdict, SAME and NEWER as well.
    """

    changes: pl.DataFrame
    kinds: pl.DataFrame
    facts: dict[str, dict[str, int]]


def told(rows: pl.DataFrame, expected: List) -> pl.DataFrame:
    """One row for each fact that a row tells about a known person."""
    known = rows.filter(pl.col("person").is_not_null() & ~pl.col("bad"))
    begins = next((column.key for column in expected.columns.values() if column.begins), None)
    from_date = pl.col(begins) if begins else pl.lit(None, dtype=pl.String)
    parts = [
        known.filter(pl.col(column.key).is_not_null()).select(
            NUMBER, "person", pl.lit(column.fact or DEATH).alias("fact"), pl.col(column.key).alias("value"),
            from_date.alias("from_date"),
        )
        for column in expected.columns.values()
        if column.fact or column.kind == "death"
    ]  # fmt: skip
    return pl.concat(parts)


def compare(rows: pl.DataFrame, expected: List, *, day: date, today: date) -> Compared:
    """Every fact that rows tell of persons. `day` is the day that the list speaks of."""
    return compare_told(told(rows, expected), expected, day=day, today=today)


def compare_told(facts: pl.DataFrame, expected: List, *, day: date, today: date) -> Compared:
    """Every told fact (columns as `told` gives them) against the register."""
    types = {NUMBER: "integer", "person": "uuid", "fact": "text", "value": "text", "from_date": "date"}
    load("imports_told", facts, types)
    if expected.tells_deaths:
        found = fetch(_DEATHS, {}, CHANGES)
    else:
        found = fetch(_VERDICTS, _parameters(expected, day, today), CHANGES)
    counts: dict[str, dict[str, int]] = {}
    for fact, verdict, count in found.group_by("fact", "verdict").len().sort("fact", "verdict").iter_rows():
        counts.setdefault(fact, {})[verdict] = count
    return Compared(found.filter(~pl.col("verdict").is_in([SAME, NEWER])), _kinds(found), counts)


def _parameters(expected: List, day: date, today: date) -> dict[str, Any]:
    ways = [way for fact in expected.facts for way in trust()[fact].values()]
    return {
        "facts": [way.fact for way in ways],
        "sources": [way.source for way in ways],
        "ranks": [way.rank for way in ways],
        "old": [None if way.months is None else latest_start(way.months, today) for way in ways],
        "source": expected.department.value,
        "day": day,
        "today": today,
    }


def _kinds(found: pl.DataFrame) -> pl.DataFrame:
    """What a row is when its facts are taken together."""
    verdict = pl.col("verdict")
    return found.group_by(NUMBER).agg(
        pl.when((verdict == Verdict.CONFLICTING).any()).then(pl.lit(RowKind.CONFLICTING))
        .when((verdict == Verdict.CHANGED).any()).then(pl.lit(RowKind.CHANGED))
        .when((verdict == Verdict.ADDED).any()).then(pl.lit(RowKind.NEW))
        .otherwise(pl.lit(RowKind.SAME)).alias("kind_of_facts")
    )  # fmt: skip


def gone(
    rows: pl.DataFrame, expected: List, *, day: date, span: tuple[str, str], doubtful: Sequence[UUID]
) -> pl.DataFrame:
    """Changes about people who were on the list and no longer are, numbered from -1 downwards.

    Nobody is gone who stands in a row with an error, may be meant by a row in doubt, or is called like somebody in a
    row whose number cannot be read.
    """
    if not expected.complete:
        return pl.DataFrame(schema=CHANGES)
    persons = pl.concat([rows["person"].drop_nulls(), pl.Series("person", map(str, doubtful), dtype=pl.String)])
    load("imports_persons", persons.unique().to_frame("person"), {"person": "uuid"})
    parameters = {
        "facts": list(expected.gone), "values": list(expected.gone.values()), "source": expected.department.value,
        "day": day, "lo": span[0], "hi": span[1],
    }  # fmt: skip
    found = fetch(_GONE, parameters, _GONE_SCHEMA)
    unread = rows.filter(pl.col("bad") & pl.col("person").is_null())[NAME].drop_nulls()
    called = {folded(name) for name in unread}
    found = found.filter(pl.Series([folded(name) not in called for name in found["name"]], dtype=pl.Boolean))
    numbers = found.select("person").unique(maintain_order=True).with_row_index(NUMBER, 1)
    numbered = found.join(numbers, on="person", maintain_order="left").with_columns(
        (-pl.col(NUMBER).cast(pl.Int64)).alias(NUMBER),
        pl.col("fact").replace_strict(dict(expected.gone), return_dtype=pl.String).alias("value"),
        pl.lit(day.isoformat()).alias("from_date"),
        pl.lit(Verdict.GONE.value).alias("verdict"),
        pl.lit(expected.department.value).alias("was_source"),
    )
    return numbered.select(list(CHANGES))


def listed_before(expected: List, span: tuple[str, str]) -> int:
    """How many people the source's last list has in the region."""
    query = """
SELECT count(DISTINCT c.person_id) FROM people_circumstance c
JOIN unnest(%(facts)s::text[], %(values)s::text[]) AS absent (fact, value) ON absent.fact = c.fact
WHERE c.known_until IS NULL AND c.source = %(source)s AND c.value <> absent.value
  AND c.region_code >= %(lo)s AND c.region_code < %(hi)s"""
    parameters = {
        "facts": list(expected.gone), "values": list(expected.gone.values()), "source": expected.department.value,
        "lo": span[0], "hi": span[1],
    }  # fmt: skip
    return int(fetch(query, parameters, {"count": pl.Int64})["count"][0])
