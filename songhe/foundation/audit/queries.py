"""Reading entries: who saw a file, what was done when by whom, how far the seals reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant
from songhe.foundation.audit.models import Block, Check, Entry, Kind, Usage
from songhe.foundation.audit.recording import UNMASKED
from songhe.foundation.days import start_of

MOST_READINGS = 200
PAGE = 50
MOST_STAFF = 50
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
    """Which entries are looked for; empty is all. Days include both ends; `actors` None is everybody."""

    kind: str = ""
    action: str = ""
    actor: UUID | None = None
    subject: str = ""
    actors: tuple[UUID, ...] | None = None
    from_day: date | None = None
    until_day: date | None = None


def told_wanted(wanted: Wanted) -> dict[str, Any]:
    """What is looked for, as an entry and a job keep it; only what is asked."""
    told: dict[str, Any] = {name: getattr(wanted, name) for name in ("kind", "action", "subject")}
    told |= {"actor": str(wanted.actor) if wanted.actor else ""}
    told |= {"from": wanted.from_day.isoformat() if wanted.from_day else ""}
    told |= {"until": wanted.until_day.isoformat() if wanted.until_day else ""}
    kept = {name: value for name, value in told.items() if value}
    return kept if wanted.actors is None else kept | {"actors": [str(one) for one in wanted.actors]}


def read_wanted(told: Mapping[str, Any]) -> Wanted:
    """The same again."""
    days = {name: date.fromisoformat(told[name]) if told.get(name) else None for name in ("from", "until")}
    return Wanted(
        kind=told.get("kind", ""), action=told.get("action", ""), subject=told.get("subject", ""),
        actor=UUID(told["actor"]) if told.get("actor") else None,
        actors=tuple(UUID(one) for one in told["actors"]) if "actors" in told else None,
        from_day=days["from"], until_day=days["until"],
    )  # fmt: skip


def entries(wanted: Wanted, *, before: int | None = None) -> QuerySet[Entry]:
    """Entries of the scope, the latest first; `before` a number, for paging."""
    found = Entry.objects.order_by("-id")
    for field in ("kind", "action", "actor", "subject"):
        if value := getattr(wanted, field):
            found = found.filter(**{field: value})
    if wanted.actors is not None:
        found = found.filter(actor__in=wanted.actors)
    if wanted.from_day:
        found = found.filter(at__gte=start_of(wanted.from_day))
    if wanted.until_day:
        found = found.filter(at__lt=start_of(wanted.until_day + timedelta(days=1)))
    if before is not None:
        found = found.filter(id__lt=before)
    return found


def staff_named(actor: Actor, words: str) -> list[Account]:
    """Who works, or worked, in the actor's region and is called so, by name or sign-in name; at most 50."""
    lo, hi = actor.range
    there = Grant.objects.filter(region__gte=lo, region__lt=hi)
    named = Q(name__icontains=words) | Q(login__icontains=words) | Q(unit__icontains=words)
    return list(Account.objects.filter(named, pk__in=there.values("account")).order_by("name", "login")[:MOST_STAFF])


def name_of_staff(actor: Actor, account: UUID) -> str:
    """What somebody who works in the actor's region is called, "" for anybody else."""
    lo, hi = actor.range
    there = Grant.objects.filter(account=account, region__gte=lo, region__lt=hi)
    found = Account.objects.filter(pk__in=there.values("account")).first()
    return found.name if found else ""


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
