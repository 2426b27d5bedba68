"""People as another system walks through them: in the order of their keys, or one by the whole identity number."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import BadInput
from songhe.people.identity import identity_index
from songhe.people.models import Person
from songhe.people.terms import Standing


def people_after(actor: Actor, after: UUID | None, most: int, region: str = "") -> list[Person]:
    """At most so many files of the region behind the one named, by community and key; merged ones are left out.

    BadInput for a key that is nobody's here, NotFound for a region outside the actor's.
    """
    within = actor.within(region) if region else actor
    lo, hi = within.range
    found = Person.objects.filter(region_code__gte=lo, region_code__lt=hi).exclude(standing=Standing.MERGED)
    if after is not None:
        last = Person.objects.filter(pk=after).values_list("region_code", flat=True).first()
        if last is None:
            raise BadInput("after", "不是这里的编号")
        found = found.filter(Q(region_code__gt=last) | Q(region_code=last, pk__gt=after))
    return list(found.order_by("region_code", "id")[:most])


def person_by_number(actor: Actor, number: str) -> Person | None:
    """Who has the identity number, None when nobody here has. BadInput for a text that is none."""
    lo, hi = actor.range
    found = Person.objects.filter(region_code__gte=lo, region_code__lt=hi, identity_index=identity_index(number))
    return found.exclude(standing=Standing.MERGED).first()


def people_by_numbers(actor: Actor, numbers: Collection[str]) -> dict[str, tuple[UUID, str]]:
    """Who has each of the numbers, with where the file lies; numbers that nobody here has are left out.

    The numbers have to be good ones, as `normalised` gives them. BadInput for a text that is none.
    """
    lo, hi = actor.range
    wanted = {identity_index(number): number for number in numbers}
    found = Person.objects.filter(region_code__gte=lo, region_code__lt=hi, identity_index__in=list(wanted))
    rows = found.exclude(standing=Standing.MERGED).values_list("identity_index", "pk", "region_code")
    found_rows = rows.iterator(chunk_size=20_000)
    return {wanted[bytes(index)]: (key, region) for index, key, region in found_rows if index is not None}


def seen_among(actor: Actor, persons: set[UUID]) -> dict[UUID, str]:
    """Those of the persons that are here and not merged, with where their files lie."""
    lo, hi = actor.range
    found = Person.objects.filter(pk__in=persons, region_code__gte=lo, region_code__lt=hi)
    return dict(found.exclude(standing=Standing.MERGED).values_list("pk", "region_code"))
