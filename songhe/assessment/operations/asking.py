"""Asking for an assessment, accepting or refusing it, and what ends it before there is a result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from songhe.assessment import kinds, rights, states
from songhe.assessment.districts import district_of
from songhe.assessment.events import AssessmentAsked
from songhe.assessment.figures import figure
from songhe.assessment.itself import itself
from songhe.assessment.models import WORDS_LENGTH, Assessment, Assessor, Campaign, Objection, Result
from songhe.assessment.permissions import ACCEPT, ASK, ASSESS
from songhe.assessment.queries.one import team_now
from songhe.assessment.scales.definition import current_scale
from songhe.assessment.terms import AskedBy, AssessmentState, ObjectionState, Purpose, Reason
from songhe.assessment.writing import choice
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.foundation.tasks import close_about, open_task
from songhe.kernel.errors import Conflict, NotFound
from songhe.kernel.lines import said
from songhe.kernel.told import told
from songhe.people.api import person_of


@transaction.atomic
def ask(
    *,
    actor: Actor,
    person_id: UUID,
    purpose: str,
    reason: str,
    asked_by: str,
    now: datetime,
    words: str = "",
    campaign: Campaign | None = None,
) -> Assessment:
    """Asks for an assessment of a person for a purpose; the district's desk gets the task to accept it.

    Conflict when one for the purpose is open already, or the person has died or left.
    """
    actor.require(ASK)
    person = person_of(actor, person_id)
    if person.standing != "present":
        raise Conflict(told("这位老人{standing}，不能申请评估", standing=str(person.get_standing_display())))
    wanted = choice(purpose, Purpose, "用途")
    open_one = _open_of(person_id).filter(purpose=wanted, objects_to=None).first()
    if open_one is not None:
        raise Conflict(told("已经有一件为“{purpose}”的评估在办（{state}），办完再申请", purpose=str(wanted.label),
                            state=str(open_one.get_state_display())))  # fmt: skip
    row = enter(
        actor, person_id=person.pk, region=person.region_code, purpose=wanted, now=now,
        reason=choice(reason, Reason, "为什么评"), asked_by=choice(asked_by, AskedBy, "谁申请的"),
        words=said(words, "情况", WORDS_LENGTH, needed=False), campaign=campaign,
    )  # fmt: skip
    open_task(
        actor=itself(), kind=kinds.ACCEPT.code, title="受理评估申请", region=district_of(row.region_code),
        due_date=row.due_date, now=now, subject=row.pk,
    )  # fmt: skip
    for kind in (kinds.RENEW, kinds.CHANGED):
        close_about(actor=itself(), kind=kind.code, subject=person.pk, outcome="asked", now=now)
    publish(AssessmentAsked(region=row.region_code, person=person.pk, assessment=row.pk))
    return row


def enter(
    actor: Actor,
    *,
    person_id: UUID,
    region: str,
    purpose: str,
    reason: str,
    asked_by: str,
    now: datetime,
    words: str = "",
    state: str = AssessmentState.ASKED,
    campaign: Campaign | None = None,
    objects_to: Result | None = None,
    second_of: Assessment | None = None,
) -> Assessment:
    """Writes a new assessment; its callers have asked who may. Conflict when another was quicker."""
    today = timezone.localdate(now)
    days = figure("immediate_within" if reason == Reason.IMMEDIATE else "accept_within", region=region, day=today)
    try:
        with transaction.atomic():
            row = Assessment.objects.create(
                region_code=region, person_id=person_id, scale=current_scale(today).key, purpose=purpose, reason=reason,
                asked_by=asked_by, words=words, state=state, asked_at=now, asker_id=actor.account_id,
                asker=actor.name[:40], due_date=today + timedelta(days=days), campaign=campaign, objects_to=objects_to,
                second_of=second_of,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("刚刚已经有人申请了，请刷新看看") from None
    record(actor, action="assessment.ask", subject=person_id, region=region,
           detail={"assessment": row.pk, "purpose": str(purpose), "reason": str(reason)})  # fmt: skip
    return row


@transaction.atomic
def accept(*, actor: Actor, assessment: UUID, now: datetime) -> Assessment:
    """The request is in order: somebody is to be sent within the days for a visit."""
    actor.require(ACCEPT)
    row = the_assessment(actor, assessment)
    rights.check_now(row, rights.ACCEPT)
    today = timezone.localdate(now)
    within = "immediate_within" if row.reason == Reason.IMMEDIATE else "visit_within"
    days = figure(within, region=row.region_code, day=today)
    row.move(AssessmentState.ACCEPTED, due_date=today + timedelta(days=days))
    close_about(actor=itself(), kind=kinds.ACCEPT.code, subject=row.pk, outcome="accepted", now=now)
    _told(actor, row, "accept")
    return row


@transaction.atomic
def refuse(*, actor: Actor, assessment: UUID, words: str, now: datetime) -> Assessment:
    """The request is not taken up; why is told to who asked."""
    actor.require(ACCEPT)
    row = the_assessment(actor, assessment)
    row.move(AssessmentState.REFUSED, outcome_words=said(words, "为什么不受理", WORDS_LENGTH), closed_at=now)
    close_about(actor=itself(), kind=kinds.ACCEPT.code, subject=row.pk, outcome="refused", now=now)
    _told(actor, row, "refuse")
    return row


@transaction.atomic
def withdraw(*, actor: Actor, assessment: UUID, words: str, now: datetime) -> Assessment:
    """Who asked no longer wishes it, until the form is handed in."""
    if not actor.may(ACCEPT):
        actor.require(ASK)
    row = the_assessment(actor, assessment)
    row.move(AssessmentState.WITHDRAWN, outcome_words=said(words, "为什么撤回", WORDS_LENGTH), closed_at=now)
    _closed(row, now)
    _told(actor, row, "withdraw")
    return row


@transaction.atomic
def end(*, actor: Actor, assessment: UUID, words: str, now: datetime) -> Assessment:
    """It cannot be done: not reachable, declined at the door, died, moved away. NotFound for who is not sent to it."""
    row = the_assessment(actor, assessment)
    if not actor.may(ACCEPT):
        actor.require(ASSESS)
        sent_to(actor, team_now(row))
    row.move(AssessmentState.ENDED, outcome_words=said(words, "为什么没评成", WORDS_LENGTH), closed_at=now)
    _closed(row, now)
    _told(actor, row, "end")
    return row


def the_assessment(actor: Actor, assessment: UUID) -> Assessment:
    """The assessment, locked until the deed is done. NotFound when it is not there, or not the actor's to see."""
    row = Assessment.objects.select_for_update(of=("self",)).filter(pk=assessment).first()
    if row is None or not actor.covers(row.region_code):
        raise NotFound("这件评估")
    return row


def sent_to(actor: Actor, team: Sequence[Assessor]) -> Assessor:
    """The assessor of the team who acts. NotFound for anybody else: whose is not theirs is not there."""
    mine = next((one for one in team if one.account_id is not None and one.account_id == actor.account_id), None)
    if mine is None:
        raise NotFound("这件评估")
    return mine


def ask_answer(objection: Objection, now: datetime) -> None:
    """Opens the district's task to answer an objection."""
    today = timezone.localdate(now)
    days = figure("accept_within", region=objection.region_code, day=today)
    open_task(
        actor=itself(), kind=kinds.OBJECTION.code, title="处理评估异议", region=district_of(objection.region_code),
        due_date=today + timedelta(days=days), now=now, subject=objection.pk,
    )  # fmt: skip


def ask_visit(row: Assessment, team: Sequence[Assessor], title: str, now: datetime) -> None:
    """Opens the team's task to visit, in the hands of the first who has an account.

    None where nobody has one: a task that nobody has is offered to every assessor, and the case is the team's alone.
    """
    owner = next((one.account for one in team if one.account is not None), None)
    if owner is not None:
        open_task(
            actor=itself(), kind=kinds.VISIT.code, title=title, region=row.region_code, due_date=row.due_date, now=now,
            subject=row.pk, owner=owner,
        )  # fmt: skip


def _open_of(person_id: UUID) -> QuerySet[Assessment]:
    return Assessment.objects.filter(person_id=person_id, state__in=states.OPEN, second_of=None)


def _closed(row: Assessment, now: datetime) -> None:
    for kind in (kinds.ACCEPT, kinds.VISIT, kinds.REVIEW):
        close_about(actor=itself(), kind=kind.code, subject=row.pk, outcome="moot", now=now)
    doubting = Objection.objects.select_for_update(of=("self",)).filter(again=row, state=ObjectionState.AGAIN).first()
    if doubting is not None:
        doubting.move(ObjectionState.RAISED, again=None)
        ask_answer(doubting, now)


def _told(actor: Actor, row: Assessment, deed: str) -> None:
    record(actor, action=f"assessment.{deed}", subject=row.person_id, region=row.region_code,
           detail={"assessment": row.pk})  # fmt: skip
