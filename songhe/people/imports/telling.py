"""Whom a list is told to: a task for who may approve it, a message to who sent it. Nothing of a person is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.notices import send
from songhe.foundation.tasks import close_about, open_task
from songhe.people.imports.models import Batch
from songhe.people.imports.sources import list_of
from songhe.people.kinds import APPROVE_LIST

DAYS_TO_APPROVE = 5
APPROVED, SENT_BACK, GIVEN_UP = "approved", "sent_back", "given_up"


def ask_for_approval(batch: Batch, *, actor: Actor, now: datetime) -> None:
    """Opens the task of the second person."""
    open_task(
        actor=actor, kind=APPROVE_LIST.code, title=f"{list_of(batch.source).name}等审批", region=batch.region_code,
        subject=batch.pk, due_date=timezone.localdate(now) + timedelta(DAYS_TO_APPROVE), now=now,
    )  # fmt: skip


def approval_done(batch: Batch, outcome: str, *, actor: Actor, now: datetime) -> None:
    """Closes it: the list was approved, or needs no approval any more."""
    close_about(actor=actor, kind=APPROVE_LIST.code, subject=batch.pk, outcome=outcome, now=now)


def tell_officers(batch: Batch, what: str, text: str, *, by: UUID | None, now: datetime) -> None:
    """Tells who handed the list in and who proposed it what became of it; not whoever did it (`by`)."""
    officers = {batch.created_by, batch.proposed_by} - {None, by}
    title = f"{list_of(batch.source).name}{what}"
    send([one for one in officers if one], title, text, reverse("import", args=[batch.pk]), now=now)
