"""What waits for a person beyond single tasks: approvals, what failed, what grew old."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.queries import proposals


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits. `kind` is a status: due for what a person must do now, unknown for what grew old."""

    kind: str
    title: str
    words: str
    button: str
    url: str


def waiting_for(actor: Actor, now: datetime) -> tuple[Waiting, ...]:
    """What waits for the actor, approvals first."""
    return tuple(one for one in (look(actor) for look in _LOOKS) if one is not None)


def _grants(actor: Actor) -> Waiting | None:
    if not actor.may("access.approve"):
        return None
    number = proposals(actor).exclude(proposed_by=actor.account_id).count()
    return Waiting("due", "等您批准", f"{number}个授权", "去批准", reverse("accounts")) if number else None


_LOOKS: tuple[Callable[[Actor], Waiting | None], ...] = (_grants,)
