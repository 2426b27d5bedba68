"""How the departments' lists stand: which came last, and what waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from songhe.foundation.access.actors import Actor
from songhe.people.imports.models import Batch
from songhe.people.imports.sources import lists
from songhe.people.imports.states import BatchState
from songhe.people.permissions import APPROVE_IMPORT


@dataclass(frozen=True, slots=True)
class LastList:
    """One department's list and the batch that was applied last; without one all but the name is empty."""

    key: str
    name: str
    batch: UUID | None
    data_until: date | None
    rows: int


def last_lists() -> list[LastList]:
    """Every list with what was applied last within the scope."""
    applied = Batch.objects.filter(state=BatchState.APPLIED).order_by("source", "-data_until", "-applied_at")
    newest = {batch.source: batch for batch in applied.distinct("source")}
    return [_last(key, each.name, newest.get(key)) for key, each in lists().items()]


def waiting_for_approval(actor: Actor) -> int:
    """How many batches wait for the actor's approval: handed in and proposed by others."""
    if not actor.may(APPROVE_IMPORT):
        return 0
    own = Q(proposed_by=actor.account_id) | Q(created_by=actor.account_id)
    return Batch.objects.filter(state=BatchState.PROPOSED).exclude(own).count()


def _last(key: str, name: str, batch: Batch | None) -> LastList:
    if batch is None:
        return LastList(key, name, None, None, 0)
    return LastList(key, name, batch.pk, batch.data_until, int(batch.counts.get("read", 0)))
