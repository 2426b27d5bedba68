"""Long work with tasks: writing a list of them to a file."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import Progress, handler
from songhe.foundation.tasks import permissions
from songhe.foundation.tasks.exporting import MOST_ROWS, write
from songhe.foundation.tasks.queries import Filters, listed
from songhe.foundation.uploads.lists import write_list
from songhe.kernel.errors import BadInput
from songhe.kernel.told import told as said

EXPORT = "tasks.export"


@handler(EXPORT, permissions.READ, words="导出待办")
def export(job: Progress, *, filters: dict[str, str], kind: str) -> Any:
    """Writes the list that the filters give, and keeps the file for who asked for it."""
    today = timezone.localdate()
    with scoped(job.actor, f"job {EXPORT}"):
        tasks = listed(job.actor, Filters(**filters), today)
        total = tasks.count()
        if total > MOST_ROWS:
            raise BadInput(
                "待办",
                said("有{count}件，太多了", count=total),
                accepted=said("最多{most}件，先加筛选", most=MOST_ROWS),
            )

        write_list(
            job, lambda path, told: write(path, tasks, kind=kind, today=today, told=told), action=EXPORT,
            name=f"待办{today:%Y%m%d}.{kind}", total=total, unit="件", detail={"filters": filters, "kind": kind},
        )  # fmt: skip
