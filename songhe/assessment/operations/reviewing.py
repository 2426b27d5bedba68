"""Reviewing a form: it goes back, or becomes a result that counts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from songhe.assessment import kinds, rights, states
from songhe.assessment.events import AssessmentConfirmed, AssessmentReplaced
from songhe.assessment.figures import figure
from songhe.assessment.itself import itself
from songhe.assessment.models import WORDS_LENGTH, Assessment, Assessor, Form, Result
from songhe.assessment.operations.asking import ask_visit, the_assessment
from songhe.assessment.operations.offering import offer
from songhe.assessment.operations.sampling import compare_second
from songhe.assessment.permissions import REVIEW
from songhe.assessment.queries.one import team_now
from songhe.assessment.scales.basics import circumstances
from songhe.assessment.scales.definition import scale_of
from songhe.assessment.scales.scoring import Scored, score
from songhe.assessment.terms import AssessmentState, FormState, ObjectionState, ResultSource, ResultState
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.notices import send
from songhe.foundation.outbox import publish
from songhe.foundation.tasks import close_about
from songhe.kernel.days import month_day_in
from songhe.kernel.errors import Conflict, Refused
from songhe.kernel.lines import said

_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12


@transaction.atomic
def send_back(*, actor: Actor, assessment: UUID, words: str, now: datetime) -> Assessment:
    """The form is not in order: the team fills in a new one, which begins as the old one was."""
    actor.require(REVIEW)
    row = the_assessment(actor, assessment)
    rights.check_now(row, rights.SEND_BACK)
    row.move(AssessmentState.APPOINTED, outcome_words=said(words, "哪里要改", WORDS_LENGTH))
    old = Form.objects.select_for_update().get(assessment=row, state=FormState.SUBMITTED)
    old.move(FormState.SUPERSEDED)
    Form.objects.create(
        pk=uuid4(), region_code=row.region_code, assessment=row, begun_at=now, basics=old.basics,
        answers=old.answers, notes=old.notes,
    )  # fmt: skip
    system = itself()
    close_about(actor=system, kind=kinds.REVIEW.code, subject=row.pk, outcome="sent_back", now=now)
    team = team_now(row)
    ask_visit(row, team, "评估表退回了", now)
    accounts = [one.account_id for one in team if one.account_id]
    send(accounts, "一份评估表退回了", row.outcome_words, f"/assessments/{row.pk}/", now=now)
    record(actor, action="assessment.send_back", subject=row.person_id, region=row.region_code,
           detail={"assessment": row.pk})  # fmt: skip
    return row


@transaction.atomic
def confirm(*, actor: Actor, assessment: UUID, now: datetime) -> Result:
    """The form is in order: its result stands from now on, replaces older ones and tells the register.

    Refused for who assessed it. The result of a doubted one is final at once; a blind second one only stands beside,
    and one that was confirmed so late that a newer visit already counts is history at once.
    """
    actor.require(REVIEW)
    row = the_assessment(actor, assessment)
    team = team_now(row)
    if actor.account_id is not None and actor.account_id in {one.account_id for one in team}:
        raise Refused("评估的人不能审核自己的表")
    if row.state != AssessmentState.SUBMITTED:
        raise Conflict("这件评估还没有交表，或已经审过了")
    form = Form.objects.select_for_update().get(assessment=row, state=FormState.SUBMITTED)
    scored = score(scale_of(row.scale), form.answers, circumstances(form.basics), on_date=_day(form))
    result = _result(actor, row, form, team, scored, now)
    row.move(AssessmentState.CONFIRMED, closed_at=now)
    system = itself()
    close_about(actor=system, kind=kinds.REVIEW.code, subject=row.pk, outcome="confirmed", now=now)
    if row.second_of_id is None:
        _stands(row, result, form, now)
    else:
        compare_second(second=result, now=now)
    record(actor, action="assessment.confirm", subject=row.person_id, region=row.region_code,
           detail={"assessment": row.pk, "result": result.pk})  # fmt: skip
    return result


@transaction.atomic
def finalise_due(*, actor: Actor, today: date) -> int:
    """Results that nobody objected to in time are final; gives how many. One in objection waits for it."""
    due = Result.objects.filter(state=ResultState.PROVISIONAL, objection_until__lt=today).exclude(
        objections__state__in=(ObjectionState.RAISED, ObjectionState.AGAIN)
    )
    count = due.update(state=ResultState.FINAL)
    if count:
        record(actor, action="assessment.finalise", region="", detail={"until": today.isoformat()}, number=count)
    return count


def verification_code() -> str:
    """Twelve signs that nobody guesses; none of them looks like another."""
    return "".join(secrets.choice(_SIGNS) for _ in range(CODE_LENGTH))


def reasons_of(scored: Scored) -> list[Mapping[str, Any]]:
    """What changed the level, as it is kept."""
    return [{"key": one.key, "says": one.says, "level": one.level} for one in scored.reasons]


def _result(actor: Actor, row: Assessment, form: Form, team: list[Assessor], scored: Scored, now: datetime) -> Result:
    day, today = _day(form), timezone.localdate(now)
    months = figure(f"validity.{row.purpose}", region=row.region_code, day=day)
    public = figure(f"public.{row.purpose}", region=row.region_code, day=day)
    objection = figure("objection", region=row.region_code, day=day)
    last = row.objects_to_id is not None
    state = ResultState.FINAL if last else ResultState.PROVISIONAL
    return Result.objects.create(
        region_code=row.region_code, person_id=row.person_id, assessment=row, form=form, scale=row.scale,
        purpose=row.purpose, source=ResultSource.OWN,
        state=ResultState.REPLACED if row.second_of_id is not None else state, parts=dict(scored.parts),
        total=scored.total, level_by_points=scored.level_by_points, level=scored.level, reasons=reasons_of(scored),
        organisation=row.organisation, organisation_name=row.organisation.name if row.organisation else "",
        assessors=[one.pk for one in team], assessor_names=[one.name for one in team], assessed_date=day,
        valid_until=month_day_in(months, day), public_until=today + timedelta(days=public) if public else None,
        objection_until=None if last else today + timedelta(days=objection), confirmed_at=now,
        confirmed_by=actor.account_id, confirmer=actor.name[:40], code=verification_code(),
        replaced_by=row.second_of.result if row.second_of is not None else None,
    )  # fmt: skip


def _stands(row: Assessment, result: Result, form: Form, now: datetime) -> None:
    standing = Result.objects.select_for_update().filter(
        person_id=row.person_id, scale=row.scale, state__in=states.STANDING
    ).exclude(pk=result.pk)  # fmt: skip
    for one in standing.filter(assessed_date__lte=result.assessed_date):
        one.move(ResultState.REPLACED, replaced_by=result)
        publish(AssessmentReplaced(region=one.region_code, person=one.person_id, result=one.pk))
    newer = standing.filter(assessed_date__gt=result.assessed_date).order_by("-assessed_date").first()
    if newer is not None:
        result.move(ResultState.REPLACED, replaced_by=newer)
    if row.objects_to is not None:
        _answered(row, result, now)
    if newer is None:
        offer(result, basics=form.basics, now=now)
        publish(AssessmentConfirmed(region=row.region_code, person=row.person_id, result=result.pk))


def _answered(row: Assessment, result: Result, now: datetime) -> None:
    objection = row.objects_to.objections.select_for_update().get(state=ObjectionState.AGAIN)  # type: ignore[union-attr]
    same = objection.result.level == result.level
    objection.move(ObjectionState.UPHELD if same else ObjectionState.CHANGED, closed_at=now)


def _day(form: Form) -> date:
    if form.assessed_date is None:
        raise Conflict("这份表没有评估日期")
    return form.assessed_date
