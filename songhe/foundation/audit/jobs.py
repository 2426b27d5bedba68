"""Verifying in the background."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.exporting import write
from songhe.foundation.audit.heads import read_heads
from songhe.foundation.audit.permissions import EXPORT, VERIFY
from songhe.foundation.audit.queries import entries, read_wanted
from songhe.foundation.audit.recording import exported, record
from songhe.foundation.audit.verifying import record_check, verify
from songhe.foundation.jobs import Progress, handler
from songhe.foundation.uploads.operations import adopt
from songhe.foundation.uploads.plain import plain_file
from songhe.kernel.told import phrase

VERIFYING, EXPORTING = "audit.verify", "audit.export"


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
    counts = {phrase("块"): found.blocks, "条记录": found.entries, phrase("处不对"): len(found.problems)}
    return {"link": reverse("audit"), "counts": counts}


@handler(EXPORTING, EXPORT, words="导出审计记录")
def export_in_background(job: Progress, *, wanted: dict[str, Any]) -> None:
    """Writes the wanted entries to a file that auditors there may take along; `wanted` as `told_wanted` gives it."""
    today = timezone.localdate()
    with scoped(job.actor, f"job {EXPORTING}"), plain_file("audit.csv") as path:
        chosen = read_wanted(wanted)
        total = entries(chosen).count()

        def told(done: int) -> None:
            job.check_cancelled()
            job.at(done, total, f"写了{done}条，共{total}条")

        count = write(path, chosen, told=told)
        file = adopt(job.actor, path, f"审计记录{today:%Y%m%d}.csv", region=job.region, permission=EXPORT)
        exported(job.actor, action=EXPORTING, rows=count, detail=wanted | {"file": str(file.pk)}, region=job.region)
        job.finish({"link": reverse("upload", args=[file.pk]), "counts": {phrase("条记录"): count}})
