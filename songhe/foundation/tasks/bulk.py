"""Many tasks of one kind at once, kept in step with what a query says is left to do about each subject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from songhe.foundation.outbox import publish
from songhe.foundation.tasks.events import TaskChanged, TaskClosed, TaskEvent, TaskMoved, TaskOpened
from songhe.foundation.tasks.kinds import kind_of

MOST_EACH = 100
_STREET, _DIGITS = 9, 12
# The task of each door is looked up by itself, once: how many tasks a kind has is what the planner knows least after a
# run that opened many, and comparing all of them with all doors takes minutes. Nor may it guess how many are open:
# hence coalesce, which fits no index.
_SETTLED = """
WITH wanted AS MATERIALIZED (
    SELECT d.*, o.id, o.region_code AS was,
           (o.title, o.due_date, o.region_code)
               IS DISTINCT FROM (left(d.title, 120), d.due_date, d.region_code) AS other
    FROM ({doors}) AS d LEFT JOIN LATERAL (
        SELECT t.id, t.title, t.due_date, t.region_code FROM tasks_task t
        WHERE t.kind = %(kind)s AND t.subject = d.subject AND t.state <> 'closed' OFFSET '0'::bigint) AS o ON true
), ended AS (
    UPDATE tasks_task t
    SET state = 'closed', closed_at = %(now)s, outcome = CASE WHEN w.subject = %(here)s THEN %(done)s ELSE 'moot' END,
        closed_by_id = CASE WHEN w.subject = %(here)s THEN %(by)s::uuid END
    FROM wanted w WHERE t.id = w.id AND coalesce(t.state, '') <> 'closed' AND w.due_date IS NULL
    RETURNING t.id, t.region_code, t.outcome
), altered AS (
    UPDATE tasks_task t SET title = left(w.title, 120), due_date = w.due_date, region_code = w.region_code
    FROM wanted w WHERE t.id = w.id AND coalesce(t.state, '') <> 'closed' AND w.due_date IS NOT NULL AND w.other
    RETURNING t.id, t.region_code, t.due_date, w.was
), opened AS (
    INSERT INTO tasks_task (id, kind, title, detail, subject, region_code, due_date, state, outcome, note, opened_at)
    SELECT gen_random_uuid(), %(kind)s, left(w.title, 120), '{{}}', w.subject, w.region_code, w.due_date, 'open', '',
           '', %(now)s
    FROM wanted w WHERE w.due_date IS NOT NULL AND w.id IS NULL
    ON CONFLICT DO NOTHING
    RETURNING id, region_code, due_date
), news AS (
    SELECT 'opened' AS what, region_code, id, due_date, '' AS more FROM opened
    UNION ALL SELECT 'closed', region_code, id, NULL, outcome FROM ended
    UNION ALL SELECT 'changed', region_code, id, due_date, was FROM altered
)
SELECT what, region_code, count(*), array_agg(id) FILTER (WHERE few), array_agg(due_date) FILTER (WHERE few),
       array_agg(more) FILTER (WHERE few)
FROM (SELECT news.*, count(*) OVER () <= %(most)s AS few FROM news) AS news GROUP BY what, region_code"""
_Row = tuple[str, str, int, list[UUID] | None, list[date | None] | None, list[str] | None]


@dataclass(frozen=True, slots=True)
class DoneBy:
    """Where somebody just did what was left: the task there is closed with this outcome, by the account."""

    subject: UUID
    outcome: str
    account: UUID | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of it; `rows` as the statement gives them, by division, naming each task when they are few."""

    kind: str
    rows: tuple[_Row, ...]

    @property
    def opened(self) -> int:
        """How many were opened."""
        return sum(row[2] for row in self.rows if row[0] == "opened")

    @property
    def total(self) -> int:
        """How many were opened, changed or closed."""
        return sum(row[2] for row in self.rows)

    def by_street(self) -> Mapping[str, Mapping[str, int]]:
        """How many "opened", "changed", "closed", by street."""
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for what, region, count, *_ in self.rows:
            found[region[:_STREET].ljust(_DIGITS, "0")][what] += count
        return found

    def each(self) -> Iterator[TaskEvent]:
        """An event a task. ValueError when they are more than MOST_EACH: then they are told of by number."""
        for what, region, _, ids, days, more in self.rows:
            if ids is None:
                raise ValueError(self.total)
            for task, day, word in zip(ids, days or (), more or (), strict=True):
                yield _event(what, word, day, region=region, task=task, kind=self.kind)


def settle_doors(*, kind: str, doors: str, cursor: Any, now: datetime, done: DoneBy | None = None) -> Settled:
    """Opens, alters and closes tasks so that each subject of the query has one as long as something is left.

    `doors` is SQL giving subject, region_code, title and due_date, NULL where nothing is left: such a task is closed
    with the outcome "moot", which the kind must have, or as `done` says. Titles hold no personal data. Nobody is told:
    that is for who calls, by `tell_each` as long as they are few.
    """
    if "moot" not in kind_of(kind).outcomes or (done and done.outcome not in kind_of(kind).outcomes):
        raise ValueError(kind)
    here, outcome, by = (done.subject, done.outcome, done.account) if done else (None, None, None)
    given = {"kind": kind, "now": now, "most": MOST_EACH, "here": here, "done": outcome, "by": by}
    cursor.execute(_SETTLED.format(doors=doors), given)
    return Settled(kind, tuple(cursor.fetchall()))


def tell_each(settled: Settled) -> None:
    """Tells of each task, in the transaction of the deed."""
    events = list(settled.each())
    if events:
        publish(*events)


def _event(what: str, more: str, day: date | None, *, region: str, task: UUID, kind: str) -> TaskEvent:
    if what == "closed":
        return TaskClosed(region=region, task=task, kind=kind, outcome=more)
    assert day is not None  # noqa: S101
    if what == "opened":
        return TaskOpened(region=region, task=task, kind=kind, due_date=day)
    if more != region:
        return TaskMoved(region=region, task=task, kind=kind, from_region=more)
    return TaskChanged(region=region, task=task, kind=kind, due_date=day)
