"""What happens to tasks, told to others: ids, kinds, days and outcomes. Who has one, and what it says, is not told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from songhe.foundation.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEvent(Event):
    """Base of these: one task, of a kind."""

    task: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(TaskEvent):
    """There is something to do, until a day."""

    due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTaken(TaskEvent):
    """Somebody has it: took it, or was handed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPutBack(TaskEvent):
    """Nobody has it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMoved(TaskEvent):
    """It belongs to another division: `region`, and no longer `from_region`."""

    from_region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChanged(TaskEvent):
    """It is due on another day, or there is more or less to do in it."""

    due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed(TaskEvent):
    """It is done, with an outcome of its kind."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReopened(TaskEvent):
    """Closing it was taken back."""

    due_date: date
