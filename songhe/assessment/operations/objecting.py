"""Somebody doubts a result: others assess again, and what they find is final."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.assessment import kinds
from songhe.assessment.events import AssessmentObjected, AssessmentWithdrawn
from songhe.assessment.itself import itself
from songhe.assessment.models import WORDS_LENGTH, Assessment, Objection, Result
from songhe.assessment.operations.asking import ask_answer, enter
from songhe.assessment.operations.offering import take_back
from songhe.assessment.permissions import ASK, REVIEW
from songhe.assessment.states import OBJECTION, check_move
from songhe.assessment.terms import AskedBy, AssessmentState, ObjectionState, Reason, ResultState
from songhe.assessment.writing import choice
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.foundation.tasks import close_about
from songhe.kernel.errors import Conflict, NotFound
from songhe.kernel.lines import said
from songhe.kernel.told import told
from songhe.people.api import person_of


@transaction.atomic
def object_to(*, actor: Actor, result: UUID, words: str, raised_by: str, now: datetime) -> Objection:
    """Raises an objection; the district answers it. Conflict when the time for it is over, or one is open already."""
    actor.require(ASK)
    row = the_result(actor, result)
    today = timezone.localdate(now)
    if row.state != ResultState.PROVISIONAL or row.objection_until is None or today > row.objection_until:
        until = row.objection_until.isoformat() if row.objection_until else ""
        raise Conflict(told("这个结果提异议的时间过了（{until}），可以重新申请评估", until=until) if until
                       else told("这个结果不能再提异议，可以重新申请评估"))  # fmt: skip
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                region_code=row.region_code, result=row, words=said(words, "为什么有异议", WORDS_LENGTH),
                raised_by=choice(raised_by, AskedBy, "谁提出的"), raiser_id=actor.account_id, raiser=actor.name[:40],
                raised_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("对这个结果已经有一件异议在办") from None
    ask_answer(objection, now)
    publish(AssessmentObjected(region=row.region_code, person=row.person_id, result=row.pk))
    record(actor, action="assessment.object", subject=row.person_id, region=row.region_code,
           detail={"result": row.pk})  # fmt: skip
    return objection


@transaction.atomic
def assess_again(*, actor: Actor, objection: UUID, now: datetime) -> Assessment:
    """The objection is taken up: an assessment by others is entered, accepted already.

    Conflict when it is no longer to be answered, or the person has died or left.
    """
    actor.require(REVIEW)
    row = the_objection(actor, objection)
    check_move(OBJECTION, row.state, ObjectionState.AGAIN)
    person = person_of(actor, row.result.person_id)
    if person.standing != "present":
        raise Conflict(told("这位老人{standing}，不能再评", standing=str(person.get_standing_display())))
    again = enter(
        actor, person_id=row.result.person_id, region=row.region_code, purpose=row.result.purpose,
        reason=Reason.DOUBTED, asked_by=row.raised_by, now=now, words=row.words, state=AssessmentState.ACCEPTED,
        objects_to=row.result,
    )  # fmt: skip
    row.move(ObjectionState.AGAIN, again=again)
    close_about(actor=itself(), kind=kinds.OBJECTION.code, subject=row.pk, outcome="again", now=now)
    record(actor, action="assessment.assess_again", subject=row.result.person_id, region=row.region_code,
           detail={"assessment": again.pk})  # fmt: skip
    return again


@transaction.atomic
def refuse_objection(*, actor: Actor, objection: UUID, words: str, now: datetime) -> Objection:
    """The objection is not taken up; why is told to who raised it."""
    actor.require(REVIEW)
    row = the_objection(actor, objection)
    row.move(ObjectionState.REFUSED, answer=said(words, "为什么不受理", WORDS_LENGTH), closed_at=now)
    close_about(actor=itself(), kind=kinds.OBJECTION.code, subject=row.pk, outcome="refused", now=now)
    record(actor, action="assessment.refuse_objection", subject=row.result.person_id, region=row.region_code)
    return row


@transaction.atomic
def withdraw_result(*, actor: Actor, result: UUID, words: str, now: datetime) -> Result:
    """A result was wrong from the start: it stands no longer, and what it told the register is taken back.

    What it replaced stands again; an objection to it that was not taken up yet is closed.
    """
    actor.require(REVIEW)
    row, why = the_result(actor, result), said(words, "为什么撤回", WORDS_LENGTH)
    row.move(ResultState.WITHDRAWN)
    _replaced_stand(row, timezone.localdate(now))
    for raised in row.objections.select_for_update().filter(state=ObjectionState.RAISED):
        close_objection(raised, "结果撤回了", now)
    take_back(row, now=now)
    publish(AssessmentWithdrawn(region=row.region_code, person=row.person_id, result=row.pk))
    record(actor, action="assessment.withdraw_result", subject=row.person_id, region=row.region_code,
           detail={"result": row.pk, "why": why})  # fmt: skip
    return row


def stands_again(row: Result, today: date) -> None:
    """What replaced it is gone: the result stands, open to objection while its days last."""
    open_still = row.objection_until is not None and today <= row.objection_until
    row.move(ResultState.PROVISIONAL if open_still else ResultState.FINAL, replaced_by=None)


def close_objection(row: Objection, answer: str, now: datetime) -> None:
    """An objection has nothing left to ask: its result was withdrawn, or who it is about has died."""
    row.move(ObjectionState.REFUSED, answer=answer[:WORDS_LENGTH], closed_at=now)
    close_about(actor=itself(), kind=kinds.OBJECTION.code, subject=row.pk, outcome="moot", now=now)


def _replaced_stand(row: Result, today: date) -> None:
    """What a result replaced; a blind second one never stood."""
    before = Result.objects.select_for_update(of=("self",)).filter(replaced_by=row, assessment__second_of=None)
    for one in before.filter(state=ResultState.REPLACED):
        stands_again(one, today)


def the_result(actor: Actor, result: UUID) -> Result:
    """The result, locked. NotFound when it is not there, or not the actor's to see."""
    row = Result.objects.select_for_update(of=("self",)).filter(pk=result).first()
    if row is None or not actor.covers(row.region_code):
        raise NotFound("这个评估结果")
    return row


def the_objection(actor: Actor, objection: UUID) -> Objection:
    """The objection with its result, locked. NotFound when it is not there, or not the actor's to see."""
    found = Objection.objects.select_for_update(of=("self",)).select_related("result").filter(pk=objection).first()
    if found is None or not actor.covers(found.region_code):
        raise NotFound("这件异议")
    return found
