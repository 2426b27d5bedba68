"""Reading entries: who saw a file, what was done when by whom, how far the seals reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Entry, Kind, Usage
from songhe.foundation.audit.recording import UNMASKED

MOST_READINGS = 200
PAGE = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody saw something unmasked."""

    at: datetime
    who: str
    account: UUID | None
    fields: tuple[str, ...]
    reason: str


def readings_of(subject: UUID) -> list[Reading]:
    """Who saw what of a person unmasked and why, the latest first, at most 200."""
    found = Entry.objects.filter(subject=str(subject), kind=Kind.READING).order_by("-id")[:MOST_READINGS]
    return [
        Reading(one.at, one.actor_name, one.actor, tuple(one.detail["fields"]), one.detail["reason"]) for one in found
    ]


def quota_left(actor: Actor, now: datetime) -> int:
    """How many readings of unmasked fields the account still has today."""
    holder = str(actor.account_id or actor.name)[:40]
    used = Usage.objects.filter(holder=holder, what=UNMASKED, day=timezone.localdate(now)).values_list(
        "number", flat=True
    )
    return max(0, int(settings.QUOTAS["unmasked_readings"]["number"]) - sum(used))
