"""Events a room tells: written with the deed, delivered afterwards, repeated until they are taken.

A room calls `publish`; its kinds of events derive from `songhe.foundation.outbox.events.Event`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from songhe.foundation.outbox.events import Event


def publish(*events: Event) -> None:
    """See `publishing.publish`."""
    from songhe.foundation.outbox.publishing import publish as tell  # models load after the applications

    tell(*events)
