"""Long work on results: taking the list along."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from songhe.assessment.exporting import MOST_ROWS, write
from songhe.assessment.permissions import EXPORT as MAY_EXPORT
from songhe.assessment.queries.results import ResultFilters, listed
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs.handlers import handler
from songhe.foundation.jobs.progress import Progress
from songhe.foundation.uploads.lists import write_list
from songhe.kernel.errors import BadInput
from songhe.kernel.told import told

EXPORT = "assessment.export"


@handler(EXPORT, MAY_EXPORT, words="导出评估结果")
def export(job: Progress, *, filters: dict[str, str], kind: str) -> Any:
    """Writes the list of results that the filters give, and keeps the file for who may export there."""
    today = timezone.localdate()
    with scoped(job.actor, f"job {EXPORT}"):
        found = listed(job.actor, ResultFilters(**filters), today)
        total = found.count()
        if total > MOST_ROWS:
            problem, most = told("有{count}件，太多了", count=total), told("最多{most}件，先加筛选", most=MOST_ROWS)
            raise BadInput("评估结果", problem, accepted=most)

        write_list(
            job, lambda path, told: write(path, found, kind=kind, today=today, told=told), action=EXPORT,
            name=f"评估结果{today:%Y%m%d}.{kind}", total=total, unit="件", permission=MAY_EXPORT,
            detail={"filters": filters, "kind": kind},
        )  # fmt: skip
