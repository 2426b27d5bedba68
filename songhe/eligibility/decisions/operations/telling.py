"""What a run tells of the work it made: each matter and task while they are few, else how many in each street.

Tens of thousands of events a night would hold up what people do, and who hears of them reads the list anew anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from songhe.eligibility.decisions.events import MatterClosed, MatterEvent, MatterOpened, MattersChanged
from songhe.eligibility.decisions.models import Matter, Run
from songhe.eligibility.decisions.terms import MatterKind, MatterOutcome
from songhe.foundation.outbox import publish
from songhe.foundation.outbox.events import Event
from songhe.foundation.tasks.bulk import MOST_EACH, Settled, tell_each

_FEW_PERSONS = 1_000
_THESE = """
FROM decisions_matter e
WHERE (e.run_id = %(run)s OR e.outcome = 'moot' AND e.closed_at = %(now)s AND e.closer = %(starter)s)"""
_EACH = f"SELECT e.id, e.region_code, e.kind, e.due_date, e.run_id = %(run)s AND e.closed_at IS NULL {_THESE}"
_OF_PERSONS = " AND e.person_id = ANY(%(persons)s)"
_BY_STREET = f"""
SELECT rpad(left(e.region_code, 9), 12, '0'), count(*) FILTER (WHERE e.closed_at IS NULL),
       count(*) FILTER (WHERE e.closed_at IS NOT NULL)
{_THESE} GROUP BY 1"""


def tell_of_run(run: Run, persons: Sequence[UUID] | None, opened: Mapping[str, int], settled: Settled) -> None:
    """Tells what the run opened and closed; `opened` are its counts by kind, with "moot" for what it closed."""
    matters = sum(opened[kind] for kind in (*MatterKind.values, MatterOutcome.MOOT.value))
    if not matters and not settled.total:
        return
    if max(matters, settled.total) > MOST_EACH:
        publish(*_by_street(run, matters, settled))
        return
    events = list(_each(run, persons)) if matters else []
    if events:
        publish(*events)
    tell_each(settled)


def _each(run: Run, persons: Sequence[UUID] | None) -> Iterator[MatterEvent]:
    few = persons if persons is not None and len(persons) <= _FEW_PERSONS else None
    text = _EACH + (_OF_PERSONS if few is not None else "")
    for matter, region, kind, due, is_open in _rows(text, run, persons=few and list(few)):
        if is_open:
            yield MatterOpened(region=region, matter=matter, kind=kind, due_date=due)
        else:
            yield MatterClosed(region=region, matter=matter, kind=kind, outcome=MatterOutcome.MOOT.value)


def _by_street(run: Run, matters: int, settled: Settled) -> Iterator[Event]:
    found = {street: (new, gone) for street, new, gone in (_rows(_BY_STREET, run) if matters else ())}
    tasks = settled.by_street()
    for street in sorted(found.keys() | tasks.keys()):
        new, gone = found.get(street, (0, 0))
        of_tasks = tasks.get(street, {})
        yield MattersChanged(
            region=street, run=run.pk, on_date=run.on_date, opened=new, closed=gone,
            tasks_opened=of_tasks.get("opened", 0), tasks_changed=of_tasks.get("changed", 0),
            tasks_closed=of_tasks.get("closed", 0),
        )  # fmt: skip


def _rows(text: str, run: Run, **more: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, {"run": run.pk, "now": run.started_at, "starter": run.starter, **more})
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def matter_told(what: type[MatterEvent], row: Matter, **more: Any) -> MatterEvent:
    """The event of one matter."""
    return what(region=row.region_code, matter=row.pk, kind=row.kind, **more)
