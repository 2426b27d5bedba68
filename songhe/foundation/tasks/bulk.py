"""Many tasks of one kind at once, kept in step with what a query says is left to do about each subject."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from songhe.foundation.tasks.kinds import kind_of

_SETTLED = """
WITH wanted AS MATERIALIZED ({doors}), ended AS (
    UPDATE tasks_task t SET state = 'closed', outcome = 'moot', closed_at = %(now)s
    FROM wanted w WHERE t.kind = %(kind)s AND t.subject = w.subject AND t.state <> 'closed' AND w.due_date IS NULL
), altered AS (
    UPDATE tasks_task t SET title = left(w.title, 120), due_date = w.due_date, region_code = w.region_code
    FROM wanted w WHERE t.kind = %(kind)s AND t.subject = w.subject AND t.state <> 'closed' AND w.due_date IS NOT NULL
      AND (t.title, t.due_date, t.region_code) IS DISTINCT FROM (left(w.title, 120), w.due_date, w.region_code)
)
INSERT INTO tasks_task (id, kind, title, detail, subject, region_code, due_date, state, outcome, note, opened_at)
SELECT gen_random_uuid(), %(kind)s, left(w.title, 120), '{{}}', w.subject, w.region_code, w.due_date, 'open', '', '',
       %(now)s
FROM wanted w WHERE w.due_date IS NOT NULL
  AND NOT EXISTS (SELECT FROM tasks_task t WHERE t.kind = %(kind)s AND t.subject = w.subject AND t.state <> 'closed')
ON CONFLICT DO NOTHING"""


def settle_doors(*, kind: str, doors: str, cursor: Any, now: datetime) -> int:
    """Opens, alters and closes tasks so that each subject of the query has one as long as something is left.

    `doors` is SQL giving subject, region_code, title and due_date, NULL where nothing is left: such a task is closed
    with the outcome "moot", which the kind must have. Gives how many were opened. Titles hold no personal data.
    """
    if "moot" not in kind_of(kind).outcomes:
        raise ValueError(kind)
    cursor.execute(_SETTLED.format(doors=doors), {"kind": kind, "now": now})
    return int(cursor.rowcount)
