"""What can be done with events that were not delivered."""

from __future__ import annotations

from songhe.foundation.access.actors import declare

READ, RETRY = "events.read", "events.retry"

ACTIONS = declare({READ: "看没送到的消息", RETRY: "重送消息，或者不再送"})
