"""Long work on decisions: a whole region anew."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from songhe.eligibility.decisions.operations.running import run_whole
from songhe.eligibility.decisions.permissions import RUN
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs.handlers import handler
from songhe.foundation.jobs.progress import Progress
from songhe.kernel.regions import significant

WHOLE = "decisions.run"


@handler(WHOLE, RUN, words="重新判定")
def whole(job: Progress) -> dict[str, Any]:
    """Decides everybody of the job's region anew."""
    now = timezone.now()

    def say(done: int, total: int, words: str) -> None:
        job.check_cancelled()
        job.at(done, total, words)

    with scoped(job.actor, f"job {WHOLE}"):
        region = significant(job.region) if job.region.strip("0") else ""
        run = run_whole(actor=job.actor, region=region, on=timezone.localdate(now), now=now, say=say)
        figures = run.figures
        job.finish(
            {
                "link": "/decisions/",
                "counts": {"人": figures["people"], "变了的人": figures["changed"], "新派的户": figures["doors"]},
            }
        )
    return {}
