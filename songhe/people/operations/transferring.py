"""A file goes from one district to another: one side asks, the other answers, then Songhe moves it.

Neither side sees the other's rows, so what touches both is done by Songhe itself, in a scope of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.lines import said
from songhe.kernel.regions import significant
from songhe.people.events import PersonTransferred
from songhe.people.identity import identity_index
from songhe.people.models import ADDRESS_LENGTH, Person, Residence, Transfer
from songhe.people.operations.entering import enter, facts_of_file, in_register, index_names, padded, the_person
from songhe.people.operations.moving import end_residence
from songhe.people.operations.rehoming import rehome, scope_of_both
from songhe.people.permissions import TRANSFER
from songhe.people.states import transferred_to
from songhe.people.terms import LifeEventKind, Place, Side, Source, Standing, TransferState

REASON_LENGTH = 200
_WHAT = "这件转区"
_DISTRICT, _COMMUNITY = 6, 12  # digits
_MOVER = Actor.system("转区", "")


@transaction.atomic
def propose_transfer(*, actor: Actor, now: datetime, person_id: UUID, to_region: str, reason: str) -> Transfer:
    """The district that holds a file offers it to another one; gives the offering side's row.

    Conflict when the file is on its way already; BadInput for a place within the actor's own region.
    """
    actor.require(TRANSFER)
    person = in_register(the_person(actor, person_id))
    code = padded(to_region, "转到哪里")
    if not code or actor.covers(code):
        raise BadInput("转到哪里", "要填别的区县", accepted="您管的地方以外的区县")
    return _ask(actor, person, Side.GIVING, code, "", said(reason, "原因", REASON_LENGTH), now)


@transaction.atomic
def request_transfer(
    *, actor: Actor, now: datetime, identity: str, area: str, address: str = "", reason: str
) -> Transfer:
    """The district where a person lives now asks for the file that another one holds; gives the asking side's row.

    Who has the identity number knows of whom it speaks; nothing of the file is shown. NotFound when nobody has it.
    """
    actor.require(TRANSFER)
    index, code = identity_index(identity), padded(area, "居住地")
    if not code:
        raise BadInput("居住地", "没有填")
    actor.require_region(code)
    clean = said(reason, "原因", REASON_LENGTH)
    with scoped(_MOVER, "people.transfer"):
        person = Person.objects.filter(identity_index=index).exclude(standing=Standing.MERGED).first()
    if person is None:
        raise NotFound("这个证件号的档案")
    if actor.covers(person.region_code):
        raise Conflict("这份档案就在您管的地方")
    return _ask(actor, person, Side.RECEIVING, code, said(address, "住址", ADDRESS_LENGTH, needed=False), clean, now)


@transaction.atomic
def answer_transfer(
    *,
    actor: Actor,
    today: date,
    now: datetime,
    transfer_id: UUID,
    accepted: bool,
    area: str = "",
    address: str = "",
    answer: str = "",
) -> Transfer:
    """The side that was asked says yes or no; with yes the file goes over at once.

    A receiver who says yes names the `area` where the person lives; a no needs a reason. Conflict for the asking side,
    and when it was answered or withdrawn already.
    """
    actor.require(TRANSFER)
    mine = _the_transfer(actor, transfer_id)
    if mine.side == mine.asked_by:
        raise Conflict("要由对方答复")
    state = transferred_to(mine.state, TransferState.ACCEPTED if accepted else TransferState.DECLINED)
    to = mine.to_region
    if accepted and mine.side == Side.RECEIVING:
        to = padded(area, "居住地") or to
        actor.require_region(to)
        if len(significant(to)) < _COMMUNITY:
            raise BadInput("居住地", "没有填", accepted="住的社区或村")
    text = said(answer, "答复", REASON_LENGTH, needed=not accepted)
    with scoped(_MOVER, "people.transfer"):
        if accepted:
            _go_over(actor, mine, to, address or mine.address, today, now)
        _close(mine.matter, state, to, actor, text, now)
    _recorded(actor, "people.transfer_answered", mine)
    mine.refresh_from_db()
    return mine


@transaction.atomic
def withdraw_transfer(*, actor: Actor, now: datetime, transfer_id: UUID) -> None:
    """The side that asked takes it back. Conflict when it was answered already, or for the other side."""
    actor.require(TRANSFER)
    mine = _the_transfer(actor, transfer_id)
    if mine.side != mine.asked_by:
        raise Conflict("只有提出的一方能撤回")
    state = transferred_to(mine.state, TransferState.WITHDRAWN)
    with scoped(_MOVER, "people.transfer"):
        _close(mine.matter, state, mine.to_region, actor, "", now)
    _recorded(actor, "people.transfer_withdrawn", mine)


def _ask(actor: Actor, person: Person, side: Side, to: str, address: str, reason: str, now: datetime) -> Transfer:
    matter = uuid4()
    shared = {
        "matter": matter, "asked_by": side, "person": person, "to_region": to, "address": address, "reason": reason,
        "asked_at": now, "asker": actor.name[:40],
    }  # fmt: skip
    who = {"name": person.name, "sex": person.sex, "birth_date": person.birth_date}
    giving = Transfer(**shared, **who, side=Side.GIVING, region_code=person.region_code, from_region=person.region_code)
    told = {**who, "from_region": person.region_code} if side == Side.GIVING else {}
    receiving = Transfer(**shared, **told, side=Side.RECEIVING, region_code=to)
    try:
        with scoped(_MOVER, "people.transfer"):
            giving.save(force_insert=True)
            receiving.save(force_insert=True)
    except IntegrityError:
        raise Conflict("这份档案正在转区，请等答复") from None
    mine = giving if side == Side.GIVING else receiving
    _recorded(actor, "people.transfer_asked", mine)
    return mine


def _the_transfer(actor: Actor, transfer_id: UUID) -> Transfer:
    """The actor's row; both sides' rows are locked, always in the same order."""
    found = Transfer.objects.filter(pk=transfer_id).first()
    if found is None or not actor.covers(found.region_code):
        raise NotFound(_WHAT)
    with scoped(_MOVER, "people.transfer"):
        both = Transfer.objects.select_for_update(of=("self",)).filter(matter=found.matter).order_by("side")
        return next(one for one in list(both) if one.pk == found.pk)


def _go_over(actor: Actor, transfer: Transfer, to: str, address: str, today: date, now: datetime) -> None:
    """In Songhe's scope: both districts' rows are seen."""
    person = in_register(the_person(_MOVER, transfer.person_id))
    _check_still_there(person, transfer.matter)
    before, left = facts_of_file(person), person.region_code
    current = Residence.objects.filter(person=person, place=Place.LIVING, until_date=None).first()
    if current is not None:
        end_residence(current, today)
    clean = said(address, "住址", ADDRESS_LENGTH, needed=False)
    person.living_region, person.address = to, clean
    person.household, person.household_relation = None, ""
    if person.standing == Standing.AWAY:
        person.standing = Standing.PRESENT
    rehome(person, to)
    Residence.objects.create(region_code=to, person=person, place=Place.LIVING, area=to, address=clean, from_date=today)
    index_names(person)
    enter(
        actor, person, LifeEventKind.TRANSFERRED, on_date=today, today=today, now=now, source=Source.COMMUNITY,
        reason=transfer.reason, detail={"from": left, "to": to, "before": before, "matter": str(transfer.matter)},
    )  # fmt: skip
    publish(
        PersonTransferred(
            region=scope_of_both(left, to), person=person.pk, on_date=today, from_region=left, to_region=to
        )
    )


def _check_still_there(person: Person, matter: UUID) -> None:
    """Whoever gave the file away could do so in the district where it was then, and nowhere else."""
    giving = Transfer.objects.get(matter=matter, side=Side.GIVING)
    if person.region_code[:_DISTRICT] != giving.region_code[:_DISTRICT]:
        raise Conflict("档案已经不在原来的区县，请重新提出")


def _close(matter: UUID, state: TransferState, to: str, actor: Actor, text: str, now: datetime) -> None:
    Transfer.objects.filter(matter=matter).update(
        state=state, to_region=to, answered_at=now, answerer=actor.name[:40], answer=text
    )


def _recorded(actor: Actor, action: str, mine: Transfer) -> None:
    detail = {"transfer": str(mine.pk), "matter": str(mine.matter), "side": mine.side}
    record(actor, action=action, subject=mine.person_id, region=mine.region_code, detail=detail)
