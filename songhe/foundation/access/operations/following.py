"""Rights follow a division that got another code, or became part of another. A split is for a person to decide."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.access.models import Account, Grant
from songhe.foundation.audit.recording import record
from songhe.foundation.notices import send
from songhe.kernel.regions import significant

_DIGITS = 12


@transaction.atomic
def grants_follow(*, actor: Actor, before: str, after: str, below: bool, place: str, now: datetime) -> list[Grant]:
    """Rights held in a division are held in the one that took its place; gives those that moved. Twice is once.

    With `below` those in divisions within go along. Who held the same role in both keeps the one that lasts longer;
    who worked in the other works there. `place` says in words where the rights are now; everybody concerned is told.
    """
    old, new = significant(before), significant(after)
    alike = below and len(old) == len(new)
    lo, hi = region_range(old) if alike else (before, before + "!")
    held = Grant.objects.select_for_update(of=("self",)).filter(ended_at__isnull=True, region__gte=lo, region__lt=hi)
    moved = []
    for grant in held.select_related("account", "role").order_by("pk"):
        there = (new + grant.region[len(old) :]) if alike else new.ljust(_DIGITS, "0")
        if there == grant.region:
            continue
        if _makes_room(actor, grant, there, now):
            grant.region = there
            grant.save(update_fields=["region"])
        detail = {"grant": str(grant.pk), "role": grant.role_id, "from": before, "region": there}
        record(actor, action="access.follow_division", subject=grant.account_id, region=there, detail=detail)
        moved.append(grant)
    for account in {grant.account_id for grant in moved if grant.approved_at is not None}:
        send([account], "区划变了，您的授权跟着变了", f"原来在这里的授权现在在{place}", now=now)
    return moved


def standing_in(region: str) -> int:
    """How many rights are held in the division itself, proposals not counted."""
    return Grant.objects.filter(region=region, ended_at__isnull=True, approved_at__isnull=False).count()


def _makes_room(actor: Actor, grant: Grant, there: str, now: datetime) -> bool:
    """Whether the right may go there: a twin that says less is ended for it, else it is ended itself."""
    twin = (
        Grant.objects.select_for_update()
        .filter(account=grant.account_id, role=grant.role_id, region=there, ended_at__isnull=True)
        .first()
    )
    if twin is None:
        return True
    ended, kept = (twin, grant) if _rank(grant) > _rank(twin) else (grant, twin)
    ended.ended_at, ended.ended_by = now, None
    ended.save(update_fields=["ended_at", "ended_by"])
    Account.objects.filter(pk=grant.account_id, working_grant=ended).update(working_grant=kept)
    return ended is twin


def _rank(grant: Grant) -> tuple[bool, date]:
    return grant.approved_at is not None, grant.until_date or date.max
