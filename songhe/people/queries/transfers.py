"""Reading transfers: those that wait for the actor's region, and all of them, narrowed, sorted and page by page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet

from songhe.foundation.access.actors import Actor
from songhe.people.models import Transfer
from songhe.people.terms import TransferState
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

PAGE, MOST_WAITING = 30, 50
SORTS = Sorts({"asked": "asked_at", "side": "side"}, usual="-asked", first=frozenset({"asked"}))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty fields narrow nothing. `after` and `before` are keys of transfers."""

    state: str = ""
    side: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything but the order is set."""
        return bool(self.state or self.side)

    def address(self, **changed: str) -> str:
        """The query part of the address."""
        return address_of(self, **changed)


def listed(actor: Actor, filters: Filters) -> QuerySet[Transfer]:
    """The transfers of the actor's region that the filters leave, in their order."""
    found = _in_region(actor)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.side:
        found = found.filter(side=filters.side)
    return found.order_by(*SORTS.order(filters.sort))


def page_of(actor: Actor, filters: Filters, rows: int = PAGE) -> KeyedPage[Transfer]:
    """One page of them, the latest first where nothing else is asked for."""
    return page_at(
        listed(actor, filters), SORTS.order(filters.sort), after=filters.after, before=filters.before, rows=rows
    )


def waiting_for(actor: Actor) -> list[Transfer]:
    """Those that wait for the answer of the actor's region, the longest first."""
    return list(_waiting(actor).order_by("asked_at", "id")[:MOST_WAITING])


def _waiting(actor: Actor) -> QuerySet[Transfer]:
    return _in_region(actor).filter(state=TransferState.PROPOSED).exclude(side=F("asked_by"))


def _in_region(actor: Actor) -> QuerySet[Transfer]:
    lo, hi = actor.range
    return Transfer.objects.filter(region_code__gte=lo, region_code__lt=hi)
