"""An item of a person is paused and resumed; runs leave a pause as it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from songhe.eligibility.decisions import permissions
from songhe.eligibility.decisions.events import MatterClosed, MatterOpened, MatterReopened
from songhe.eligibility.decisions.kinds import VISIT
from songhe.eligibility.decisions.matter_statements import one_door
from songhe.eligibility.decisions.models import Matter, Pause, Receipt, Standing
from songhe.eligibility.decisions.operations.telling import matter_told
from songhe.eligibility.decisions.places import known_places, outcome_at
from songhe.eligibility.decisions.queries.person import person_of
from songhe.eligibility.decisions.routing import routing_on
from songhe.eligibility.decisions.terms import MatterKind, MatterOutcome, Outcome
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.foundation.tasks.bulk import settle_doors, tell_each
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.told import told
from songhe.policy.api import pack_of, release_for
from songhe.rules.packs import Item

SHORTEST, LONGEST = 4, 200


def pause(*, actor: Actor, person: UUID, item: str, reason: str, today: date, now: datetime) -> Pause:
    """The item is neither offered nor given from today on; what was to settle about it is settled.

    BadInput for a reason of less than four characters, NotFound for an item the list there does not have, Conflict
    when it is paused already or no list holds there.
    """
    actor.require(permissions.PAUSE)
    with scoped(actor, "decisions.pause"):
        row = person_of(actor, person)
        _item_of(row, item, today)
        pause_ = _opened(actor, row, item, _checked(reason), today, now)
        _follow(_closed(actor, row, item, now), now)
        _recorded(actor, row, "decisions.pause", item)
        return pause_


def resume(*, actor: Actor, person: UUID, item: str, today: date, now: datetime) -> Pause:
    """The pause ends; what it settled is to be settled again as far as the last decision still says so.

    Conflict when the item is not paused.
    """
    actor.require(permissions.PAUSE)
    with scoped(actor, "decisions.pause"):
        row = person_of(actor, person)
        paused = Pause.objects.select_for_update().filter(person=row.pk, item=item, until_date=None).first()
        if paused is None:
            raise Conflict("这一项没有暂停")
        paused.until_date, paused.resumed_by, paused.resumer = today, actor.account_id, actor.name[:40]
        paused.save(update_fields=["until_date", "resumed_by", "resumer"])
        _follow(_opened_again(row, item, paused, today, now), now)
        _recorded(actor, row, "decisions.resume", item)
        return paused


def _checked(reason: str) -> str:
    reason = " ".join(reason.split())
    if not SHORTEST <= len(reason) <= LONGEST:
        raise BadInput("原因", told("要写{least}到{most}个字", least=SHORTEST, most=LONGEST))
    return reason


def _item_of(person: Any, item: str, today: date) -> Item:
    release = release_for(person.region_code, today)
    if release is None:
        raise Conflict("这里还没有施行的清单")
    found = next((one for one in pack_of(release).items if one.slug == item), None)
    if found is None:
        raise NotFound("这一项")
    return found


def _opened(actor: Actor, person: Any, item: str, reason: str, today: date, now: datetime) -> Pause:
    try:
        with transaction.atomic():
            return Pause.objects.create(
                region_code=person.region_code, person=person, item=item, from_date=today, reason=reason,
                paused_by=actor.account_id, pauser=actor.name[:40], paused_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("这一项已经暂停") from error


def _closed(actor: Actor, person: Any, item: str, now: datetime) -> set[UUID]:
    """Nothing is left to settle about the item; gives the doors."""
    rows = list(Matter.objects.select_for_update().filter(person=person.pk, item=item, closed_at=None))
    Matter.objects.filter(pk__in=[one.pk for one in rows]).update(
        outcome=MatterOutcome.MOOT, reason="暂停", closed_at=now, closed_by=actor.account_id, closer=actor.name[:40]
    )
    publish(*(matter_told(MatterClosed, one, outcome=MatterOutcome.MOOT.value) for one in rows))
    return {one.door for one in rows}


def _opened_again(person: Any, item: str, paused: Pause, today: date, now: datetime) -> set[UUID]:
    """The matters that the pause closed and that still stand, or an offer that came up meanwhile; gives the doors."""
    standing = Standing.objects.filter(pk=person.pk).first()
    place = known_places().get(item)
    if standing is None or place is None:
        return set()
    outcome = outcome_at(standing.yes, standing.unknown, place)
    receiving = Receipt.objects.filter(person=person.pk, item=item, until_date=None).exists()
    kind = _due_kind(outcome, receiving)
    closed = Matter.objects.filter(person=person.pk, item=item, closed_at=paused.paused_at, outcome=MatterOutcome.MOOT)
    for row in closed.filter(kind__in=kind).order_by("-opened_at")[:1]:
        row.outcome, row.reason, row.closed_at, row.closed_by, row.closer = "", "", None, None, ""
        row.due_date = max(row.due_date, today)
        row.save(update_fields=["outcome", "reason", "closed_at", "closed_by", "closer", "due_date"])
        publish(matter_told(MatterReopened, row, due_date=row.due_date))
        return {row.door}
    offered = MatterKind.OFFER in kind and _item_of(person, item, today).applied_for
    return {_matter(person, item, MatterKind.OFFER, today, now)} if offered else set()


def _due_kind(outcome: Outcome, receiving: bool) -> tuple[MatterKind, ...]:
    if receiving:
        return (MatterKind.STOP,) if outcome == Outcome.NO else ()
    return {
        Outcome.YES: (MatterKind.OFFER,), Outcome.UNKNOWN: (MatterKind.ASK,), Outcome.NO: (MatterKind.SOON,),
    }[outcome]  # fmt: skip


def _matter(person: Any, item: str, kind: MatterKind, today: date, now: datetime) -> UUID:
    due = today + timedelta(days=routing_on(today).due_days[kind])
    row = Matter.objects.create(
        region_code=person.region_code, door=person.household_id or person.pk, person=person, item=item, kind=kind,
        due_date=due, opened_at=now,
    )  # fmt: skip
    publish(matter_told(MatterOpened, row, due_date=due))
    return row.door


def _follow(doors: set[UUID], now: datetime) -> None:
    """The tasks of the doors say what is left."""
    for door in doors:
        with connection.cursor() as cursor:
            tell_each(settle_doors(kind=VISIT.code, doors=one_door(door), cursor=cursor, now=now))


def _recorded(actor: Actor, person: Any, action: str, item: str) -> None:
    record(actor, action=action, subject=person.pk, region=person.region_code, detail={"item": item})
