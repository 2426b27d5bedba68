"""Reading entries: who saw a file, what was done when by whom, how far the seals reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Block, Check, Entry, Kind, Usage
from songhe.foundation.audit.recording import UNMASKED

MOST_READINGS = 200
PAGE = 50
NEAR = 500


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; empty is all. Days include both ends."""

    kind: str = ""
    action: str = ""
    actor: UUID | None = None
    subject: str = ""
    from_day: date | None = None
    until_day: date | None = None


def entries(wanted: Wanted, *, before: int | None = None) -> QuerySet[Entry]:
    """Entries of the scope, the latest first; `before` a number, for paging."""
    found = Entry.objects.order_by("-id")
    for field in ("kind", "action", "actor", "subject"):
        if value := getattr(wanted, field):
            found = found.filter(**{field: value})
    if wanted.from_day:
        found = found.filter(at__gte=_midnight(wanted.from_day))
    if wanted.until_day:
        found = found.filter(at__lt=_midnight(wanted.until_day + timedelta(days=1)))
    if before is not None:
        found = found.filter(id__lt=before)
    return found


def entry_numbered(number: int) -> Entry | None:
    """One entry of the scope, None when there is none of that number or it lies elsewhere."""
    return Entry.objects.filter(pk=number).first()


def written_with(entry: Entry) -> list[Entry]:
    """The other entries of the same transaction, at most 50 of those that stand near."""
    near = range(entry.pk - NEAR, entry.pk + NEAR)
    found = Entry.objects.filter(pk__gte=near.start, pk__lt=near.stop, transaction=entry.transaction)
    return list(found.exclude(pk=entry.pk).order_by("id")[:PAGE])


def block_over(number: int) -> Block | None:
    """The block that seals the entry of that number, None while it is not sealed."""
    return Block.objects.filter(from_id__lte=number, until_id__gt=number).first()


@dataclass(frozen=True, slots=True)
class Seals:
    """How far entries are sealed, and what the last verification found."""

    last: Block | None
    check: Check | None


def seals() -> Seals:
    """See Seals."""
    return Seals(Block.objects.order_by("-number").first(), Check.objects.order_by("-id").first())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
