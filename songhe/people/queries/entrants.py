"""Who may look at a file from outside: the person herself and whoever acts for her, by identity number and telephone.

What is read here says nothing to anybody: it only decides whether a code is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from uuid import UUID

from songhe.foundation.access.actors import Actor
from songhe.kernel import phones
from songhe.people.identity import contact_phone_of, identity_index, identity_of, phone_index
from songhe.people.models import Contact, Person
from songhe.people.terms import Part, Standing

_NOBODY = UUID(int=0)
_ACTING = (Part.PROXY, Part.GUARDIAN)


@dataclass(frozen=True, slots=True)
class Entrant:
    """Whose file it is, where it lies, and by whom it is looked at: `contact` is None for the person herself."""

    person: UUID
    region: str
    contact: UUID | None = None


def entrant_of(actor: Actor, *, number: str, phone: str, today: date) -> Entrant | None:
    """Who may look at the file of an identity number with a telephone that is on file for it; None for nobody.

    The person's own telephone, or that of somebody who acts for her today. BadInput for what is no number or no
    telephone. The same statements run whoever it is.
    """
    lo, hi = actor.range
    digits, index = phones.normalised(phone), phone_index(phone)
    found = Person.objects.filter(region_code__gte=lo, region_code__lt=hi, identity_index=identity_index(number))
    person = found.filter(standing=Standing.PRESENT).only("pk", "region_code", "phone_index").first()
    acting = [one for one in _acting(person.pk if person else _NOBODY, today) if contact_phone_of(one) == digits]
    if person is None:
        return None
    if compare_digest(bytes(person.phone_index or b""), index):
        return Entrant(person.pk, person.region_code)
    return Entrant(person.pk, person.region_code, acting[0].pk) if acting else None


def still_entrant(entrant: Entrant, today: date) -> Person | None:
    """The file, as long as it is one and whoever looks at it still may; None from then on."""
    found = Person.objects.filter(pk=entrant.person, region_code=entrant.region, standing=Standing.PRESENT)
    person = found.select_related("sheet", "household").first()
    if person is None or entrant.contact is None:
        return person
    return person if any(one.pk == entrant.contact for one in _acting(person.pk, today)) else None


def acting_name(entrant: Entrant) -> str:
    """What whoever acts for the person is called, "" for herself."""
    found = Contact.objects.filter(pk=entrant.contact, person=entrant.person).first() if entrant.contact else None
    return found.name if found else ""


def invented_papers(persons: Iterable[UUID]) -> list[tuple[UUID, str, str]]:
    """Names and whole numbers of people who do not exist, for trying a demonstration out; never of anybody else."""
    found = {one.pk: one for one in Person.objects.filter(pk__in=list(persons), standing=Standing.PRESENT)}
    return [(key, found[key].name, identity_of(found[key])) for key in persons if key in found]


def _acting(person: UUID, today: date) -> list[Contact]:
    """Who acts for the person on the day."""
    rows = Contact.objects.filter(person=person, part__in=_ACTING, from_date__lte=today).order_by("from_date", "pk")
    return [one for one in rows if one.until_date is None or one.until_date > today]
