"""What the door tells: only to the page of what did not arrive, from where it can be sent again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from songhe.foundation.outbox.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookFailed(Event):
    """A message to a system was tried for the last time and not taken."""

    message: UUID
