"""A person's identity number and telephones: sealed for their row, found by a blind index, shown by their tails."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from songhe.foundation.sealing.seals import blind_index, seal, unseal
from songhe.kernel import identity_numbers, phones

if TYPE_CHECKING:
    from songhe.people.models import Contact, Person

IDENTITY, PHONE = "people_person.identity", "people_person.phone"
CONTACT_PHONE = "people_contact.phone"
TAIL = 4


def identity_index(number: str) -> bytes:
    """What finds a person by the identity number. BadInput when it is none."""
    return blind_index(identity_numbers.normalised(number), IDENTITY)


def phone_index(number: str) -> bytes:
    """What finds a person by a telephone number. BadInput when it is none."""
    return blind_index(phones.normalised(number), PHONE)


def identity_columns(person_id: UUID, number: str) -> dict[str, object]:
    """The three columns of an identity number; empty ones for the empty text. BadInput when it is none."""
    if not number:
        return {"identity_sealed": None, "identity_index": None, "identity_tail": ""}
    good = identity_numbers.normalised(number)
    return {
        "identity_sealed": seal(good, f"{IDENTITY}.{person_id}"),
        "identity_index": blind_index(good, IDENTITY),
        "identity_tail": good[-TAIL:],
    }


def phone_columns(person_id: UUID, number: str) -> dict[str, object]:
    """The three columns of a person's telephone; empty ones for the empty text. BadInput when it is none."""
    if not number:
        return {"phone_sealed": None, "phone_index": None, "phone_tail": ""}
    good = phones.normalised(number)
    return {
        "phone_sealed": seal(good, f"{PHONE}.{person_id}"),
        "phone_index": blind_index(good, PHONE),
        "phone_tail": good[-TAIL:],
    }


def contact_phone_columns(contact_id: UUID, number: str) -> dict[str, object]:
    """The two columns of a contact's telephone; empty ones for the empty text. BadInput when it is none."""
    if not number:
        return {"phone_sealed": None, "phone_tail": ""}
    good = phones.normalised(number)
    return {"phone_sealed": seal(good, f"{CONTACT_PHONE}.{contact_id}"), "phone_tail": good[-TAIL:]}


def identity_of(person: Person) -> str:
    """The whole identity number, empty when there is none. Only after audit's `unmasked` has allowed it."""
    return "" if person.identity_sealed is None else unseal(bytes(person.identity_sealed), f"{IDENTITY}.{person.pk}")


def phone_of(person: Person) -> str:
    """The whole telephone number, empty when there is none. Only after audit's `unmasked` has allowed it."""
    return "" if person.phone_sealed is None else unseal(bytes(person.phone_sealed), f"{PHONE}.{person.pk}")


def contact_phone_of(contact: Contact) -> str:
    """The whole telephone number of a contact, empty when there is none. See `phone_of`."""
    return "" if contact.phone_sealed is None else unseal(bytes(contact.phone_sealed), f"{CONTACT_PHONE}.{contact.pk}")
