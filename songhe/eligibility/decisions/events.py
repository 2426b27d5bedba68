"""What the room tells others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from songhe.foundation.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsChanged(Event):
    """A run changed what people may have; of one person, or (`person` empty) of those that the run names."""

    run: UUID
    on_date: date
    person: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterEvent(Event):
    """Base of these: one matter, of a kind. Whose it is and about what is asked for by its id."""

    matter: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterOpened(MatterEvent):
    """There is something to settle with somebody, until a day."""

    due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterPutOff(MatterEvent):
    """Nobody was found: it waits until another day."""

    due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterClosed(MatterEvent):
    """It is settled, with an outcome; "corrected" is also an answer to what was asked, "moot" is a run's own."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReopened(MatterEvent):
    """Settling it was taken back, or what it stood still for is over."""

    due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MattersChanged(Event):
    """A run opened and closed so much that it is told by number: how much in one street (`region`), tasks too.

    Nothing of it is told singly.
    """

    run: UUID
    on_date: date
    opened: int
    closed: int
    tasks_opened: int
    tasks_changed: int
    tasks_closed: int
