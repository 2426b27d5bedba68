"""Verifying in the background."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.heads import read_heads
from songhe.foundation.audit.permissions import VERIFY
from songhe.foundation.audit.recording import record
from songhe.foundation.audit.verifying import record_check, verify
from songhe.foundation.jobs import Progress, handler

VERIFYING = "audit.verify"


@handler(VERIFYING, VERIFY, words="验审计封条")
def verify_in_background(job: Progress) -> dict[str, object]:
    """Verifies all blocks and the heads outside, and keeps what was found."""

    def told(done: int, total: int) -> None:
        job.at(done, total, f"验到第{done}块，共{total}块")
        job.check_cancelled()

    found = verify(read_heads(settings.AUDIT_HEADS), told=told)
    with scoped(job.actor, "job audit.verify"):
        record_check(found, by=job.actor.name, now=timezone.now())
        detail = {"blocks": found.blocks, "until": found.until_id, "problems": len(found.problems)}
        record(job.actor, action=VERIFYING, detail=detail)
    counts = {"块": found.blocks, "条记录": found.entries, "处不对": len(found.problems)}
    return {"link": reverse("audit"), "counts": counts}
