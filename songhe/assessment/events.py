"""What the room tells others. Ids and dates only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from songhe.foundation.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentAsked(Event):
    """Somebody asked for an assessment of a person."""

    person: UUID
    assessment: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentConfirmed(Event):
    """A result stands: it may be objected to, and counts from now on."""

    person: UUID
    result: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentObjected(Event):
    """Somebody doubts a result: until that is answered it is not final."""

    person: UUID
    result: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentReplaced(Event):
    """A result stands no longer: a newer one took its place."""

    person: UUID
    result: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentWithdrawn(Event):
    """A result stands no longer and none took its place."""

    person: UUID
    result: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentsTaken(Event):
    """So many results came from a file or a system at once, or such a batch was taken back (`withdrawn`)."""

    batch: UUID
    new: int
    withdrawn: int
