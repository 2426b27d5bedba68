"""What the room tells others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from songhe.foundation.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseIssued(Event):
    """A release of a list was issued and holds from `from_date`; `region` is the list's."""

    release: UUID
    from_date: date
