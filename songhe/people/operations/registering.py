"""A person gets a file; what is wrong in it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox import publish
from songhe.kernel import identity_numbers
from songhe.kernel.errors import BadInput, Conflict, Refused
from songhe.kernel.lines import said
from songhe.kernel.told import phrase
from songhe.people.events import PersonCorrected, PersonRegistered
from songhe.people.identity import identity_columns, phone_columns
from songhe.people.models import ADDRESS_LENGTH, NAME_LENGTH, Person, Residence
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
from songhe.people.permissions import WRITE
from songhe.people.terms import LifeEventKind, Place, Sex, Source

_IDENTITY_ONCE = "people_person_identity"
CORRECTABLE = ("name", "birth_date", "sex", "identity", "phone", "address")


class AlreadyRegistered(Refused):
    """The identity number has a file. `person_id` names it when the actor may see it, else it is elsewhere."""

    def __init__(self, person_id: UUID | None) -> None:
        self.person_id = person_id
        super().__init__("名册里已有这个证件号" if person_id else phrase("已在别的地方登记，请申请转入"))


@transaction.atomic
def register_person(
    *,
    actor: Actor,
    today: date,
    now: datetime,
    name: str,
    identity: str = "",
    birth_date: date | None = None,
    sex: str = "",
    phone: str = "",
    registered_region: str = "",
    living_region: str = "",
    address: str = "",
    source: str = Source.COMMUNITY,
    reason: str = "",
    kind: LifeEventKind = LifeEventKind.REGISTERED,
    on_date: date | None = None,
) -> Person:
    """Gives a person a file in the division where the person lives, else is registered.

    Birth date and sex come from the identity number when they are not given; BadInput when they disagree with it.
    AlreadyRegistered (Refused) when the number has a file.
    """
    actor.require(WRITE)
    registered, living = padded(registered_region, "户籍地"), padded(living_region, "居住地")
    region = living or registered
    if not region:
        raise BadInput("居住地", "没有填", accepted="居住地或户籍地")
    actor.require_region(region)
    person = Person(
        id=uuid4(), region_code=region, registered_region=registered, living_region=living, created_at=now,
        changed_at=now, version=0,
    )  # fmt: skip
    given = {"name": name, "identity": identity, "phone": phone, "address": address}
    _set(person, {**given, **_told_by_number(identity, birth_date, sex)}, today)
    _save_once(person)
    index_names(person)
    _settle(person)
    day = today if on_date is None else past_day(on_date, today, "日期", not_before=person.birth_date)
    detail = {"to": region} if kind == LifeEventKind.MOVED_IN else {}
    enter(actor, person, kind, on_date=day, today=today, now=now, source=source, reason=reason, detail=detail)
    publish(PersonRegistered(region=region, person=person.pk, on_date=day))
    return person


@transaction.atomic
def correct_person(
    *,
    actor: Actor,
    today: date,
    now: datetime,
    person_id: UUID,
    version: int,
    changes: Mapping[str, Any],
    source: str = Source.COMMUNITY,
    reason: str = "",
) -> Person:
    """Mends fields of a file (CORRECTABLE); what is the same already is left alone.

    Conflict when somebody changed the file since `version`; AlreadyRegistered for a number that has another file.
    """
    actor.require(WRITE)
    person = in_register(the_person(actor, person_id))
    if person.version != version:
        raise Conflict("别人刚改过这份档案，请看过新的内容再改")
    unknown = sorted(set(changes) - set(CORRECTABLE))
    if unknown:
        raise BadInput("更正", "这一项不能在这里改", given="、".join(unknown), accepted="、".join(CORRECTABLE))
    before, kept = facts_of_file(person), _state(person)
    _set(person, changes, today)
    fields = sorted(name for name in changes if kept[name] != _state(person)[name])
    if not fields:
        return person
    _save_once(person)
    if {"name", "address"} & set(fields):
        index_names(person)
    detail = {"fields": fields, "before": before}
    enter(
        actor, person, LifeEventKind.CORRECTED,
        on_date=today, today=today, now=now, source=source, reason=reason, detail=detail,
    )  # fmt: skip
    publish(PersonCorrected(region=person.region_code, person=person.pk, fields=tuple(fields)))
    return person


def identity_is_taken(index: bytes) -> bool:
    """Whether an identity number has a file anywhere; it is not said where."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_identity_taken(%s)", [index])
        return bool(cursor.fetchone()[0])


def _told_by_number(identity: str, birth_date: date | None, sex: str) -> dict[str, Any]:
    if not identity:
        return {"birth_date": birth_date, "sex": sex}
    number = identity_numbers.normalised(identity)
    born, told_sex = identity_numbers.birth_date(number), identity_numbers.sex(number)
    if birth_date not in (None, born):
        raise BadInput("出生日期", "和身份证号里的不一样", accepted="按身份证号填，或者核对证件")
    if sex not in ("", told_sex):
        raise BadInput("性别", "和身份证号里的不一样", accepted=str(Sex(told_sex).label))
    return {"birth_date": born, "sex": told_sex}


def _set(person: Person, values: Mapping[str, Any], today: date) -> None:
    if "name" in values:
        person.name = said(values["name"], "姓名", NAME_LENGTH)
    if "address" in values:
        person.address = said(values["address"], "住址", ADDRESS_LENGTH, needed=False)
    if "sex" in values:
        if values["sex"] not in ("", *Sex.values):
            raise BadInput("性别", "没有这个说法", accepted="、".join(map(str, Sex.labels)))
        person.sex = values["sex"]
    if "birth_date" in values:
        _set_birth(person, values["birth_date"], today)
    if "identity" in values:
        _set_identity(person, values["identity"])
    if "phone" in values and not _same_phone(person, values["phone"]):
        _put(person, phone_columns(person.pk, values["phone"]))


def _set_birth(person: Person, birth: date | None, today: date) -> None:
    if birth is not None:
        past_day(birth, today, "出生日期", not_before=EARLIEST)
        if person.death_date is not None and birth > person.death_date:
            raise BadInput("出生日期", "晚于去世日期", given=birth.isoformat(), accepted="不晚于去世日期")
    person.birth_date = birth


def _set_identity(person: Person, identity: str) -> None:
    columns = identity_columns(person.pk, identity)
    index = columns["identity_index"]
    if index == _bytes(person.identity_index):
        return
    if isinstance(index, bytes):
        other = Person.objects.filter(identity_index=index).exclude(standing="merged").first()
        if other is not None or identity_is_taken(index):
            raise AlreadyRegistered(other.pk if other else None)
    _put(person, columns)


def _same_phone(person: Person, phone: str) -> bool:
    return phone_columns(person.pk, phone)["phone_index"] == _bytes(person.phone_index)


def _put(person: Person, columns: Mapping[str, object]) -> None:
    for name, value in columns.items():
        setattr(person, name, value)


def _state(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "identity": _bytes(person.identity_index),
        "phone": _bytes(person.phone_index),
        "address": person.address,
    }


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)


def _save_once(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:  # two officers at once: the number was free a moment ago
        if _IDENTITY_ONCE not in str(error):
            raise
        raise AlreadyRegistered(None) from None


def _settle(person: Person) -> None:
    places = ((Place.REGISTERED, person.registered_region), (Place.LIVING, person.living_region))
    Residence.objects.bulk_create(
        Residence(
            region_code=person.region_code,
            person=person,
            place=place,
            area=area,
            address=person.address if place == Place.LIVING else "",
        )
        for place, area in places
        if area
    )
