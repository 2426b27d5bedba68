"""Deciding changes of divisions: tried first, done at once or on their day, taken back before it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.notices import send
from songhe.foundation.outbox import publish
from songhe.kernel.errors import BadInput, Conflict, NotFound, SongheError
from songhe.kernel.told import told
from songhe.regions.models import Alteration
from songhe.regions.operations.deeds import (
    Adding,
    Ending,
    Merging,
    Moving,
    Planned,
    Renaming,
    Splitting,
    kept,
    name_of,
    read,
)
from songhe.regions.operations.ledger import Ledger, padded
from songhe.regions.permissions import CHANGE
from songhe.regions.states import AlterationState

EARLIEST = date(1949, 10, 1)
MOST_YEARS_AHEAD = 3
DOCUMENT_LENGTH = 120
_PROBLEM_LENGTH = 300
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('songhe.regions'))"
_log = logging.getLogger(__name__)


def adding(code: str, name: str, is_urban: bool | None = None) -> Adding:
    """A new division, in the division its code says."""
    return Adding(padded("代码", code), name_of("名称", name), is_urban)


def renaming(code: str, name: str) -> Renaming:
    """Another name."""
    return Renaming(padded("代码", code), name_of("名称", name))


def moving(code: str, new_code: str) -> Moving:
    """Another code, and with it another place; what lies below goes along."""
    return Moving(padded("代码", code), padded("新代码", new_code))


def merging(codes: Sequence[str], into: str, name: str = "") -> Merging:
    """Several become `into`; with a name it is a new division."""
    return Merging(
        tuple(padded("代码", one) for one in codes), padded("并入", into), name_of("名称", name) if name else ""
    )


def splitting(code: str, new_code: str, name: str, children: Sequence[str] = ()) -> Splitting:
    """A part becomes a division of its own."""
    return Splitting(
        padded("代码", code),
        padded("新代码", new_code),
        name_of("名称", name),
        tuple(padded("划过去的", one) for one in children),
    )


def ending(code: str) -> Ending:
    """No more, and nothing in its place."""
    return Ending(padded("代码", code))


def try_out(*, actor: Actor, today: date, planned: Planned, on_date: date) -> Ledger:
    """What would follow from a deed, without doing it. Refuses what would be refused on the day as things stand."""
    _check(actor, today, planned, on_date)
    ledger = Ledger(on_date, "")
    planned.carry_out(ledger)
    return ledger


@transaction.atomic
def decide(*, actor: Actor, today: date, now: datetime, planned: Planned, on_date: date, document: str) -> Alteration:
    """Does a deed, or keeps it until its day when that is still to come.

    Refused when a rule says no, also for a day still to come; Conflict when somebody else changed the same just now.
    """
    document = " ".join(document.split())
    if not 2 <= len(document) <= DOCUMENT_LENGTH:
        raise BadInput("文号", "没有写" if not document else "太长或太短", accepted="批复的文号或文件名")
    _lock()
    _check(actor, today, planned, on_date)
    altered = Alteration(
        deed=planned.deed, code=planned.codes[0], on_date=on_date, document=document, details=kept(planned),
        state=AlterationState.WAITING, entered_by=actor.account_id, entered_at=now,
    )  # fmt: skip
    if on_date > today:
        planned.carry_out(Ledger(on_date, document))
        record(actor, action="regions.plan", subject=altered.code, region=altered.code, detail=_told(altered, planned))
        altered.save(force_insert=True)
        return altered
    _carry_out(actor, altered, planned, now)
    altered.save(force_insert=True)
    return altered


@transaction.atomic
def withdraw(*, actor: Actor, now: datetime, alteration_id: UUID) -> Alteration:
    """Takes back a change that has not taken effect."""
    altered = _locked(actor, alteration_id)
    altered.move(AlterationState.WITHDRAWN)
    altered.done_at = now
    altered.save()
    record(actor, action="regions.withdraw", subject=altered.code, region=altered.code, detail={"id": altered.pk})
    return altered


@transaction.atomic
def retry(*, actor: Actor, today: date, now: datetime, alteration_id: UUID) -> Alteration:
    """Does a change that was not possible on its day, now that what stood in its way is gone."""
    altered = _locked(actor, alteration_id)
    if altered.state != AlterationState.FAILED:
        raise Conflict(told("这项变更{state}", state=altered.get_state_display()))
    planned = read(altered.deed, altered.details)
    _check(actor, today, planned, altered.on_date)
    _carry_out(actor, altered, planned, now)
    altered.save()
    return altered


def apply_due_changes(*, today: date, now: datetime) -> int:
    """Does every kept change whose day has come, the earliest first; gives back how many took effect.

    One that is not possible any more says why, and whoever entered it is told. Each is a transaction of its own.
    """
    done = 0
    waiting = Alteration.objects.filter(state=AlterationState.WAITING, on_date__lte=today)
    for key in list(waiting.order_by("on_date", "entered_at").values_list("pk", flat=True)):
        done += _apply(key, now)
    return done


@transaction.atomic
def _apply(key: UUID, now: datetime) -> bool:
    actor = Actor.system("区划变更", "", [CHANGE])
    _lock()
    altered = Alteration.objects.select_for_update().filter(pk=key, state=AlterationState.WAITING).first()
    if altered is None:  # another worker, or taken back
        return False
    try:
        with transaction.atomic():
            _carry_out(actor, altered, read(altered.deed, altered.details), now)
    except SongheError as error:
        altered.state = AlterationState.WAITING
        altered.move(AlterationState.FAILED)
        altered.problem = str(error)[:_PROBLEM_LENGTH]
        _tell(altered, now)
        _log.warning("alteration %s was not possible on its day", altered.pk)
    altered.save()
    return altered.state == AlterationState.DONE


def _tell(altered: Alteration, now: datetime) -> None:
    if altered.entered_by is not None:
        title = f"区划变更没有生效：{altered.get_deed_display()}"
        send([altered.entered_by], title, altered.problem, reverse("region-alterations"), now=now)


def _carry_out(actor: Actor, altered: Alteration, planned: Planned, now: datetime) -> None:
    ledger = Ledger(altered.on_date, altered.document)
    planned.carry_out(ledger)
    try:
        with transaction.atomic():
            ledger.write()
    except IntegrityError as error:
        raise Conflict("别人刚改过同一个区划，请看看现在是什么样，再办") from error
    publish(*ledger.events)
    altered.move(AlterationState.DONE)
    altered.done_at, altered.problem = now, ""
    record(
        actor, action=f"regions.{planned.deed.value}", subject=altered.code, region=altered.code,
        detail=_told(altered, planned) | {"opened": len(ledger.opened), "ended": len(ledger.ended)},
    )  # fmt: skip


def _told(altered: Alteration, planned: Planned) -> dict[str, object]:
    return {
        "id": altered.pk, "deed": altered.deed, "on": altered.on_date, "codes": list(planned.codes),
        "document": altered.document,
    }  # fmt: skip


def _check(actor: Actor, today: date, planned: Planned, on_date: date) -> None:
    actor.require(CHANGE)
    for code in planned.codes:
        actor.require_region(code)
    latest = date(today.year + MOST_YEARS_AHEAD, 12, 31)
    if not EARLIEST <= on_date <= latest:
        raise BadInput(
            "生效日期",
            "不能是这一天",
            accepted=told("{earliest}到{latest}", earliest=EARLIEST.isoformat(), latest=latest.isoformat()),
        )


def _locked(actor: Actor, alteration_id: UUID) -> Alteration:
    actor.require(CHANGE)
    _lock()
    found = Alteration.objects.select_for_update().filter(pk=alteration_id).first()
    if found is None:
        raise NotFound("这项变更")
    for code in read(found.deed, found.details).codes:
        actor.require_region(code)
    return found


def _lock() -> None:
    """One change of divisions at a time: each is checked against what the one before left."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
