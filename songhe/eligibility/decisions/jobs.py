"""Long work on decisions: a whole region anew."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from songhe.eligibility.decisions.exporting import MOST_ROWS, write
from songhe.eligibility.decisions.operations.running import run_whole
from songhe.eligibility.decisions.permissions import EXPORT as MAY_EXPORT
from songhe.eligibility.decisions.permissions import RUN
from songhe.eligibility.decisions.queries.doors import items_of
from songhe.eligibility.decisions.queries.matters import Filters, listed
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs.handlers import handler
from songhe.foundation.jobs.progress import Progress
from songhe.foundation.uploads.lists import write_list
from songhe.kernel.errors import BadInput
from songhe.kernel.regions import significant
from songhe.kernel.told import phrase, told

WHOLE, EXPORT = "decisions.run", "decisions.export"


@handler(WHOLE, RUN, words="重新判定")
def whole(job: Progress) -> dict[str, Any]:
    """Decides everybody of the job's region anew."""
    now = timezone.now()

    def say(done: int, total: int, words: str) -> None:
        job.check_cancelled()
        job.at(done, total, words)

    with scoped(job.actor, f"job {WHOLE}"):
        region = significant(job.region)
        run = run_whole(actor=job.actor, region=region, on=timezone.localdate(now), now=now, say=say)
        figures = run.figures
        job.finish(
            {
                "link": "/decisions/",
                "counts": {
                    phrase("人"): figures["people"],
                    phrase("变了的人"): figures["changed"],
                    phrase("新派的户"): figures["doors"],
                },
            }
        )
    return {}


@handler(EXPORT, MAY_EXPORT, words="导出上门的事")
def export(job: Progress, *, filters: dict[str, str], kind: str) -> Any:
    """Writes the list of matters that the filters give, and keeps the file for who may export there."""
    today = timezone.localdate()
    with scoped(job.actor, f"job {EXPORT}"):
        found = listed(job.actor, Filters(**filters), today)
        total = found.count()
        if total > MOST_ROWS:
            problem, most = told("有{count}件，太多了", count=total), told("最多{most}件，先加筛选", most=MOST_ROWS)
            raise BadInput("上门的事", problem, accepted=most)

        items = items_of(job.region, today)
        write_list(
            job, lambda path, told: write(path, found, items, kind=kind, today=today, told=told), action=EXPORT,
            name=f"上门的事{today:%Y%m%d}.{kind}", total=total, unit="件", permission=MAY_EXPORT,
            detail={"filters": filters, "kind": kind},
        )  # fmt: skip
