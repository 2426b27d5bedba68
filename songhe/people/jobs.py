"""Long work of the register: writing a list of people to a file, counting the groups anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import Progress, handler
from songhe.foundation.uploads.lists import write_list
from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase
from songhe.people import permissions, presenters
from songhe.people.counts import recount
from songhe.people.exporting import MOST_ROWS, write
from songhe.people.queries.filters import Filters
from songhe.people.queries.listing import ids_in_order

EXPORT, COUNT = "people.export", "people.count"


@handler(EXPORT, permissions.EXPORT, words="导出老人名单")
def export(job: Progress, *, query: str, kind: str, columns: list[str], people: list[str] | None = None) -> Any:
    """Writes the list that `query` says, or those `people` of it, and keeps the file for who may export there."""
    today = timezone.localdate()
    chosen = None if people is None else [UUID(one) for one in people]
    with scoped(job.actor, f"job {EXPORT}"):
        ids = ids_in_order(job.actor, Filters.read(QueryDict(query)), today=today, found=chosen)
        if len(ids) > MOST_ROWS:
            raise BadInput("名单", f"有{len(ids)}人，太多了", accepted=f"最多{MOST_ROWS}人，先加筛选")

        shown = presenters.columns_of(columns)
        write_list(
            job, lambda path, told: write(path, ids, shown, kind=kind, today=today, told=told), action=EXPORT,
            name=f"老人名单{today:%Y%m%d}.{kind}", total=len(ids), unit="人", permission=permissions.EXPORT,
            detail={"query": query, "columns": columns, "kind": kind, "chosen": people is not None},
        )  # fmt: skip


@handler(COUNT, words="重新数各类老人")
def count(job: Progress, *, region: str = "") -> Any:
    """Counts the groups of a region by community."""
    with scoped(job.actor, f"job {COUNT}"):
        number = recount(today=timezone.localdate(), now=timezone.now(), region=region)
        job.finish({"counts": {phrase("社区"): number}})
