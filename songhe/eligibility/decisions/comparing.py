"""What the rules find otherwise than it is kept: the temporary tables `moved` and `gone` of a run.

`moved` has who came out otherwise with what is decided now (yes, unknown, held, fen) and what was kept (was_yes, …,
NULL for somebody new); `gone` has what is kept of those whom nothing decides any more. Over everybody both come from
one parallel pass that reads the sheets and the standings and writes down nobody who stayed the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from songhe.eligibility.decisions.statements import THESE, Listed, decided

FEW = 20_000  # as many are looked up one by one; of more all are read
_TABLES = ("decided", "differing", "received", "moved", "gone")
# What a person receives, as a word of the places of items.
_HELD = """
SELECT bit_or(1::bigint << i.position) AS held{person}
FROM decisions_receipt r JOIN decisions_listeditem i ON i.slug = r.item WHERE r.until_date IS NULL"""
_OF_ALL = f"({_HELD.format(person=', r.person_id')} GROUP BY r.person_id) AS h ON h.person_id = d.person_id"
_OF_EACH = f"LATERAL ({_HELD.format(person='')} AND r.person_id = d.person_id) AS h ON true"
_KEPT = """s.yes AS was_yes, s.unknown AS was_unknown, s.held AS was_held, s.fen AS was_fen,
       s.region_code AS was_region"""
_NOW = "d.region_code, d.release_id, d.yes, d.unknown, d.fen"
_WITHIN = "s.region_code >= %(lo)s AND s.region_code < %(hi)s"

_DECIDED = f"""
CREATE TEMP TABLE decided ON COMMIT DROP AS
SELECT d.*, coalesce(h.held, 0) AS held FROM ({{decided}}) AS d LEFT JOIN {_OF_EACH}"""  # noqa: S608
_MOVED_OF_FEW = f"""
CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT d.*, {_KEPT}
FROM decided d LEFT JOIN decisions_standing s ON s.person_id = d.person_id
WHERE (s.yes, s.unknown, s.held, s.fen, s.region_code) IS DISTINCT FROM (d.yes, d.unknown, d.held, d.fen, d.region_code)
"""  # noqa: S608
_GONE_OF_FEW = """
CREATE TEMP TABLE gone ON COMMIT DROP AS
SELECT s.person_id, s.region_code, s.yes, s.unknown, s.held, s.fen
FROM unnest(%(ids)s::uuid[]) AS w (person_id) JOIN decisions_standing s ON s.person_id = w.person_id
WHERE NOT EXISTS (SELECT FROM decided d WHERE d.person_id = w.person_id)"""

# Who is gone has no region_code. Whoever came from another region brings what was kept there.
_DIFFERING = f"""
CREATE TEMP TABLE differing ON COMMIT DROP AS
SELECT coalesce(d.person_id, s.person_id) AS person_id, {_NOW}, {_KEPT}
FROM ({{decided}}) AS d FULL JOIN decisions_standing s ON s.person_id = d.person_id
WHERE (s.yes, s.unknown, s.fen, s.region_code) IS DISTINCT FROM (d.yes, d.unknown, d.fen, d.region_code)
  AND (d.person_id IS NOT NULL OR {_WITHIN})"""  # noqa: S608
# A person receives an item once at a time. Where no receipt lacks its bit and there are as many bits as receipts, the
# words say what the receipts say.
_RECEIVED_OTHERWISE = f"""
SELECT count(*) <> (SELECT coalesce(sum(bit_count(s.held::bit(64))), 0) FROM decisions_standing s WHERE {_WITHIN})
       OR coalesce(bool_or(s.held & (1::bigint << i.position) = 0), false)
FROM decisions_receipt r JOIN decisions_listeditem i ON i.slug = r.item
JOIN decisions_standing s ON s.person_id = r.person_id
WHERE r.until_date IS NULL AND {_WITHIN}"""  # noqa: S608
_WHO_RECEIVES = f"""
CREATE TEMP TABLE received ON COMMIT DROP AS
SELECT d.person_id FROM decisions_standing d LEFT JOIN {_OF_ALL}
WHERE d.region_code >= %(lo)s AND d.region_code < %(hi)s AND d.held <> coalesce(h.held, 0)
  AND NOT EXISTS (SELECT FROM differing f WHERE f.person_id = d.person_id)"""  # noqa: S608
_RECEIVERS = f"""
INSERT INTO differing (person_id, region_code, release_id, yes, unknown, fen,
                       was_yes, was_unknown, was_held, was_fen, was_region)
SELECT d.person_id, {_NOW}, {_KEPT}
FROM ({{decided}}) AS d JOIN decisions_standing s ON s.person_id = d.person_id"""  # noqa: S608
_MOVED_OF_ALL = """
CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT d.*, coalesce(h.held, 0) AS held FROM differing d LEFT JOIN {held} WHERE d.region_code IS NOT NULL"""
_GONE_OF_ALL = """
CREATE TEMP TABLE gone ON COMMIT DROP AS
SELECT person_id, was_region AS region_code, was_yes AS yes, was_unknown AS unknown, was_held AS held, was_fen AS fen
FROM differing WHERE region_code IS NULL"""


def compare_few(cursor: Any, listed: Sequence[Listed], persons: Sequence[UUID]) -> int:
    """Decides these persons into the table `decided` and makes `moved` and `gone` of it; gives how many it decided."""
    statement = decided(tuple(listed), whose=THESE)
    _dropped(cursor)
    cursor.execute(_DECIDED.format(decided=statement.text), {**statement.parameters, "ids": persons})
    people = int(cursor.rowcount)
    cursor.execute("CREATE INDEX ON pg_temp.decided (person_id)")
    cursor.execute("ANALYZE decided (person_id)")
    cursor.execute(_GONE_OF_FEW, {"ids": persons})
    cursor.execute(_MOVED_OF_FEW)
    _known(cursor)
    return people


def compare_all(cursor: Any, listed: Sequence[Listed], lo: str, hi: str) -> None:
    """Decides everybody of the lists' regions and makes `moved` and `gone` of who differs; `lo` to `hi` is the run's.

    Whoever receives an item that the words do not know, or the other way round, has moved too.
    """
    within: Mapping[str, object] = {"lo": lo, "hi": hi}
    everybody = decided(tuple(listed))
    _dropped(cursor)
    cursor.execute(_DIFFERING.format(decided=everybody.text), {**everybody.parameters, **within})
    differing = int(cursor.rowcount)
    cursor.execute("ANALYZE differing (person_id)")
    cursor.execute(_RECEIVED_OTHERWISE, within)
    if cursor.fetchone()[0]:
        cursor.execute(_WHO_RECEIVES, within)
        cursor.execute("ANALYZE received")
        receivers = decided(tuple(listed), whose="s.person_id IN (SELECT person_id FROM received)")
        cursor.execute(_RECEIVERS.format(decided=receivers.text), receivers.parameters)
        differing += int(cursor.rowcount)
    if differing <= FEW:
        cursor.execute("SET LOCAL enable_nestloop = on")
    cursor.execute(_MOVED_OF_ALL.format(held=_OF_EACH if differing <= FEW else _OF_ALL))
    cursor.execute(_GONE_OF_ALL)
    _known(cursor)


def _dropped(cursor: Any) -> None:
    for table in _TABLES:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")


def _known(cursor: Any) -> None:
    """The planner takes a fresh table for a thousand rows otherwise."""
    cursor.execute("ANALYZE moved (person_id, was_yes)")
