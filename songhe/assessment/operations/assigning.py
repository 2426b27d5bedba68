"""Sending assessors and agreeing on a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from songhe.assessment import kinds, rights
from songhe.assessment.figures import figure
from songhe.assessment.fitness import fitness_for
from songhe.assessment.itself import itself
from songhe.assessment.models import PLACE_LENGTH, Assessment, Assessor, Assignment, Form
from songhe.assessment.operations.asking import ask_visit, sent_to, the_assessment
from songhe.assessment.permissions import ACCEPT, ASSESS
from songhe.assessment.queries.one import team_now
from songhe.assessment.terms import AssessmentState, FormState
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.days import start_of
from songhe.foundation.notices import send
from songhe.foundation.tasks import close_about
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.lines import said
from songhe.kernel.told import told

_VISIT_LASTS = timedelta(minutes=60)


@transaction.atomic
def assign(*, actor: Actor, assessment: UUID, assessors: Sequence[UUID], now: datetime) -> Assessment:
    """Sends a team; who was sent before is called back. Refused names all that stands against it.

    Against it stand: too few, nobody medical, an expired certificate, an organisation that is not registered or of
    another district, a tie to the person, having assessed what is doubted. A wholly other team begins a form anew.
    """
    actor.require(ACCEPT)
    row = the_assessment(actor, assessment)
    rights.check_now(row, rights.ASSIGN)
    known = Assessor.objects.select_related("organisation").in_bulk(list(assessors))
    if len(known) != len(set(assessors)):
        raise NotFound("这位评估员")
    team = [known[key] for key in dict.fromkeys(assessors)]
    problems = fitness_for(row, timezone.localdate(now)).against_team(team)
    if problems:
        raise Refused("；".join(problems))
    if row.state in {AssessmentState.ASSIGNED, AssessmentState.APPOINTED}:
        _called_back(row, now)
        row.move(AssessmentState.ACCEPTED, organisation=None, visit_at=None)
    row.move(AssessmentState.ASSIGNED, organisation=team[0].organisation)
    _laid_aside(row, team)
    Assignment.objects.bulk_create(
        Assignment(region_code=row.region_code, assessment=row, assessor=one, sent_at=now) for one in team
    )
    ask_visit(row, team, "上门评估", now)
    accounts = [one.account_id for one in team if one.account_id]
    send(accounts, "派给您一件能力评估", "打开看是谁、在哪里，和老人约时间", f"/assessments/{row.pk}/", now=now)
    detail = {"assessment": row.pk, "assessors": [one.pk for one in team]}
    record(actor, action="assessment.assign", subject=row.person_id, region=row.region_code, detail=detail)
    return row


@transaction.atomic
def call_back(*, actor: Actor, assessment: UUID, now: datetime) -> Assessment:
    """Nobody is sent any more; somebody else is to be found."""
    actor.require(ACCEPT)
    row = the_assessment(actor, assessment)
    rights.check_now(row, rights.CALL_BACK)
    row.move(AssessmentState.ACCEPTED, organisation=None, visit_at=None)
    _called_back(row, now)
    record(actor, action="assessment.call_back", subject=row.person_id, region=row.region_code,
           detail={"assessment": row.pk})  # fmt: skip
    return row


@transaction.atomic
def appoint(*, actor: Actor, assessment: UUID, visit_at: datetime, place: str, now: datetime) -> Assessment:
    """Agrees on a time and a place with the person; again for another time.

    BadInput for a time that is over. Refused when a certificate will have ended by then. Conflict when one of the team
    is elsewhere within the hour, or has a full day.
    """
    row = the_assessment(actor, assessment)
    team = team_now(row)
    if not actor.may(ACCEPT):
        actor.require(ASSESS)
        sent_to(actor, team)
    rights.check_now(row, rights.APPOINT)
    if visit_at <= now:
        raise BadInput("上门时间", "已经过了", accepted="今天晚些时候或以后")
    fitness = fitness_for(row, timezone.localdate(visit_at))
    problems = [words for one in team for words in fitness.against(one)]
    if problems:
        raise Refused("；".join(problems))
    list(Assessor.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in team]).order_by("pk"))
    for one in team:
        _check_free(one, row, visit_at)
    if row.state == AssessmentState.APPOINTED:
        row.move(AssessmentState.ASSIGNED)
    row.move(AssessmentState.APPOINTED, visit_at=visit_at, place=said(place, "在哪里评", PLACE_LENGTH, needed=False))
    record(actor, action="assessment.appoint", subject=row.person_id, region=row.region_code,
           detail={"assessment": row.pk, "at": visit_at.isoformat()})  # fmt: skip
    return row


def _check_free(one: Assessor, row: Assessment, visit_at: datetime) -> None:
    others = Assessment.objects.filter(
        assignments__assessor=one, assignments__called_back_at=None, state=AssessmentState.APPOINTED
    ).exclude(pk=row.pk)
    if others.filter(visit_at__gt=visit_at - _VISIT_LASTS, visit_at__lt=visit_at + _VISIT_LASTS).exists():
        raise Conflict(told("{name}那个时候在别处，前后要隔一小时", name=one.name))
    day = timezone.localdate(visit_at)
    most = figure("day_load", region=row.region_code, day=day)
    start = start_of(day)
    if others.filter(visit_at__gte=start, visit_at__lt=start + timedelta(days=1)).count() >= most:
        raise Conflict(told("{name}那天已经约了{most}家，满了", name=one.name, most=most))


def _laid_aside(row: Assessment, team: Sequence[Assessor]) -> None:
    """What others began is no form of a wholly other team; somebody who was sent before goes on with it."""
    if not row.assignments.filter(assessor__in=team).exists():
        for form in Form.objects.select_for_update().filter(assessment=row, state=FormState.DRAFT):
            form.move(FormState.SUPERSEDED)


def _called_back(row: Assessment, now: datetime) -> None:
    row.assignments.filter(called_back_at=None).update(called_back_at=now)
    close_about(actor=itself(), kind=kinds.VISIT.code, subject=row.pk, outcome="moot", now=now)
