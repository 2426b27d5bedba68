"""The states of a task and the only ways from one to the next."""

from __future__ import annotations

from django.db import models

from songhe.kernel.errors import Conflict


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", "没人接"
    TAKEN = "taken", "在办"
    CLOSED = "closed", "办结"


# Taken to taken: handed over. Closed to taken: reopened by who closed it, within a day.
TRANSITIONS: dict[TaskState, frozenset[TaskState]] = {
    TaskState.OPEN: frozenset({TaskState.TAKEN, TaskState.CLOSED}),
    TaskState.TAKEN: frozenset({TaskState.TAKEN, TaskState.OPEN, TaskState.CLOSED}),
    TaskState.CLOSED: frozenset({TaskState.TAKEN}),
}


def check_move(old: str, new: str) -> None:
    """Raises Conflict for a change that is not in the table."""
    if TaskState(new) not in TRANSITIONS[TaskState(old)]:
        raise Conflict(f"这件事已经{TaskState(old).label}，不能再{TaskState(new).label}")
