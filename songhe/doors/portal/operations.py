"""Asking to be rung, and settling it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from songhe.doors.portal.kinds import CONTACT
from songhe.doors.portal.models import ContactRequest
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record, unmasked
from songhe.foundation.sealing.seals import seal, unseal
from songhe.foundation.tasks import close_about, open_task
from songhe.foundation.tasks import permissions as tasks
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.phones import normalised
from songhe.kernel.told import told

LONGEST_NAME = 30
_RUNG_WITHIN = timedelta(days=3)
_TITLE = "有老人请社区回电话"
_REASON = "给请求联系的人回电话"


def ask_to_be_rung(*, region: str, name: str, phone: str, today: date, now: datetime) -> UUID:
    """Keeps who wants to be rung by the community and gives it a task. BadInput for what is no name or telephone."""
    name, digits = " ".join(name.split()), normalised(phone)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadInput("称呼", told("要写1到{most}个字", most=LONGEST_NAME), accepted="怎么称呼您，如：李婆婆")
    actor = portal(region)
    with scoped(actor, "portal.ask"):
        request = ContactRequest(region_code=region.ljust(12, "0"), asked_at=now)
        request.name_sealed = seal(name, _place("name", request.pk))
        request.phone_sealed = seal(digits, _place("phone", request.pk))
        request.save()
        open_task(
            actor=actor, kind=CONTACT.code, title=_TITLE, region=region, due_date=today + _RUNG_WITHIN, now=now,
            subject=request.pk,
        )  # fmt: skip
        record(actor, action="portal.contact", subject=request.pk, region=request.region_code)
    return request.pk


def open_contact(*, actor: Actor, request: UUID, now: datetime) -> tuple[str, str]:
    """Name and telephone of who wants to be rung; the reading is kept. Conflict once it is settled."""
    actor.require(tasks.DO)
    row = request_of(actor, request)
    if row.name_sealed is None or row.phone_sealed is None:
        raise Conflict("已经办结，称呼和电话都删了")
    unmasked(actor, subject=row.pk, region=row.region_code, fields=("name", "phone"), reason=_REASON, now=now)
    return unseal(bytes(row.name_sealed), _place("name", row.pk)), unseal(
        bytes(row.phone_sealed), _place("phone", row.pk)
    )


def settle(*, actor: Actor, request: UUID, outcome: str, now: datetime) -> None:
    """Closes the task with an outcome of its kind and forgets name and telephone. Conflict when it was settled."""
    actor.require(tasks.DO)
    if outcome not in CONTACT.outcomes:
        raise BadInput("结果", "没有这个结果", accepted="、".join(CONTACT.outcomes.values()))
    with scoped(actor, "portal.settle"):
        row = request_of(actor, request, locked=True)
        if row.settled_at is not None:
            raise Conflict("已经办结了")
        row.name_sealed, row.phone_sealed, row.settled_at = None, None, now
        row.save()
        close_about(actor=actor, kind=CONTACT.code, subject=row.pk, outcome=outcome, now=now)
        record(actor, action="portal.settle", subject=row.pk, region=row.region_code, detail={"outcome": outcome})


def request_of(actor: Actor, key: UUID, *, locked: bool = False) -> ContactRequest:
    """One request in the actor's region. NotFound for any other."""
    rows = ContactRequest.objects.select_for_update() if locked else ContactRequest.objects.all()
    row = rows.filter(pk=key).first()
    if row is None or not actor.covers(row.region_code):
        raise NotFound("这个请求")
    return row


def portal(region: str) -> Actor:
    """Songhe at work in a region for somebody who has not said who they are."""
    return Actor.system("门户", region)


def _place(field: str, key: UUID) -> str:
    return f"portal_contactrequest.{field}.{key}"
