"""The states of a task and the only ways from one to the next."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from songhe.kernel.errors import Conflict
from songhe.kernel.told import told


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", _("没人接")
    TAKEN = "taken", _("在办")
    CLOSED = "closed", _("办结")


# Taken to taken: handed over. Closed to taken: reopened by who closed it, within a day.
TRANSITIONS: dict[TaskState, frozenset[TaskState]] = {
    TaskState.OPEN: frozenset({TaskState.TAKEN, TaskState.CLOSED}),
    TaskState.TAKEN: frozenset({TaskState.TAKEN, TaskState.OPEN, TaskState.CLOSED}),
    TaskState.CLOSED: frozenset({TaskState.TAKEN}),
}


def check_move(old: str, new: str) -> None:
    """Raises Conflict for a change that is not in the table."""
    if TaskState(new) not in TRANSITIONS[TaskState(old)]:
        raise Conflict(told("这件事已经{old}，不能再{new}", old=TaskState(old).label, new=TaskState(new).label))
