"""The list of tasks as a file: what the page shows of each, no personal data. Streams."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO, cast

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.presenters import TaskWords, presented
from songhe.ui.exports import write_csv, write_xlsx
from songhe.ui.lists import PIECE, pieces_of

KINDS = {"xlsx": N_("表格（XLSX）"), "csv": N_("文本（CSV）")}
HEAD = (
    N_("事项"), N_("类别"), N_("地方"), N_("期限"), N_("状态"),
    N_("谁在办"), N_("开出"), N_("办结"), N_("结果"), N_("说明"),
)  # fmt: skip
MOST_ROWS = 100_000
Told = Callable[[int], None]


def written(tasks: QuerySet[Task], *, kind: str, today: date, told: Told) -> tuple[Path, int]:
    """Writes the tasks to a file in a temporary folder; gives it and how many rows. `told` hears how far it is."""
    head, rows = [_(words) for words in HEAD], _rows(tasks, today, told)
    with tempfile.NamedTemporaryFile(prefix="songhe-", suffix=f".{kind}", delete=False) as file:
        path = Path(file.name)
        try:
            if kind == "xlsx":
                return path, write_xlsx(cast(BinaryIO, file), _("待办"), head, rows)
            return path, write_csv(path, head, rows)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


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
