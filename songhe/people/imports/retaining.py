"""What of a list is not kept for ever: its rows, its errors, its file. Counts, hashes and what it told stay."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Q

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.foundation.days import start_of
from songhe.foundation.uploads.models import Upload
from songhe.foundation.uploads.operations import discard
from songhe.people.imports.models import Batch
from songhe.people.imports.staging import clear
from songhe.people.imports.states import BatchState

_FILE = Path(__file__).with_name("retention.yaml")


@cache
def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return sorted(entries, key=lambda entry: entry["from"])


def days_kept(on: date) -> int:
    """How many days rows and files are kept, as it holds on the day; before the first entry as that one has it."""
    holding = [entry for entry in _entries() if entry["from"] <= on] or _entries()[:1]
    return int(holding[-1]["days"])


def empty_old_lists(*, today: date, now: datetime) -> int:
    """Removes rows and files of lists that were written or taken back long enough ago; how many lists.

    Each list by itself: what was removed before something went wrong stays removed.
    """
    actor = Actor.system("名册清理", "")
    before = start_of(today - timedelta(days_kept(today)))
    with scoped(actor, "imports.retention"):
        done = Q(state=BatchState.APPLIED, applied_at__lt=before) | Q(state=BatchState.UNDONE, undone_at__lt=before)
        old = list(Batch.objects.filter(done, emptied_at=None).order_by("created_at").values_list("pk", flat=True))
    return sum(_emptied(actor, batch_id, now) for batch_id in old)


def _emptied(actor: Actor, batch_id: Any, now: datetime) -> int:
    with scoped(actor, "imports.retention"):
        batch = Batch.objects.select_for_update(skip_locked=True).filter(pk=batch_id, emptied_at=None).first()
        if batch is None:  # somebody is taking it back at this moment
            return 0
        clear(batch)
        upload = Upload.objects.filter(pk=batch.upload).first()
        if upload is not None:
            discard(actor=actor, upload=upload, now=now)
        batch.emptied_at = now
        batch.save(update_fields=["emptied_at"])
        record(actor, action="people.import.empty", subject=batch.pk, region=batch.region_code)
        return 1
