"""Reading deliveries: what waits, what failed, what was decided about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.outbox.states import State
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

OPEN = (State.FAILED, State.WAITING, State.GIVEN_UP)
PAGE = 50
SORTS = Sorts(
    {"told": "id", "handler": "handler", "attempts": "attempts", "tried": "tried_at"},
    usual="-told",
    first=frozenset({"attempts", "tried"}),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty fields narrow nothing. `after` and `before` are keys of deliveries."""

    state: str = State.FAILED
    event: str = ""
    handler: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    def address(self, **changed: str) -> str:
        """The query part of the address."""
        return address_of(self, **changed)


def page_of(actor: Actor, filters: Filters, rows: int = PAGE) -> KeyedPage[Delivery]:
    """One page of the list, the latest first where nothing else is asked for."""
    return page_at(
        listed(actor, filters), SORTS.order(filters.sort), after=filters.after, before=filters.before, rows=rows
    )


def listed(actor: Actor, filters: Filters) -> QuerySet[Delivery]:
    """The whole list in its order."""
    found = deliveries(actor, State(filters.state))
    if filters.event:
        found = found.filter(event__name=filters.event)
    if filters.handler:
        found = found.filter(handler=filters.handler)
    return found.order_by(*SORTS.order(filters.sort))


def kinds_of(actor: Actor, state: State) -> tuple[list[str], list[str]]:
    """Which events and which handlers there are in that state."""
    found = deliveries(actor, state).order_by()
    names = found.values_list("event__name", flat=True).distinct()
    return sorted(names), sorted(found.values_list("handler", flat=True).distinct())


def deliveries(actor: Actor, state: State) -> QuerySet[Delivery]:
    """Deliveries in that state whose event lies in the actor's region, the latest first.

    Waiting ones are only those that have failed at least once.
    """
    found = Delivery.objects.filter(event__region__startswith=actor.region, state=state).select_related("event")
    if state == State.WAITING:
        found = found.filter(attempts__gt=0)
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
