"""Reading what the public said: by its code for who said it, by region for who answers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.kernel.errors import NotFound
from songhe.policy.models import Opinion
from songhe.ui.lists import KeyedPage, page_at

PAGE = 50
ANSWERED = "answered"
WAITING_FIRST, ANSWERED_FIRST = ("said_at", "pk"), ("-answered_at", "pk")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which opinions: "answered", else those that wait. `after` and `before` are keys of opinions."""

    state: str = ""
    after: str = ""
    before: str = ""


def opinions_in(actor: Actor, filters: Filters) -> KeyedPage[Opinion]:
    """One page of what was said in the actor's region: the oldest that waits first, or the last that was answered."""
    answered = filters.state == ANSWERED
    found = _in_region(actor).filter(answered_at__isnull=not answered)
    order = ANSWERED_FIRST if answered else WAITING_FIRST
    return page_at(found, order, after=filters.after, before=filters.before, rows=PAGE)


def opinion_counts(actor: Actor) -> tuple[int, int]:
    """How many wait for an answer in the actor's region, and how many were answered."""
    found = _in_region(actor).aggregate(all=Count("pk"), answered=Count("answered_at"))
    return found["all"] - found["answered"], found["answered"]


def _in_region(actor: Actor) -> QuerySet[Opinion]:
    low, high = actor.range
    return Opinion.objects.filter(region_code__gte=low, region_code__lt=high)


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
