"""Taking an applied batch back without the queue: for the command line and for building a city."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.people.imports.applying import Say
from songhe.people.imports.models import Batch
from songhe.people.imports.operations.opening import check_idle, check_state, the_batch
from songhe.people.imports.operations.working import take_list_back
from songhe.people.imports.states import BatchState
from songhe.people.permissions import UNDO


@transaction.atomic
def undo_at_once(*, actor: Actor, batch_id: UUID, reason: str, now: datetime, say: Say) -> Batch:
    """Takes an applied batch back here and now, whole or not at all; Refused when later changes rest on it."""
    actor.require(UNDO)
    batch = the_batch(actor, batch_id)
    check_state(batch, BatchState.APPLIED)
    check_idle(batch)
    batch.reason = reason
    batch.save(update_fields=["reason"])
    take_list_back(batch, actor=actor, now=now, say=say)
    return batch
