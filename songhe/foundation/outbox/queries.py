"""Reading deliveries: what waits, what failed, what was decided about it."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.outbox.states import State

OPEN = (State.FAILED, State.WAITING, State.GIVEN_UP)
PAGE = 50


def deliveries(actor: Actor, state: State, *, before: int | None = None) -> QuerySet[Delivery]:
    """Deliveries in that state whose event lies in the actor's region, the latest first; `before` an id, for paging.

    Waiting ones are only those that have failed at least once.
    """
    found = Delivery.objects.filter(event__region__startswith=actor.region, state=state).select_related("event")
    if state == State.WAITING:
        found = found.filter(attempts__gt=0)
    if before is not None:
        found = found.filter(pk__lt=before)
    return found.order_by("-id")


def counts(actor: Actor) -> dict[State, int]:
    """How many deliveries the page shows in each state."""
    found = Delivery.objects.filter(event__region__startswith=actor.region).aggregate(
        failed=Count("id", filter=Q(state=State.FAILED)),
        waiting=Count("id", filter=Q(state=State.WAITING, attempts__gt=0)),
        given_up=Count("id", filter=Q(state=State.GIVEN_UP)),
    )
    return {state: found[state.value] for state in OPEN}


def delivery_named(actor: Actor, delivery: int) -> Delivery | None:
    """One delivery, None when it is not there or not in the actor's region."""
    one = Delivery.objects.filter(pk=delivery).select_related("event").first()
    return one if one is not None and actor.covers(one.event.region) else None
