"""Who lives under one roof: joining, leaving, splitting off, moving together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.lines import said
from songhe.people.models import ADDRESS_LENGTH, Household, Person
from songhe.people.operations.entering import in_register, padded, the_person
from songhe.people.operations.moving import move_person
from songhe.people.permissions import WRITE
from songhe.people.terms import Place, Relation, Standing


@transaction.atomic
def open_household(*, actor: Actor, now: datetime, head_id: UUID, address: str = "") -> Household:
    """A household of one person, its head, where the person lives. Who was in another household leaves it."""
    actor.require(WRITE)
    person = in_register(the_person(actor, head_id))
    household = Household.objects.create(
        region_code=person.region_code,
        address=said(address or person.address, "住址", ADDRESS_LENGTH, needed=False),
    )
    _put(actor, person, household, Relation.SELF, now)
    return household


@transaction.atomic
def join_household(*, actor: Actor, now: datetime, person_id: UUID, household_id: UUID, relation: str) -> None:
    """A person lives with a household of the same division, as a relation of its head.

    Conflict when the person is in it already, or the household has a head and another one joins.
    """
    actor.require(WRITE)
    household = the_household(actor, household_id)  # locked before its people, as by those who move it
    person = in_register(the_person(actor, person_id))
    if person.household_id == household.pk:
        raise Conflict("已经在这一户里")
    if person.region_code != household.region_code:
        raise Conflict("这一户在别的社区，请先办迁移")
    if relation not in Relation.values:
        raise BadInput(
            "和户主的关系", "没有这个说法", given=relation[:20], accepted="、".join(map(str, Relation.labels))
        )
    if relation == Relation.SELF and household.people.filter(household_relation=Relation.SELF).exists():
        raise Conflict("这一户已有户主")
    _put(actor, person, household, relation, now)


@transaction.atomic
def leave_household(*, actor: Actor, now: datetime, person_id: UUID) -> None:
    """A person no longer lives with the household. Conflict when there is none."""
    actor.require(WRITE)
    person = in_register(the_person(actor, person_id))
    if person.household_id is None:
        raise Conflict("现在不在哪一户里")
    _put(actor, person, None, "", now)


@transaction.atomic
def split_household(
    *, actor: Actor, now: datetime, household_id: UUID, head_id: UUID, others: dict[UUID, str], address: str = ""
) -> Household:
    """Some of a household become one of their own: its head, and the others with their relation to the head.

    BadInput when one of them is not in the household, or nobody would stay behind.
    """
    actor.require(WRITE)
    household = the_household(actor, household_id)
    leaving = {head_id, *others}
    members = set(household.people.exclude(standing=Standing.MERGED).values_list("pk", flat=True))
    if not leaving <= members:
        raise BadInput("分户", "有人不在这一户里")
    if leaving == members:
        raise BadInput("分户", "原来的户里没有人了", accepted="至少留下一人")
    new = open_household(actor=actor, now=now, head_id=head_id, address=address or household.address)
    for person_id, relation in others.items():
        join_household(actor=actor, now=now, person_id=person_id, household_id=new.pk, relation=relation)
    return new


@transaction.atomic
def move_household(
    *, actor: Actor, today: date, now: datetime, household_id: UUID, area: str, address: str, on_date: date
) -> Collection[UUID]:
    """All who live in a household move together, and it keeps its id; gives who moved. The dead stay where they are."""
    actor.require(WRITE)
    household = the_household(actor, household_id)
    code = padded(area, "迁到哪里")
    actor.require_region(code)
    movers = list(household.people.filter(standing=Standing.PRESENT).order_by("pk").values_list("pk", flat=True))
    if not movers:
        raise Conflict("这一户里没有在册的人")
    household.region_code = code
    household.address = said(address, "住址", ADDRESS_LENGTH, needed=False)
    household.save()
    for person_id in movers:
        move_person(
            actor=actor, today=today, now=now, person_id=person_id, place=Place.LIVING, area=code, address=address,
            on_date=on_date, with_household=True,
        )  # fmt: skip
    return movers


def the_household(actor: Actor, household_id: UUID) -> Household:
    """The household, locked until the deed is done. NotFound when it is not there, or not the actor's to see."""
    household = Household.objects.select_for_update().filter(pk=household_id).first()
    if household is None or not actor.covers(household.region_code):
        raise NotFound("这一户")
    return household


def _put(actor: Actor, person: Person, household: Household | None, relation: str, now: datetime) -> None:
    left = person.household_id
    person.household, person.household_relation = household, relation
    person.version += 1
    person.changed_at = now
    person.save(update_fields=["household", "household_relation", "version", "changed_at"])
    ids = {"left": str(left) if left else None, "joined": str(household.pk) if household else None}
    record(actor, action="people.household", subject=person.pk, region=person.region_code, detail=ids)
