"""Opening a result is written down: health data are read by nobody unseen."""

from __future__ import annotations

from songhe.assessment.models import Result
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Kind
from songhe.foundation.audit.recording import record

READ, REPORT = "assessment.read_result", "assessment.report"


def opened(actor: Actor, result: Result, *, action: str = READ) -> Result:
    """Writes that the actor reads the result, beside the person's other readings, and gives it."""
    detail = {"fields": ["assessment"], "reason": "", "result": str(result.pk)}
    record(
        actor, action=action, subject=result.person_id, region=result.region_code, detail=detail, kind=Kind.READING
    )  # fmt: skip
    return result
