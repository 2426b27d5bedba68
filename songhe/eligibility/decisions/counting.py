"""How items stand in communities: people, yes, unknown, receiving, the gap, and money.

All of it follows from the words of the standings. Few people have words of their own, so equal ones are put together
first. A person whose standing was decided by a list that lacks the item counts as no.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from songhe.eligibility.decisions.places import known_places

_COLUMNS = ("people", "yes", "unknown", "receiving", "gap", "beyond", "fen")
_WORDS = "region_code, yes, unknown, held, fen"

# What the people who moved leave where they were, and bring where they are.
_MOVED = f"""
SELECT {_WORDS}, count(*) AS n FROM moved GROUP BY {_WORDS}
UNION ALL SELECT was_region, was_yes, was_unknown, was_held, was_fen, -count(*) FROM moved
WHERE was_yes IS NOT NULL GROUP BY was_region, was_yes, was_unknown, was_held, was_fen
UNION ALL SELECT {_WORDS}, -count(*) FROM gone GROUP BY {_WORDS}"""  # noqa: S608


def recount(cursor: Any, *, on: date, regions: str = "", **named: object) -> int:
    """Counts every item anew, in the scope or in the communities that a query names; gives how many were written.

    `named` are the parameters of the query.
    """
    where = f"WHERE region_code IN ({regions})" if regions else ""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.alike")
    cursor.execute(
        f"CREATE TEMP TABLE alike ON COMMIT DROP AS SELECT {_WORDS}, count(*) AS n FROM decisions_standing {where}"  # noqa: S608
        f" GROUP BY {_WORDS}",
        named,
    )
    cursor.execute(f"DELETE FROM decisions_count {where}", named)  # noqa: S608
    cursor.execute(
        f"INSERT INTO decisions_count (region_code, position, on_date, {', '.join(_COLUMNS)})"  # noqa: S608
        f" SELECT c.region_code, c.position, %(on)s, {', '.join(_COLUMNS)} FROM ({_by_place('alike')}) AS c",
        {"on": on},
    )
    return int(cursor.rowcount)


def count_moved(cursor: Any, *, on: date) -> int:
    """Adds to the counts what the run's people who moved or are gone make different; gives how many rows were written.

    Communities without counts are counted whole. What stays as it is on the day is not written again.
    """
    differ = f"({', '.join(f'm.{name}' for name in _COLUMNS)}) <> ({', '.join('0' for _ in _COLUMNS)})"
    added = ", ".join(f"{name} = greatest(c.{name} + m.{name}, 0)" for name in _COLUMNS)
    cursor.execute(
        f"UPDATE decisions_count c SET on_date = %(on)s, {added} FROM ({_by_place(f'({_MOVED}) AS parts')}) AS m"  # noqa: S608
        " WHERE c.region_code = m.region_code AND c.position = m.position"
        f" AND (c.on_date <> %(on)s OR {differ})",
        {"on": on},
    )
    written = int(cursor.rowcount)
    without = """SELECT region_code FROM moved m
                 WHERE NOT EXISTS (SELECT FROM decisions_count c WHERE c.region_code = m.region_code)"""
    cursor.execute(f"SELECT EXISTS ({without})")
    return written + (recount(cursor, on=on, regions=without) if cursor.fetchone()[0] else 0)


def _by_place(alike: str) -> str:
    """One row a community and item of a table of words and how many people have them."""
    places = sorted(known_places().values())
    columns = ["sum(n) AS people"]
    for place in places:
        bit = f"{1 << place}::bigint"
        columns += [
            f"coalesce(sum(n) FILTER (WHERE yes & {bit} <> 0), 0) AS y{place}",
            f"coalesce(sum(n) FILTER (WHERE unknown & {bit} <> 0), 0) AS u{place}",
            f"coalesce(sum(n) FILTER (WHERE held & {bit} <> 0), 0) AS r{place}",
            f"coalesce(sum(n) FILTER (WHERE yes & ~held & {bit} <> 0), 0) AS g{place}",
            f"coalesce(sum(n) FILTER (WHERE held & ~yes & {bit} <> 0), 0) AS b{place}",
            f"coalesce(sum(n * fen[{place + 1}]), 0) AS f{place}",
        ]
    rows = ", ".join(f"({place}, y{place}, u{place}, r{place}, g{place}, b{place}, f{place})" for place in places)
    return f"""
SELECT w.region_code, v.position, w.people, v.yes, v.unknown, v.receiving, v.gap, v.beyond, v.fen
FROM (SELECT region_code, {", ".join(columns)} FROM {alike} GROUP BY region_code) AS w
CROSS JOIN LATERAL (VALUES {rows}) AS v (position, yes, unknown, receiving, gap, beyond, fen)"""  # noqa: S608
