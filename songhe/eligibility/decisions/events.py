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
