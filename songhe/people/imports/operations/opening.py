"""Finding a batch for its actor, locked until the deed is done."""

from __future__ import annotations

from uuid import UUID

from django.db import OperationalError, transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.states import OPEN
from songhe.kernel.errors import Conflict, NotFound
from songhe.kernel.told import phrase, told
from songhe.people.imports.models import Batch
from songhe.people.imports.queries import WHAT
from songhe.people.imports.states import BatchState

_BUSY = phrase("后台正在处理这批名册，等它完成，或者先停掉它")


def the_batch(actor: Actor, batch_id: UUID, *, wait: bool = False) -> Batch:
    """The batch, locked. NotFound when it is not there, or not the actor's to see.

    Conflict while somebody else is at it, unless one is to `wait`.
    """
    try:
        with transaction.atomic():
            batch = Batch.objects.select_for_update(nowait=not wait).filter(pk=batch_id).first()
    except OperationalError:
        raise Conflict(_BUSY) from None
    if batch is None or not actor.covers(batch.region_code):
        raise NotFound(WHAT)
    return batch


def check_state(batch: Batch, *states: BatchState) -> None:
    """Conflict when the batch is in none of these states."""
    if batch.state not in states:
        raise Conflict(told("这批名册现在是“{state}”，不能这样做", state=batch.get_state_display()))


def is_at_work(batch: Batch) -> bool:
    """Whether a job is at the batch."""
    return batch.job is not None and Job.objects.filter(pk=batch.job, state__in=OPEN).exists()


def check_idle(batch: Batch) -> None:
    """Conflict while a job is at the batch."""
    if is_at_work(batch):
        raise Conflict(_BUSY)
