"""Who can be rung for a person, who guards, who acts for them: each from a day until a day."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.lines import said
from songhe.kernel.told import told
from songhe.people.identity import contact_phone_columns
from songhe.people.models import NAME_LENGTH, Contact
from songhe.people.operations.entering import EARLIEST, in_register, past_day, the_person
from songhe.people.permissions import WRITE
from songhe.people.terms import Part, Relation

DOCUMENT_LENGTH = 120
_MOST_AT_ONCE = 20


@transaction.atomic
def add_contact(
    *,
    actor: Actor,
    today: date,
    person_id: UUID,
    part: str,
    relation: str,
    name: str,
    phone: str = "",
    document: str = "",
    from_date: date | None = None,
    until_date: date | None = None,
) -> Contact:
    """Somebody for a person. A guardian needs the document that says so; a proxy and a contact need a telephone.

    Conflict when the person has a guardian already and another one is named.
    """
    actor.require(WRITE)
    person = in_register(the_person(actor, person_id))
    _known(part, Part.values, "身份")
    _known(relation, Relation.values, "关系")
    if part == Part.GUARDIAN and not document.strip():
        raise BadInput("监护文书", "没有填", accepted="判决书、指定书或监护协议的编号")
    if part != Part.GUARDIAN and not phone.strip():
        raise BadInput("电话", "没有填")
    begins = past_day(from_date or today, today, "从哪一天起", not_before=EARLIEST)
    if until_date is not None and until_date <= begins:
        raise BadInput("到哪一天为止", "不晚于开始的那一天", given=until_date.isoformat())
    open_ones = [one for one in person.contacts.all() if one.until_date is None or one.until_date > today]
    if len(open_ones) >= _MOST_AT_ONCE:
        raise Conflict(told("已有{most}个联系人，请先停用不用的", most=_MOST_AT_ONCE))
    if part == Part.GUARDIAN and any(one.part == Part.GUARDIAN for one in open_ones):
        raise Conflict("已有监护人，请先停用原来的")
    contact_id = uuid4()
    contact = Contact.objects.create(
        id=contact_id, region_code=person.region_code, person=person, part=part, relation=relation,
        name=said(name, "姓名", NAME_LENGTH), document=said(document, "监护文书", DOCUMENT_LENGTH, needed=False),
        from_date=begins, until_date=until_date, **contact_phone_columns(contact_id, phone.strip()),
    )  # fmt: skip
    _record(actor, "people.add_contact", contact)
    return contact


@transaction.atomic
def end_contact(*, actor: Actor, today: date, now: datetime, contact_id: UUID, until_date: date) -> Contact:
    """Ends a contact on a day (excluded), which has come; one of the same day goes altogether.

    Conflict when it has ended already.
    """
    actor.require(WRITE)
    contact = Contact.objects.select_for_update(of=("self",)).filter(pk=contact_id).first()
    if contact is None or not actor.covers(contact.region_code):
        raise NotFound("这位联系人")
    if contact.until_date is not None and contact.until_date <= today:
        raise Conflict("这位联系人已经停用")
    past_day(until_date, today, "到哪一天为止", not_before=contact.from_date)
    _record(actor, "people.end_contact", contact)
    if until_date == contact.from_date:
        contact.delete()
        return contact
    contact.until_date = until_date
    contact.save(update_fields=["until_date"])
    return contact


def _known(value: str, values: list[str], where: str) -> None:
    if value not in values:
        raise BadInput(where, "没有这个说法", given=value[:20])


def _record(actor: Actor, action: str, contact: Contact) -> None:
    detail = {"contact": str(contact.pk), "part": contact.part}
    record(actor, action=action, subject=contact.person_id, region=contact.region_code, detail=detail)
