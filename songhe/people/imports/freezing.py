"""What of a batch would be written, in numbers and as a hash: approval is given to exactly this list."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db.models import Count

from songhe.kernel.errors import Conflict
from songhe.people.imports.loading import fetch
from songhe.people.imports.models import Batch, StagedRow
from songhe.people.imports.terms import RowKind

KINDS = (RowKind.NEW, RowKind.CHANGED, RowKind.CONFLICTING, RowKind.GONE, RowKind.SAME)
# A death on another day than the register has is never written over: a person mends the file.
_WRITTEN = """
FROM imports_change c JOIN imports_stagedrow r ON r.batch_id = c.batch_id AND r.number = c.number
WHERE c.batch_id = %(batch)s AND r.included AND r.kind = ANY(%(kinds)s)
  AND NOT (c.fact = 'death_date' AND c.verdict = 'conflicting')"""
_HASH = f"""
SELECT encode(sha256(convert_to(
    coalesce(string_agg(line, E'\\n' ORDER BY number, fact COLLATE "C"), ''), 'UTF8')), 'hex')
FROM (
    SELECT c.number, c.fact, concat_ws('|', c.number, c.person, c.fact, c.value, c.from_date, c.verdict, c.replaced)
        AS line {_WRITTEN}
    UNION ALL
    SELECT r.number, '', concat_ws('|', r.number, r.person, r.kind, encode(sha256(r.sealed), 'hex'))
    FROM imports_stagedrow r
    WHERE r.batch_id = %(batch)s AND r.included AND r.identity_index IS NOT NULL
) AS written"""  # noqa: S608
_MOVED = f"""
SELECT count(DISTINCT c.number) AS number
FROM (SELECT c.* {_WRITTEN} AND c.fact <> 'death_date') AS c
LEFT JOIN people_circumstance now
    ON now.person_id = c.person AND now.fact = c.fact AND now.source = %(source)s AND now.known_until IS NULL
WHERE now.id IS DISTINCT FROM c.replaced"""  # noqa: S608
_MOVED_PERSONS = f"""
SELECT count(DISTINCT c.number) AS number
FROM (SELECT c.*, r.identity_index IS NOT NULL AS fresh {_WRITTEN}) AS c
LEFT JOIN people_person p ON p.id = c.person
WHERE CASE WHEN c.fresh THEN p.id IS NOT NULL
           ELSE p.id IS NULL OR p.standing = 'merged' OR (c.fact = 'death_date' AND p.death_date IS NOT NULL) END"""  # noqa: S608
_TAKEN = """
SELECT count(*) AS number FROM imports_stagedrow r
WHERE r.batch_id = %(batch)s AND r.included AND r.identity_index IS NOT NULL
  AND people_identity_taken(r.identity_index)"""


def written_query() -> str:
    """From and where of the changes that would be written (alias c) with their rows (alias r)."""
    return _WRITTEN


def parameters(batch: Batch, source: str = "") -> dict[str, Any]:
    """What `written_query` needs."""
    return {"batch": batch.pk, "kinds": [kind.value for kind in KINDS], "source": source}


def hash_of(batch: Batch) -> str:
    """The hash over every change and every new person that would be written."""
    return str(fetch(_HASH, parameters(batch), {"hash": pl.String})["hash"][0])


def totals(batch: Batch) -> dict[str, Any]:
    """How many people and facts would be written, by kind of row and by fact."""
    rows = (
        StagedRow.objects.filter(batch=batch, included=True, kind__in=KINDS).values_list("kind").annotate(Count("id"))
    )
    facts: dict[str, dict[str, int]] = {}
    query = f"SELECT c.fact, c.verdict, count(*) {_WRITTEN} GROUP BY 1, 2 ORDER BY 1, 2"
    found = fetch(query, parameters(batch), {"fact": pl.String, "verdict": pl.String, "count": pl.Int64})
    for fact, verdict, count in found.iter_rows():
        facts.setdefault(fact, {})[verdict] = count
    fresh = StagedRow.objects.filter(batch=batch, included=True, identity_index__isnull=False).count()
    return {"rows": dict(rows), "facts": facts, "registered": fresh}


def anything_written(batch: Batch) -> bool:
    """Whether anything at all would be written, as the rows stand now; found without counting them."""
    query = f"""
SELECT EXISTS (SELECT {_WRITTEN})
    OR EXISTS (SELECT FROM imports_stagedrow WHERE batch_id = %(batch)s AND included AND identity_index IS NOT NULL)"""  # noqa: S608
    return bool(fetch(query, parameters(batch), {"any": pl.Boolean})["any"][0])


def is_empty(found: dict[str, Any]) -> bool:
    """Whether nothing at all would be written."""
    return not found["facts"] and not found["registered"]


def check_unmoved(batch: Batch, source: str) -> None:
    """Conflict when the register has changed since the comparison, so that the list would say something else now."""
    values = parameters(batch, source)
    moved = sum(int(fetch(query, values, {"n": pl.Int64})["n"][0]) for query in (_MOVED, _MOVED_PERSONS, _TAKEN))
    if moved:
        raise Conflict(f"比对以后，有{moved:,}人的记录变了，请重新比对")
