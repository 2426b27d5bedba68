"""Moves: into the working region, within it, out of it and back. Each is an event; residences keep their days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox import publish
from songhe.kernel.errors import BadInput, Conflict, Refused
from songhe.kernel.lines import said
from songhe.kernel.told import told
from songhe.people.events import PersonMoved
from songhe.people.models import ADDRESS_LENGTH, Household, LifeEvent, Person, Residence
from songhe.people.operations.entering import (
    EARLIEST,
    enter,
    facts_of_file,
    in_register,
    index_names,
    padded,
    past_day,
    the_person,
)
from songhe.people.operations.registering import register_person
from songhe.people.operations.rehoming import home_of, rehome, scope_of_both
from songhe.people.permissions import LIFE_EVENT
from songhe.people.terms import LifeEventKind, Place, Source, Standing

REASON_LENGTH = 200


@transaction.atomic
def move_in(*, actor: Actor, today: date, now: datetime, on_date: date, **details: Any) -> Person:
    """A person who has no file yet moves here: `register_person` with a day on which it happened."""
    actor.require(LIFE_EVENT)
    return register_person(actor=actor, today=today, now=now, on_date=on_date, kind=LifeEventKind.MOVED_IN, **details)


@transaction.atomic
def move_person(
    *,
    actor: Actor,
    today: date,
    now: datetime,
    person_id: UUID,
    place: str,
    area: str,
    address: str = "",
    on_date: date,
    source: str = Source.COMMUNITY,
    reason: str = "",
    with_household: bool = False,
) -> LifeEvent:
    """A person's living place, or register, moves within the actor's region; the file goes where the person lives.

    Who goes alone leaves the household when it is elsewhere. Refused for a place in another region: that is a transfer.
    """
    actor.require(LIFE_EVENT)
    person = _alive(in_register(the_person(actor, person_id)))
    code = _within(actor, area)
    past_day(on_date, today, "迁移日期", not_before=person.birth_date or EARLIEST)
    before, left = facts_of_file(person), person.region_code
    _settle(person, place, code, address, on_date)
    home = home_of(person)
    rehome(person, home)
    if not with_household and not _lies_in(person.household_id, home):
        person.household, person.household_relation = None, ""
    index_names(person)
    event = enter(
        actor, person, LifeEventKind.MOVED_IN,
        on_date=on_date, today=today, now=now, source=source, reason=said(reason, "说明", REASON_LENGTH, needed=False),
        detail={"place": str(place), "to": code, "before": before},
    )  # fmt: skip
    publish(_moved(person, LifeEventKind.MOVED_IN, on_date, left, home))
    return event


@transaction.atomic
def move_out(
    *,
    actor: Actor,
    today: date,
    now: datetime,
    person_id: UUID,
    on_date: date,
    destination: str = "",
    source: str = Source.COMMUNITY,
    reason: str = "",
) -> LifeEvent:
    """A person leaves the region; the file stays and rests. `destination` is a code, empty when it is not known."""
    actor.require(LIFE_EVENT)
    person = _alive(in_register(the_person(actor, person_id)))
    if person.standing == Standing.AWAY:
        raise Conflict("已经登记过迁出")
    past_day(on_date, today, "迁出日期", not_before=person.birth_date or EARLIEST)
    to = padded(destination, "迁到哪里")
    detail = {"to": to, "before": facts_of_file(person), "household": _household(person)}
    person.standing = Standing.AWAY
    person.household, person.household_relation = None, ""
    event = enter(
        actor, person, LifeEventKind.MOVED_OUT,
        on_date=on_date, today=today, now=now, source=source, detail=detail,
        reason=said(reason, "说明", REASON_LENGTH, needed=False),
    )  # fmt: skip
    publish(_moved(person, LifeEventKind.MOVED_OUT, on_date, person.region_code, to))
    return event


@transaction.atomic
def return_person(
    *,
    actor: Actor,
    today: date,
    now: datetime,
    person_id: UUID,
    on_date: date,
    source: str = Source.COMMUNITY,
    reason: str = "",
) -> LifeEvent:
    """Who had moved out is back: the file is at work again. Conflict when nobody had moved out."""
    actor.require(LIFE_EVENT)
    person = in_register(the_person(actor, person_id))
    left = LifeEvent.objects.filter(person=person, kind=LifeEventKind.MOVED_OUT).order_by("-recorded_at").first()
    if person.standing != Standing.AWAY:
        raise Conflict("没有登记过迁出")
    past_day(on_date, today, "迁回日期", not_before=left.on_date if left else EARLIEST)
    before = facts_of_file(person)
    person.standing = Standing.PRESENT
    event = enter(
        actor, person, LifeEventKind.RETURNED,
        on_date=on_date, today=today, now=now, source=source, detail={"before": before},
        reason=said(reason, "说明", REASON_LENGTH, needed=False),
    )  # fmt: skip
    publish(
        _moved(person, LifeEventKind.RETURNED, on_date, left.detail.get("to", "") if left else "", person.region_code)
    )
    return event


def _alive(person: Person) -> Person:
    if person.standing == Standing.DEAD:
        raise Conflict("已经登记去世；登记错了请先撤回去世")
    return person


def _within(actor: Actor, area: str) -> str:
    code = padded(area, "迁到哪里")
    if not code:
        raise BadInput("迁到哪里", "没有填")
    if not actor.covers(code):
        raise Refused("那里不归您管，请提出转区")
    return code


def _settle(person: Person, place: str, area: str, address: str, on_date: date) -> None:
    if place not in Place.values:
        raise BadInput("地点", "没有这个说法", given=place[:20], accepted="、".join(map(str, Place.labels)))
    clean = said(address, "住址", ADDRESS_LENGTH, needed=False)
    current = Residence.objects.filter(person=person, place=place, until_date=None).first()
    if current is not None:
        if current.from_date is not None and on_date < current.from_date:
            raise BadInput(
                "迁移日期",
                "早于现在这个地方开始的日期",
                accepted=told("不早于{from_date}", from_date=current.from_date.isoformat()),
            )
        end_residence(current, on_date)
    Residence.objects.create(
        region_code=person.region_code, person=person, place=place, area=area, address=clean, from_date=on_date
    )
    if place == Place.LIVING:
        person.living_region, person.address = area, clean
    else:
        person.registered_region = area


def _lies_in(household: UUID | None, home: str) -> bool:
    return household is not None and Household.objects.filter(pk=household, region_code=home).exists()


def end_residence(current: Residence, on_date: date) -> None:
    """Until that day, excluded; who leaves on the day of coming was never there."""
    if current.from_date == on_date:
        current.delete()
        return
    current.until_date = on_date
    current.save(update_fields=["until_date"])


def _household(person: Person) -> dict[str, str] | None:
    if person.household_id is None:
        return None
    return {"id": str(person.household_id), "relation": person.household_relation}


def _moved(person: Person, kind: LifeEventKind, on_date: date, left: str, to: str) -> PersonMoved:
    region = scope_of_both(left, to) if kind == LifeEventKind.MOVED_IN else person.region_code
    return PersonMoved(
        region=region, person=person.pk, kind=str(kind.value), on_date=on_date, from_region=left, to_region=to
    )
