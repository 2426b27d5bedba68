"""What the portal tells."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from songhe.foundation.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAsked(Event):
    """Somebody asked for a code; whether anybody gets one is not told."""

    entrance: UUID
