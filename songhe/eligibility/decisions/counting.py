"""How items stand in communities: people, yes, unknown, receiving, the gap, and money."""

from __future__ import annotations

from datetime import date
from typing import Any

from songhe.eligibility.decisions.places import known_places

_RECEIVED = """
SELECT s.region_code, i.position, count(*) AS receiving,
       count(*) FILTER (WHERE s.yes & (1::bigint << i.position) <> 0) AS within
FROM decisions_receipt r
JOIN decisions_listeditem i ON i.slug = r.item
JOIN decisions_standing s ON s.person_id = r.person_id
WHERE r.until_date IS NULL {regions}
GROUP BY s.region_code, i.position"""


def recount(cursor: Any, *, on: date, regions: str = "") -> int:
    """Counts every item anew, in the scope or in the communities that a query names; gives how many rows were written.

    A person whose standing was decided by a list that lacks the item counts as no.
    """
    places = sorted(known_places().values())
    within = f"AND s.region_code IN ({regions})" if regions else ""
    columns = ["count(*) AS people"]
    for place in places:
        bit = f"{1 << place}::bigint"
        columns += [
            f"count(*) FILTER (WHERE s.yes & {bit} <> 0) AS y{place}",
            f"count(*) FILTER (WHERE s.unknown & {bit} <> 0) AS u{place}",
            f"coalesce(sum(s.fen[{place + 1}]), 0) AS f{place}",
        ]
    rows = ", ".join(f"({place}, c.y{place}, c.u{place}, c.f{place})" for place in places)
    where = f"WHERE region_code IN ({regions})" if regions else ""
    cursor.execute(f"DELETE FROM decisions_count {where}")  # noqa: S608
    cursor.execute(
        f"""
INSERT INTO decisions_count (region_code, position, on_date, people, yes, unknown, receiving, gap, beyond, fen)
SELECT c.region_code, v.position, %(on)s, c.people, v.yes, v.unknown, coalesce(r.receiving, 0),
       v.yes - coalesce(r.within, 0), coalesce(r.receiving - r.within, 0), v.fen
FROM (SELECT s.region_code, {", ".join(columns)} FROM decisions_standing s WHERE true {within} GROUP BY s.region_code) c
CROSS JOIN LATERAL (VALUES {rows}) AS v (position, yes, unknown, fen)
LEFT JOIN ({_RECEIVED.format(regions=within)}) AS r ON r.region_code = c.region_code AND r.position = v.position""",  # noqa: S608
        {"on": on},
    )
    return int(cursor.rowcount)
