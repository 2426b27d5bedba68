"""Reading what the public said: by its code for who said it, by region for who answers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.kernel.errors import NotFound
from songhe.policy.models import Opinion

SHOWN = 100


def opinions_in(actor: Actor, *, answered: bool) -> Sequence[Opinion]:
    """What was said in the actor's region: the oldest that waits first, or the last that was answered."""
    rows = Opinion.objects.filter(answered_at__isnull=not answered)
    found = rows.order_by("-answered_at" if answered else "said_at")[:SHOWN]
    return [one for one in found if actor.covers(one.region_code)]


def opinion_of(actor: Actor, key: UUID, *, locked: bool = False) -> Opinion:
    """One opinion in the actor's region. NotFound for any other."""
    rows = Opinion.objects.select_for_update() if locked else Opinion.objects.all()
    row = rows.filter(pk=key).first()
    if row is None or not actor.covers(row.region_code):
        raise NotFound("这条意见")
    return row


def opinion_by_code(region: str, code: str) -> Opinion:
    """What was said under a code to the list of a region, for whoever has the code. NotFound when it fits nothing."""
    with scoped(Actor.system("门户", region), "policy.opinion"):
        row = Opinion.objects.filter(code="".join(code.split()).upper()[:12]).first()
    if row is None:
        raise NotFound("这个编号")
    return row


def opinion_said(region: str, key: UUID) -> Opinion:
    """What was just said, by its random id. NotFound when there is none."""
    with scoped(Actor.system("门户", region), "policy.opinion"):
        row = Opinion.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("这条意见")
    return row
