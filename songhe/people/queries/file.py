"""One person's file: who it is, with whom they live, who can be rung, what sources tell, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, prefetch_related_objects

from songhe.foundation.access.actors import Actor
from songhe.foundation.database.kept import Kept
from songhe.kernel.errors import NotFound
from songhe.people.models import Circumstance, Contact, Household, LifeEvent, Person, Residence, Transfer
from songhe.people.permissions import TRANSFER
from songhe.people.terms import LifeEventKind, Relation, Standing, TransferState
from songhe.people.trust import TOLD_FACTS, Resolved, Telling, resolve

_HEAD_FIRST = {Relation.SELF: 0, Relation.SPOUSE: 1}
# What every page of a file asks.
_PERSON = Kept(
    lambda pk, lo, hi: Person.objects.filter(pk=pk, region_code__gte=lo, region_code__lt=hi).select_related(
        "sheet", "household"
    )
)
_MEMBERS = Kept(
    lambda household: (
        Person.objects.filter(household=household).exclude(standing=Standing.MERGED).select_related("sheet")
    )
)
_CONTACTS = Kept(lambda person: Contact.objects.filter(person=person))
_RESIDENCES = Kept(lambda person: Residence.objects.filter(person=person))
_CIRCUMSTANCES = Kept(lambda person: Circumstance.objects.filter(person=person))
_EVENTS = Kept(
    lambda person: LifeEvent.objects.filter(person=person).select_related("undone_by").order_by("-recorded_at", "-id")
)
_OPEN_TRANSFER = Kept(lambda person: Transfer.objects.filter(person=person, state=TransferState.PROPOSED)[:1])


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One line of the time line: a life event, or all that one source told at one moment."""

    at: datetime
    on_date: date
    event: LifeEvent | None = None
    source: str = ""
    tellings: tuple[Circumstance, ...] = ()
    undone: bool = False


def person_of(actor: Actor, person_id: UUID) -> Person:
    """The file with its sheet and household. NotFound when it is not there, or not the actor's to see."""
    lo, hi = actor.range
    person = _PERSON.first(pk=person_id, lo=lo, hi=hi)
    if person is None:
        raise NotFound("这位老人")
    return person


def members_of(household_id: UUID | None, *, contacts: bool = False) -> list[Person]:
    """Who lives under one roof, the head first, then the eldest; on demand with all their contacts, read at once."""
    if household_id is None:
        return []
    found = _MEMBERS(household=household_id)
    if contacts:
        prefetch_related_objects(found, "contacts")
    return sorted(
        found,
        key=lambda one: (
            _HEAD_FIRST.get(Relation(one.household_relation or "other"), 2),
            one.birth_date or date.max,
            one.pk,
        ),
    )


def _read(person: Person, name: str, kept: Kept[Any]) -> list[Any]:
    """What belongs to a person, asked for once a page; the same objects as `person.name.all()` then gives."""
    known: dict[str, Any] = person.__dict__.setdefault("_prefetched_objects_cache", {})
    if name not in known:
        found = getattr(person, name).all()
        found._result_cache, found._prefetch_done = kept(person=person.pk), True
        known[name] = found
    return list(known[name])


def household_of(actor: Actor, household_id: UUID) -> Household:
    """A household. NotFound when it is not there, or not the actor's to see."""
    household = Household.objects.filter(pk=household_id).first()
    if household is None or not actor.covers(household.region_code):
        raise NotFound("这一户")
    return household


def housemates_of(person: Person) -> list[Person]:
    """Who has the same address in the same community and could be of the same household."""
    if not person.address:
        return []
    same = Person.objects.filter(region_code=person.region_code, address=person.address, standing=Standing.PRESENT)
    return list(same.exclude(pk=person.pk).order_by("birth_date", "pk")[:20])


def contacts_of(person: Person, today: date) -> tuple[list[Contact], list[Contact]]:
    """Whom one can turn to today, guardians first; and those of earlier days, the latest first."""
    everybody = sorted(
        _read(person, "contacts", _CONTACTS), key=lambda one: (one.part != "guardian", one.part, one.from_date)
    )
    now = [one for one in everybody if one.until_date is None or one.until_date > today]
    earlier = [one for one in everybody if one not in now]
    return now, sorted(earlier, key=lambda one: one.until_date or today, reverse=True)


def residences_of(person: Person) -> list[Residence]:
    """Where the person was registered and lived, the latest first."""
    return sorted(
        _read(person, "residences", _RESIDENCES),
        key=lambda one: (one.until_date or date.max, one.from_date or date.min),
        reverse=True,
    )


def facts_of(person: Person, today: date) -> dict[str, tuple[Resolved, list[Telling]]]:
    """Every fact that sources tell: what the register takes for true, and all that is told of it now."""
    told: dict[str, list[Telling]] = {fact: [] for fact in TOLD_FACTS}
    for one in _read(person, "circumstances", _CIRCUMSTANCES):
        if one.known_until is None and one.fact in told:
            told[one.fact].append(Telling(one.source, one.value, one.as_of, one.from_date, one.until_date))
    return {fact: (resolve(fact, tellings, today), tellings) for fact, tellings in told.items()}


def timeline_of(person: Person, limit: int | None = None) -> tuple[Sequence[Occurrence], int]:
    """What happened and what was told, the latest first, at most `limit`; and how much there is in all."""
    events = _EVENTS(person=person.pk)
    found = [
        Occurrence(one.recorded_at, one.on_date, event=one, source=one.source, undone=hasattr(one, "undone_by"))
        for one in events
    ] + _told(
        sorted(_read(person, "circumstances", _CIRCUMSTANCES), key=lambda one: (-one.known_from.timestamp(), one.pk))
    )
    found.sort(key=lambda one: one.at, reverse=True)
    return found[:limit], len(found)


def merge_of(person: Person) -> LifeEvent | None:
    """The event, on the surviving file, by which this one was merged; None when that was taken back."""
    found = LifeEvent.objects.filter(person=person.merged_into_id, kind=LifeEventKind.MERGED, undone_by__isnull=True)
    return found.filter(detail__merged=str(person.pk)).order_by("-recorded_at").first()


def open_transfer_of(person: Person) -> Transfer | None:
    """The transfer this file waits for; None when it waits for none."""
    return _OPEN_TRANSFER.first(person=person.pk)


def transfers_to_answer(actor: Actor) -> int:
    """How many transfers wait for the answer of the actor's region."""
    if not actor.may(TRANSFER):
        return 0
    lo, hi = actor.range
    waiting = Transfer.objects.filter(region_code__gte=lo, region_code__lt=hi, state=TransferState.PROPOSED)
    return waiting.exclude(side=F("asked_by")).count()


def transfer_of(actor: Actor, transfer_id: UUID) -> Transfer:
    """One transfer of the actor's region. NotFound when it is not there, or not the actor's to see."""
    found = Transfer.objects.filter(pk=transfer_id).first()
    if found is None or not actor.covers(found.region_code):
        raise NotFound("这件转区")
    return found


def _told(rows: Iterable[Circumstance]) -> list[Occurrence]:
    together: dict[tuple[datetime, str], list[Circumstance]] = {}
    for one in rows:
        together.setdefault((one.known_from, one.source), []).append(one)
    return [
        Occurrence(at, max(one.as_of for one in told), source=source, tellings=tuple(told))
        for (at, source), told in together.items()
    ]
