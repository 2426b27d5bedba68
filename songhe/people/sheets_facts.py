"""Sheets after many people were told the same few facts: only these are found anew, the others stand as they are.

A list of 200,000 rows tells two facts of thirty; making whole sheets would read all thirty. The outcome is what
`make_sheets` makes, and a test says so. When something that ended was the first to change the sheet, the day on which
the next one does is looked for among all facts; a sheet that is missing, or of yesterday, is made whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from django.db import connection

from songhe.people.sheets import BELIEVED, BY_FACT, CHANGES, make_sheets, parameters_of, pivoted, tellings_in

TOUCHED = "people_touched"
_AT_ONCE = 20_000
_OF_TELLING = ("person_id", "fact", "value", "source", "as_of", "from_date", "until_date", "known_until")
_TABLE = f"""
CREATE TEMPORARY TABLE {TOUCHED} (
    person_id uuid, fact text, source text, as_of date, from_date date, until_date date, since timestamptz
) ON COMMIT DROP"""
# Whose sheet is not there, or no longer stands by itself.
_WHOLE = f"""
SELECT DISTINCT g.person_id FROM {TOUCHED} g
LEFT JOIN people_sheet s ON s.person_id = g.person_id
WHERE s.person_id IS NULL OR s.fresh_until <= %(today)s"""  # noqa: S608
_FORGOTTEN = f"DELETE FROM {TOUCHED} WHERE person_id = ANY(%(whole)s)"  # noqa: S608
_ENDED = f"""
SELECT c.person_id, min({CHANGES}) AS changes
FROM {TOUCHED} c JOIN believed t ON t.fact = c.fact AND t.source = c.source
WHERE c.as_of IS NOT NULL AND (c.until_date IS NULL OR c.until_date > %(today)s)
GROUP BY c.person_id"""  # noqa: S608
_ANEW = "people_sheet_anew"
_NEXT = f"""
UPDATE {_ANEW} a SET fresh_until = n.changes
FROM (
    WITH {BELIEVED}
    SELECT c.person_id, min({CHANGES}) AS changes
    FROM people_circumstance c JOIN believed t ON t.fact = c.fact AND t.source = c.source
    WHERE c.known_until IS NULL AND (c.until_date IS NULL OR c.until_date > %(today)s)
      AND c.person_id IN (SELECT person_id FROM {_ANEW} WHERE uncertain)
    GROUP BY c.person_id
) AS n
WHERE n.person_id = a.person_id AND a.uncertain"""  # noqa: S608


def make_touched() -> None:
    """Makes the table TOUCHED of this transaction, empty: for each person and fact that is told anew what was ended.

    `as_of` stays empty where nothing was; `since` is for who fills the table. One row a person and fact.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{TOUCHED}")
        cursor.execute(_TABLE)


def remake_touched(*, today: date, facts: Sequence[str]) -> None:
    """Makes anew, of the persons in TOUCHED, what their sheets say of `facts`; no other fact may stand in it."""
    if not facts:
        return
    parameters = parameters_of(today)
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, parameters)
        whole = sorted(row[0] for row in cursor.fetchall())
        if whole:
            cursor.execute(_FORGOTTEN, {"whole": whole})
        cursor.execute(f"ANALYZE {TOUCHED}")
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{_ANEW}")
        cursor.execute(_anew(tuple(sorted(set(facts)))), parameters)
        cursor.execute(f"ANALYZE {_ANEW}")
        cursor.execute(f"SELECT EXISTS (SELECT FROM {_ANEW} WHERE uncertain)")  # noqa: S608
        if cursor.fetchone()[0]:
            cursor.execute(_NEXT, parameters)
        cursor.execute(_kept(tuple(sorted(set(facts)))), parameters)
        cursor.execute(f"DROP TABLE {_ANEW}")
    for start in range(0, len(whole), _AT_ONCE):
        make_sheets(today=today, person_ids=whole[start : start + _AT_ONCE])


@cache
def _anew(facts: tuple[str, ...]) -> str:
    """One row a person: the facts, which of them were touched, and the day on which the sheet changes by itself.

    That day is the earlier one of the sheet's and of the facts'; `uncertain` where what was ended had set it.
    """
    return f"""
CREATE TEMPORARY TABLE {_ANEW} ON COMMIT DROP AS
WITH {BELIEVED}, found AS MATERIALIZED (
    SELECT {", ".join(f"c.{name}" for name in _OF_TELLING)}
    FROM {TOUCHED} g
    JOIN people_circumstance c ON c.person_id = g.person_id AND c.fact = g.fact AND c.known_until IS NULL
), told AS ({tellings_in("found")}), by_fact AS ({BY_FACT}), ended AS ({_ENDED}), touched AS (
    SELECT person_id, {", ".join(pivoted(fact) for fact in facts)},
           array_agg(fact) AS facts,
           jsonb_agg(fact) FILTER (WHERE conflict) AS conflicts,
           jsonb_agg(fact) FILTER (WHERE stale) AS stale,
           min(changes) AS changes
    FROM {TOUCHED} LEFT JOIN by_fact USING (person_id, fact) GROUP BY person_id
)
SELECT touched.*, coalesce(ended.changes <= s.fresh_until, false) AS uncertain,
       CASE WHEN ended.changes <= s.fresh_until THEN touched.changes
            ELSE least(s.fresh_until, touched.changes) END AS fresh_until
FROM touched JOIN people_sheet s USING (person_id) LEFT JOIN ended USING (person_id)"""  # noqa: S608


@cache
def _kept(facts: tuple[str, ...]) -> str:
    columns = {fact: f"CASE WHEN '{fact}' = ANY(a.facts) THEN a.{fact} ELSE s.{fact} END" for fact in facts}
    columns |= {name: _merged(name) for name in ("conflicts", "stale")}
    columns["fresh_until"] = "a.fresh_until"
    return (
        f"UPDATE people_sheet s SET {', '.join(f'{name} = {value}' for name, value in columns.items())}"  # noqa: S608
        f" FROM {_ANEW} a WHERE a.person_id = s.person_id"
        f" AND ({', '.join(f's.{name}' for name in columns)}) IS DISTINCT FROM ({', '.join(columns.values())})"
    )


def _merged(name: str) -> str:
    """A list of facts without those that were touched, and with those of them that belong there, in order."""
    rest = f"(s.{name} - a.facts)"
    ordered = f'(SELECT jsonb_agg(one ORDER BY one COLLATE "C") FROM jsonb_array_elements_text({rest} || a.{name}) one)'  # noqa: S608
    return f"CASE WHEN a.{name} IS NULL THEN {rest} ELSE {ordered} END"
