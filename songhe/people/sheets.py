"""The person table as it stands, made from what sources tell by the rules of trust: for one person or for a city.

One statement does it for as many people as are wanted; `trust.resolve` says the same for one fact in Python, and a
test holds them together. A sheet is as of the day it was made, and good until `fresh_until` (excluded).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.db import connection

from songhe.foundation.access.actors import region_range
from songhe.kernel.days import latest_start
from songhe.kernel.regions import significant
from songhe.people.trust import TOLD_FACTS, trust
from songhe.rules.facts import PERSON_TABLE, Kind

_SQL_TYPES = {Kind.BOOL: "boolean", Kind.CODE: "smallint", Kind.GRADE: "smallint", Kind.WORD: "text"}
_EVERYBODY, _REGION, _PERSONS = "everybody", "region", "persons"
_OF_PERSON = {
    "region_code": "p.region_code",
    "birth_date": "p.birth_date",
    "death_date": "p.death_date",
    "sex": "nullif(p.sex, '')::smallint",
    "registered_region": "nullif(p.registered_region, '')",
    "residence_region": "nullif(p.living_region, '')",
    "standing": "p.standing",
}
_CLOSING = ("conflicts", "stale", "fresh_until")
COLUMNS = ("person_id", *_OF_PERSON, *TOLD_FACTS, *_CLOSING)

# A month ends as kernel.days has it: 31 January and one month is 1 March in a common year, the first day of the next
# month, where PostgreSQL says 28 February.
_TOO_OLD_FROM = """(c.as_of + make_interval(months => t.months))::date
    + (extract(day FROM c.as_of + make_interval(months => t.months)) < extract(day FROM c.as_of))::int"""
BELIEVED = """believed AS MATERIALIZED (
    SELECT * FROM unnest(%(facts)s::text[], %(sources)s::text[], %(ranks)s::int[], %(months)s::int[], %(old)s::date[])
        AS listed (fact, source, rank, months, old)
)"""
CHANGES = f"""least(CASE WHEN c.from_date > %(today)s THEN c.from_date END, c.until_date,
             CASE WHEN c.as_of > t.old THEN {_TOO_OLD_FROM} END)"""
BY_FACT = """
SELECT person_id, fact,
       (array_agg(value ORDER BY rank, as_of DESC, source COLLATE "C") FILTER (WHERE usable))[1] AS value,
       min(value) FILTER (WHERE usable) <> max(value) FILTER (WHERE usable) AS conflict,
       bool_or(holds) AND NOT bool_or(usable) AS stale,
       min(changes) AS changes
FROM told GROUP BY person_id, fact"""


class Cursor(Protocol):
    """What a statement is run with: Django's cursor, or one of psycopg."""

    rowcount: int

    def execute(self, query: Any, params: Any = None, /) -> Any:
        """See DB-API."""


def make_sheets(
    *, today: date, person_ids: Collection[UUID] | None = None, region: str = "", cursor: Cursor | None = None
) -> int:
    """Makes the sheets of these persons, of a region, or of everybody in the scope; gives how many are new or changed.

    Merged files have none. `cursor` is for bulk loading; else it is the application's own.
    """
    kind = _PERSONS if person_ids is not None else _REGION if region else _EVERYBODY
    parameters = parameters_of(today, person_ids, region)
    if cursor is not None:
        return _run(cursor, kind, parameters)
    with connection.cursor() as own:
        return _run(own, kind, parameters)


def stale_sheets(*, today: date, limit: int = 100_000) -> list[UUID]:
    """The persons in the scope whose sheet no longer stands by itself on the day: something began, ended or aged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM people_sheet WHERE fresh_until <= %s ORDER BY person_id LIMIT %s", [today, limit]
        )
        return [row[0] for row in cursor.fetchall()]


def refresh_sheets(*, today: date, at_once: int = 50_000) -> int:
    """Makes anew the sheets in the scope that no longer stand by themselves, piece by piece; gives how many.

    For the first hour of a day: ages of facts move on without anybody telling anything.
    """
    done = 0
    while stale := stale_sheets(today=today, limit=at_once):
        if not make_sheets(today=today, person_ids=stale):
            break  # whatever keeps them as they are, it is not asked for ever
        done += len(stale)
    return done


def sheet_rows(*, today: date, person_ids: Collection[UUID]) -> list[tuple[Any, ...]]:
    """The sheets of these persons as they are on a day, without keeping them; columns as COLUMNS."""
    with connection.cursor() as cursor:
        cursor.execute(_query(_PERSONS), parameters_of(today, person_ids, ""))
        return list(cursor.fetchall())


def _run(cursor: Cursor, kind: str, parameters: dict[str, Any]) -> int:
    cursor.execute(_without_merged(kind), parameters)
    cursor.execute(_kept(kind), parameters)
    return cursor.rowcount


def parameters_of(today: date, person_ids: Collection[UUID] | None = None, region: str = "") -> dict[str, Any]:
    """What BELIEVED, CHANGES and TOLD need: whom the register believes on the day, and about whom it is asked."""
    ways = [way for by_source in trust().values() for way in by_source.values()]
    lo, hi = region_range(significant(region)) if region else ("", "")
    return {
        "today": today,
        "ids": list(person_ids or ()),
        "lo": lo,
        "hi": hi,
        "facts": [way.fact for way in ways],
        "sources": [way.source for way in ways],
        "ranks": [way.rank for way in ways],
        "months": [way.months for way in ways],
        "old": [None if way.months is None else latest_start(way.months, today) for way in ways],
    }


@cache
def _query(kind: str) -> str:
    """One row a person. The facts are found only for those who are asked for, so that one person is quick."""
    told = (
        tellings_in("people_circumstance")
        + {
            _EVERYBODY: "",
            _REGION: " AND c.region_code >= %(lo)s AND c.region_code < %(hi)s",
            _PERSONS: " AND c.person_id = ANY(%(ids)s)",
        }[kind]
    )
    columns = [f"{expression} AS {name}" for name, expression in _OF_PERSON.items()]
    return f"""
WITH {BELIEVED}, told AS ({told}), by_fact AS ({BY_FACT}), by_person AS (
    SELECT person_id, {", ".join(pivoted(fact) for fact in TOLD_FACTS)},
           jsonb_agg(fact ORDER BY fact COLLATE "C") FILTER (WHERE conflict) AS conflicts,
           jsonb_agg(fact ORDER BY fact COLLATE "C") FILTER (WHERE stale) AS stale,
           min(changes) AS fresh_until
    FROM by_fact GROUP BY person_id
)
SELECT p.id AS person_id, {", ".join(columns)}, {", ".join(f"b.{fact}" for fact in TOLD_FACTS)},
       coalesce(b.conflicts, '[]') AS conflicts, coalesce(b.stale, '[]') AS stale, b.fresh_until
FROM people_person p LEFT JOIN by_person b ON b.person_id = p.id
WHERE p.standing <> 'merged' {_persons(kind)}"""  # noqa: S608


def _kept(kind: str) -> str:
    names = COLUMNS[1:]
    return (
        f"INSERT INTO people_sheet AS s ({', '.join(COLUMNS)}) {_query(kind)}"
        f" ON CONFLICT (person_id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names)}"
        f" WHERE ({', '.join(f's.{name}' for name in names)})"
        f" IS DISTINCT FROM ({', '.join(f'excluded.{name}' for name in names)})"
    )


def _without_merged(kind: str) -> str:
    return (
        "DELETE FROM people_sheet s USING people_person p"  # noqa: S608
        f" WHERE p.id = s.person_id AND p.standing = 'merged' {_persons(kind)}"
    )


def _persons(kind: str) -> str:
    return {
        _EVERYBODY: "",
        _REGION: "AND p.region_code >= %(lo)s AND p.region_code < %(hi)s",
        _PERSONS: "AND p.id = ANY(%(ids)s)",
    }[kind]


def tellings_in(rows: str) -> str:
    """What sources tell as of the day, out of these rows of people_circumstance (alias c); needs BELIEVED."""
    return f"""
SELECT c.person_id, c.fact, c.value, t.rank, c.as_of, c.source,
       (c.from_date IS NULL OR c.from_date <= %(today)s) AS holds,
       (c.from_date IS NULL OR c.from_date <= %(today)s) AND (t.old IS NULL OR c.as_of > t.old) AS usable,
       {CHANGES} AS changes
FROM {rows} c JOIN believed t ON t.fact = c.fact AND t.source = c.source
WHERE c.known_until IS NULL AND (c.until_date IS NULL OR c.until_date > %(today)s)"""  # noqa: S608


def pivoted(fact: str) -> str:
    """The value of one fact as a column, over the rows that BY_FACT gives of a person."""
    return f"max(value) FILTER (WHERE fact = '{fact}')::{_SQL_TYPES[PERSON_TABLE[fact].kind]} AS {fact}"
