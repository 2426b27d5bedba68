"""The list of tasks as a file: what the page shows of each, no personal data. Streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.presenters import TaskWords, presented
from songhe.ui.exports import write_rows
from songhe.ui.lists import PIECE, pieces_of

HEAD = (
    N_("事项"), N_("类别"), N_("地方"), N_("期限"), N_("状态"),
    N_("谁在办"), N_("开出"), N_("办结"), N_("结果"), N_("说明"),
)  # fmt: skip
MOST_ROWS = 100_000
Told = Callable[[int], None]


def write(path: Path, tasks: QuerySet[Task], *, kind: str, today: date, told: Told) -> int:
    """Writes the tasks to a file; gives how many rows. `told` hears how far it is."""
    return write_rows(path, _("待办"), [_(words) for words in HEAD], _rows(tasks, today, told), kind=kind)


def _rows(tasks: QuerySet[Task], today: date, told: Told) -> Iterator[list[str]]:
    for piece in pieces_of(tasks.iterator(chunk_size=PIECE), told):
        yield from map(_cells, presented(piece, today, named=False))


def _cells(one: TaskWords) -> list[str]:
    task = one.task
    return [
        task.title, one.kind, one.place, task.due_date.isoformat(),
        one.when if one.overdue else str(task.get_state_display()), task.owner.name if task.owner else "",
        localdate(task.opened_at).isoformat(), localdate(task.closed_at).isoformat() if task.closed_at else "",
        one.outcome, task.note,
    ]  # fmt: skip
