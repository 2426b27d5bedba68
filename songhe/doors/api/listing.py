"""The list of other systems: found by words, sorted, page by page; those that wait for a second person apart."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict

from songhe.doors.api.clients import clients_of
from songhe.doors.api.models import ApiClient
from songhe.foundation.access.actors import Actor
from songhe.kernel.keys import key_read
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

PAGE = 40
SORTS = Sorts({"name": "name", "where": "region", "until": "until_date"}, usual="name")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty fields narrow nothing. `after` and `before` are keys of systems."""

    words: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> Filters:
        """What an address asks for."""
        asked = {name: given.get(name, "").strip()[:40] for name in cls.__dataclass_fields__}
        return cls(**asked | {"sort": SORTS.read(asked["sort"])})

    def address(self, **changed: str) -> str:
        """The query part of the address."""
        return address_of(self, **changed)


def waiting_for(actor: Actor) -> QuerySet[ApiClient]:
    """The systems that somebody proposed and nobody approved yet."""
    return clients_of(actor).filter(approved_at__isnull=True)


def named(actor: Actor, key: str) -> ApiClient | None:
    """The system of that key; None for a key that is none."""
    found = key_read(key)
    return None if found is None else clients_of(actor).filter(pk=found).first()


def listed(actor: Actor, filters: Filters) -> QuerySet[ApiClient]:
    """The systems that were let in, as far as the filters leave them, in their order."""
    found = clients_of(actor).filter(approved_at__isnull=False)
    if filters.words:
        found = found.filter(Q(name__icontains=filters.words) | Q(office__icontains=filters.words))
    return found.order_by(*SORTS.order(filters.sort))


def page_of(actor: Actor, filters: Filters) -> KeyedPage[ApiClient]:
    """One page of them."""
    return page_at(
        listed(actor, filters), SORTS.order(filters.sort), after=filters.after, before=filters.before, rows=PAGE
    )
