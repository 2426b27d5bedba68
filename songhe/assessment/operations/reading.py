"""Reading a result is written down: health data are read by nobody unseen."""

from __future__ import annotations

from collections.abc import Sequence

from songhe.assessment.models import Result
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Kind
from songhe.foundation.audit.recording import record

READ, REPORT = "assessment.read_result", "assessment.report"


def opened(actor: Actor, result: Result, *, action: str = READ) -> Result:
    """Writes that the actor reads the result, beside the person's other readings, and gives it."""
    seen_together(actor, [result], action=action)
    return result


def seen_together(actor: Actor, results: Sequence[Result], *, action: str = READ) -> None:
    """Writes that the actor reads results of one person on one page; nothing when there are none."""
    if not results:
        return
    detail = {"fields": ["assessment"], "reason": "", "results": [str(one.pk) for one in results]}
    record(
        actor, action=action, subject=results[0].person_id, region=results[0].region_code, detail=detail,
        kind=Kind.READING,
    )  # fmt: skip
