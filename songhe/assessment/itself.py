"""The platform at work by itself in this room: tasks that follow from a deed are not its doer's."""

from __future__ import annotations

from songhe.foundation.access.actors import Actor

SYSTEM = "能力评估"


def itself(*actions: str) -> Actor:
    """Songhe itself, everywhere: it may open and close tasks, and do what is named beside."""
    return Actor.system(SYSTEM, "", ("tasks.do", *actions))
