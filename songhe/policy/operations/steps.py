"""The steps of a release, kept for everybody to read."""

from __future__ import annotations

from datetime import datetime

from songhe.foundation.access.actors import Actor
from songhe.policy.models import Release, Step

_LENGTH = 400


def took_step(actor: Actor, release: Release, deed: str, words: str, now: datetime) -> None:
    """Writes that the actor did something with the release."""
    Step.objects.create(
        release=release, deed=deed, words=words[:_LENGTH], done_by=actor.account_id, doer=actor.name[:40], done_at=now
    )
