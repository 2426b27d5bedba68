"""What a worker settles at a door: an offer taken or not, a receipt stopped, a question answered; and taking it back.

Whoever comes second to the same matter finds it closed: it is locked while it is settled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from songhe.eligibility.decisions import permissions
from songhe.eligibility.decisions.events import MatterClosed, MatterPutOff, MatterReopened
from songhe.eligibility.decisions.kinds import VISIT
from songhe.eligibility.decisions.matter_statements import one_door
from songhe.eligibility.decisions.models import Matter, Receipt, Standing
from songhe.eligibility.decisions.operations.receiving import end_receipt, put_down
from songhe.eligibility.decisions.operations.running import redetermine
from songhe.eligibility.decisions.operations.telling import matter_told
from songhe.eligibility.decisions.places import known_places, outcome_at
from songhe.eligibility.decisions.routing import routing_on
from songhe.eligibility.decisions.terms import OUTCOMES, MatterKind, MatterOutcome
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.foundation.tasks.bulk import DoneBy, settle_doors, tell_each
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.told import told
from songhe.people.api import Told, record_facts, withdraw_facts
from songhe.people.events import FactsChanged

SOURCE = "社区登记"
REASON_LENGTH = 200
TAKEN_BACK_WITHIN = timedelta(days=1)
_NEAR = timedelta(days=366)  # what is written at a door begins or ends about now
_ASKED_BY, _WRITE = "community", "people.write"
_DONE = "done"  # how a door's task ends that somebody did
_NEEDS_REASON = {
    MatterOutcome.DECLINED: "写一句为什么不要",
    MatterOutcome.CORRECTED: "写一句改了什么",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and what it decided: by item what it was and what it is now."""

    matter: Matter
    changes: tuple[tuple[str, str, str], ...]


def settle(
    *,
    actor: Actor,
    matter: UUID,
    outcome: str,
    today: date,
    now: datetime,
    reason: str = "",
    from_date: date | None = None,
) -> Matter:
    """Closes a matter with an outcome of its kind; nobody found only moves its last day.

    "Accepted" with a day puts the person down from that day, without one it says in `reason` who has the application.
    "Stopped" ends the receipt on the day. BadInput for what does not fit, Conflict when somebody else settled it.
    """
    actor.require(permissions.WORK)
    reason = " ".join(reason.split())
    with scoped(actor, "decisions.matter"):
        row = _locked(actor, matter)
        _check(row, outcome, reason, from_date, today)
        if outcome == MatterOutcome.UNREACHED:
            _put_off([row], reason, today)
        else:
            _deeds(actor, row, outcome, from_date or today if outcome == MatterOutcome.STOPPED else from_date, now)
            _close(actor, row, outcome, reason, now)
        _recorded(actor, row, outcome)
        if outcome == MatterOutcome.STOPPED or (outcome == MatterOutcome.ACCEPTED and from_date is not None):
            _again(actor, row, today, now)  # counts and further matters follow
        _follow(actor, row.door, now)
        return row


def nobody_there(*, actor: Actor, door: UUID, today: date, now: datetime, reason: str = "") -> int:
    """Nobody opened: everything at the door waits some days more; gives how much. NotFound when nothing is open."""
    actor.require(permissions.WORK)
    with scoped(actor, "decisions.matter"):
        lo, hi = actor.range
        rows = list(
            Matter.objects.select_for_update()
            .filter(door=door, closed_at=None, region_code__gte=lo, region_code__lt=hi)
            .order_by("pk")
        )
        if not rows:
            raise NotFound("要办的事")
        _put_off(rows, " ".join(reason.split())[:REASON_LENGTH], today)
        for row in rows:
            _recorded(actor, row, MatterOutcome.UNREACHED)
        _follow(actor, door, now)
        return len(rows)


def answer(
    *, actor: Actor, matter: UUID, value: str, today: date, now: datetime, as_of: date | None = None
) -> Answered:
    """The person answered: the fact is told by the community and the person decided anew, in the same transaction.

    `value` is text as in the person table. All matters of the person that asked the same are settled. BadInput for a
    value the fact does not take; Conflict when it was settled already.
    """
    actor.require(permissions.WORK)
    actor.require(_WRITE)
    with scoped(actor, "decisions.answer"):
        row = _locked(actor, matter)
        if row.kind != MatterKind.ASK:
            raise BadInput("要办的事", "这一件不是要问的")
        before = _outcomes(row.person_id)
        telling = Told(row.person_id, row.question, _ASKED_BY, value, as_of or today)
        record_facts(actor=actor, today=today, now=now, told=[telling], batch=row.pk)
        _told_of(actor, row, telling.as_of)
        for one in _asked_alike(row).select_for_update().order_by("pk"):
            _close(actor, one, MatterOutcome.CORRECTED, "", now)
            _recorded(actor, one, MatterOutcome.CORRECTED)
        _again(actor, row, today, now)
        _follow(actor, row.door, now)
        after = _outcomes(row.person_id)
        moved = tuple(
            (item, before.get(item, ""), is_now) for item, is_now in after.items() if is_now != before.get(item)
        )
        row.refresh_from_db()
        return Answered(row, moved)


def take_back(*, actor: Actor, matter: UUID, today: date, now: datetime) -> Matter:
    """What one settled within a day is open again: the fact is withdrawn, the receipt is as it was before.

    Refused for others and later, Conflict when it is not settled or the same matter is open again by now.
    """
    actor.require(permissions.WORK)
    with scoped(actor, "decisions.take_back"):
        row = _seen(actor, matter)
        if row.closed_at is None:
            raise Conflict("这件事没有办结")
        if row.outcome == MatterOutcome.MOOT or row.closed_by != actor.account_id:
            raise Refused("只有办的人能撤回")
        if now - row.closed_at > TAKEN_BACK_WITHIN:
            raise Refused("办结超过1天，不能撤回")
        _UNDOING[MatterKind(row.kind)](actor, row, today, now)
        _again(actor, row, today, now)
        _follow(actor, row.door, now)
        row.refresh_from_db()
        return row


def _check(row: Matter, outcome: str, reason: str, from_date: date | None, today: date) -> None:
    words = {one.value: str(one.label) for one in OUTCOMES[row.kind]}
    if outcome not in words:
        raise BadInput("结果", "没有选", accepted="、".join(words.values()))
    if len(reason) > REASON_LENGTH:
        raise BadInput("说明", told("最多{most}字", most=REASON_LENGTH), given=told("{count}字", count=len(reason)))
    if row.kind == MatterKind.ASK and outcome == MatterOutcome.CORRECTED:
        raise BadInput("回答", "没有选")
    wanted = _NEEDS_REASON.get(MatterOutcome(outcome))
    if wanted and len(reason) < 2:
        raise BadInput("说明", wanted)
    if outcome == MatterOutcome.ACCEPTED and from_date is None and len(reason) < 2:
        raise BadInput("说明", "写从哪天起享，或者申请交给了谁")
    if from_date is not None and abs(from_date - today) > _NEAR:
        raise BadInput("从哪天起", "太远了", given=from_date.isoformat())


def _deeds(actor: Actor, row: Matter, outcome: str, from_date: date | None, now: datetime) -> None:
    """What an outcome writes besides: who receives since when, or until when."""
    if from_date is None:
        return
    if outcome == MatterOutcome.ACCEPTED:
        put_down(
            actor=actor, persons=[row.person_id], item=row.item, from_date=from_date, source=SOURCE, now=now
        )  # fmt: skip
    elif outcome == MatterOutcome.STOPPED:
        end_receipt(actor=actor, person=row.person_id, item=row.item, until_date=from_date, now=now)


def _put_off(rows: Sequence[Matter], reason: str, today: date) -> None:
    days = timedelta(days=routing_on(today).unreached_days)
    for row in rows:
        row.due_date = max(row.due_date, today) + days
        row.reason = "，".join(filter(None, (f"{today.month}月{today.day}日没找到人", reason)))[:REASON_LENGTH]
        row.save(update_fields=["due_date", "reason"])
    publish(*(matter_told(MatterPutOff, row, due_date=row.due_date) for row in rows))


def _close(actor: Actor, row: Matter, outcome: str, reason: str, now: datetime) -> None:
    row.outcome, row.reason, row.closed_at = MatterOutcome(outcome), reason, now
    row.closed_by, row.closer = actor.account_id, actor.name[:40]
    row.save(update_fields=["outcome", "reason", "closed_at", "closed_by", "closer"])
    publish(matter_told(MatterClosed, row, outcome=row.outcome))


def _open_again(row: Matter) -> None:
    same = Matter.objects.filter(person_id=row.person_id, item=row.item, kind=row.kind, closed_at=None)
    if same.exists():
        raise Conflict("同一件事已经又派了一次，在那一件上办")
    row.outcome, row.reason, row.closed_at, row.closed_by, row.closer = "", "", None, None, ""
    row.save(update_fields=["outcome", "reason", "closed_at", "closed_by", "closer"])
    publish(matter_told(MatterReopened, row, due_date=row.due_date))


def _undo_answer(actor: Actor, row: Matter, today: date, now: datetime) -> None:
    alike = Matter.objects.select_for_update().filter(
        person_id=row.person_id, question=row.question, closed_at=row.closed_at, outcome=row.outcome
    )
    answered = row.outcome == MatterOutcome.CORRECTED
    for one in alike.order_by("pk"):
        if answered:
            withdraw_facts(actor=actor, today=today, now=now, batch=one.pk)
        _open_again(one)
        _recorded(actor, one, "")
    if answered:
        publish(FactsChanged(region=row.region_code, person=row.person_id, facts=(row.question,)))


def _undo_deed(actor: Actor, row: Matter, today: date, now: datetime) -> None:
    written = Receipt.objects.filter(person_id=row.person_id, item=row.item)
    if row.outcome == MatterOutcome.ACCEPTED and row.closed_at is not None:
        written.filter(recorded_at=row.closed_at, source=SOURCE, until_date=None).delete()
    elif row.outcome == MatterOutcome.STOPPED and not written.filter(until_date=None).exists():
        ended = written.order_by("-until_date").first()
        if ended is not None:
            ended.until_date = None
            ended.save(update_fields=["until_date"])
    _open_again(row)
    _recorded(actor, row, "")


_UNDOING: dict[MatterKind, Callable[[Actor, Matter, date, datetime], None]] = {
    MatterKind.ASK: _undo_answer, MatterKind.OFFER: _undo_deed, MatterKind.SOON: _undo_deed,
    MatterKind.STOP: _undo_deed,
}  # fmt: skip


def _again(actor: Actor, row: Matter, today: date, now: datetime) -> None:
    done = DoneBy(row.door, _DONE, actor.account_id)
    redetermine(actor=actor, persons=[row.person_id], on=today, now=now, done=done)


def _follow(actor: Actor, door: UUID, now: datetime) -> None:
    """The door's task says what is left; when nothing is, it is done, by who did it."""
    done = DoneBy(door, _DONE, actor.account_id)
    with connection.cursor() as cursor:
        tell_each(settle_doors(kind=VISIT.code, doors=one_door(door), cursor=cursor, now=now, done=done))
    closed = Task.objects.filter(kind=VISIT.code, subject=door, outcome=_DONE, closed_at=now)
    for task in closed.filter(closed_by=actor.account_id):
        detail = {"kind": VISIT.code, "about": door, "outcome": _DONE}
        record(actor, action="tasks.close", subject=task.pk, region=task.region_code, detail=detail)


def _outcomes(person: UUID) -> dict[str, str]:
    standing = Standing.objects.filter(pk=person).first()
    if standing is None:
        return {}
    return {slug: outcome_at(standing.yes, standing.unknown, place).value for slug, place in known_places().items()}


def _asked_alike(row: Matter):  # type: ignore[no-untyped-def]
    return Matter.objects.filter(
        person_id=row.person_id, kind=MatterKind.ASK, question=row.question, closed_at=None
    )  # fmt: skip


def _told_of(actor: Actor, row: Matter, as_of: date) -> None:
    detail = {"fact": row.question, "source": _ASKED_BY, "as_of": as_of.isoformat()}
    record(actor, action="people.record_fact", subject=row.person_id, region=row.region_code, detail=detail)
    publish(FactsChanged(region=row.region_code, person=row.person_id, facts=(row.question,)))


def _recorded(actor: Actor, row: Matter, outcome: str) -> None:
    """`outcome` is empty when it was taken back."""
    detail = {"matter": row.pk, "kind": row.kind, "item": row.item, "outcome": outcome}
    record(actor, action="decisions.matter", subject=row.person_id, region=row.region_code, detail=detail)


def _seen(actor: Actor, matter: UUID) -> Matter:
    lo, hi = actor.range
    row = Matter.objects.select_for_update().filter(pk=matter, region_code__gte=lo, region_code__lt=hi).first()
    if row is None:
        raise NotFound("这件事")
    return row


def _locked(actor: Actor, matter: UUID) -> Matter:
    """The matter, still open. Conflict with who settled it and how when it is not."""
    row = _seen(actor, matter)
    if row.closed_at is not None:
        by = row.closer or "松鹤"
        raise Conflict(told("{by}刚办了这一件：{outcome}", by=by, outcome=MatterOutcome(row.outcome).label))
    return row
