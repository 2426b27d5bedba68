"""Work for the tests of jobs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import Progress, handler
from songhe.kernel.errors import BadInput
from songhe.people.models import Household

KEY = "张三的身份证号"


@handler("test.count", words="counting")
def count(job: Progress, upto: int) -> dict[str, Any]:
    with scoped(job.actor, "job test.count"):
        for number in range(upto):
            job.check_cancelled()
            job.at(number + 1, upto, f"数到{number + 1}")
    return {"counts": {"数到": upto}}


@handler("test.guarded", "people.import")
def guarded(job: Progress) -> dict[str, Any]:
    return {"counts": {"动作": len(job.actor.actions)}}


@handler("test.refused")
def refused(job: Progress) -> None:
    raise BadInput("第3行", "出生日期写错了")


@handler("test.broken")
def broken(job: Progress) -> None:
    raise ValueError(KEY)


@handler("test.slow")
def slow(job: Progress, region: str, flag: str, seconds: float) -> None:
    """Makes a household, says it is at work, and takes its time the first time."""
    with scoped(job.actor, "job test.slow"):
        Household.objects.create(region_code=region, address="慢活")
        first = not Path(flag).exists()
        Path(flag).touch()
        until = time.monotonic() + (seconds if first else 0)
        step = 0
        while time.monotonic() < until:
            job.check_cancelled()
            step += 1
            job.at(step, 100, "慢慢做")
            time.sleep(0.05)
        job.finish({"counts": {"户": 1}})
