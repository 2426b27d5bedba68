"""Campaigns: making one, asking for all who are due in a place, who is left out, closing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.assessment import kinds
from songhe.assessment.events import AssessmentAsked
from songhe.assessment.itself import itself
from songhe.assessment.models import NAME_LENGTH, WORDS_LENGTH, Assessment, Campaign, Exclusion, Opening, Result
from songhe.assessment.openings import LeftOut
from songhe.assessment.permissions import ACCEPT, ASK, CAMPAIGN
from songhe.assessment.queries.campaigns import TODO, opening_of, people_in, place_in, tallies, whole
from songhe.assessment.scales.definition import current_scale
from songhe.assessment.terms import AskedBy, AssessmentState, Purpose, Reason
from songhe.assessment.writing import choice
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.foundation.tasks import close_about, open_task
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.states import TaskState
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.lines import said
from songhe.kernel.regions import significant
from songhe.kernel.told import told
from songhe.people.api import GROUPS, person_of

MOST_AT_ONCE = 5_000
_TELL_WITHIN = timedelta(days=14)
_BATCH = 1_000
_NOT_SENT = (AssessmentState.ASKED, AssessmentState.ACCEPTED)
UNDONE_WORDS = "普遍评估的申请撤回了"


@transaction.atomic
def make_campaign(
    *, actor: Actor, name: str, groups: Sequence[str], region: str, purpose: str, by_date: date, now: datetime
) -> Campaign:
    """Begins one today. BadInput for no group, an unknown one, or a last day that is over."""
    actor.require(CAMPAIGN)
    actor.require_region(significant(region))
    today = timezone.localdate(now)
    chosen = list(dict.fromkeys(groups))
    if not chosen or any(code not in GROUPS for code in chosen):
        raise BadInput("哪些老人", "没有选" if not chosen else "没有这一类")
    if by_date <= today:
        raise BadInput("哪天前评完", "已经过了", given=by_date.isoformat(), accepted="明天以后")
    row = Campaign.objects.create(
        region=region.ljust(12, "0"), name=said(name, "名称", NAME_LENGTH), group=chosen[0], further_groups=chosen[1:],
        purpose=choice(purpose, Purpose, "用途"), from_date=today, by_date=by_date, made_by=actor.account_id,
        maker=actor.name[:40], made_at=now,
    )  # fmt: skip
    record(actor, action="assessment.campaign", subject=row.pk, region=row.region, detail={"groups": chosen})
    return row


@transaction.atomic
def ask_for_all(*, actor: Actor, campaign: UUID, place: str, now: datetime) -> list[Opening]:
    """Asks for everybody due in a place: one opening and one task a community, whatever the number.

    Who organises it and may accept has accepted with it. Conflict when nobody is due; Refused for too many at once.
    """
    actor.require(CAMPAIGN)
    row = _running(actor, campaign)
    digits, today = place_in(row, place), timezone.localdate(now)
    due: dict[str, list[UUID]] = defaultdict(list)
    found = people_in(row, digits, today).filter(stand=TODO).order_by("region_code", "person_id")
    for code, person in found.values_list("region_code", "person_id")[: MOST_AT_ONCE + 1]:
        due[code].append(person)
    number = sum(map(len, due.values()))
    if not number:
        raise Conflict("这里没有要申请的了")
    if number > MOST_AT_ONCE:
        raise Refused(told("一次最多替{most}人申请，分街道来", most=MOST_AT_ONCE))
    return [_opened(actor, row, code, persons, now) for code, persons in due.items()]


@transaction.atomic
def undo_opening(*, actor: Actor, opening: UUID, now: datetime) -> int:
    """Withdraws what was asked for in it and not sent yet; gives how many. What was sent goes on."""
    actor.require(CAMPAIGN)
    row = _the_opening(actor, opening)
    if row.undone_at is not None:
        raise Conflict("已经撤回了")
    number = row.assessments.filter(state__in=_NOT_SENT).update(
        state=AssessmentState.WITHDRAWN, closed_at=now, outcome_words=UNDONE_WORDS
    )
    row.undone_at = now
    row.save(update_fields=["undone_at"])
    close_about(actor=itself(), kind=kinds.CAMPAIGN.code, subject=row.pk, outcome="moot", now=now)
    record(actor, action="assessment.campaign_undo", subject=row.pk, region=row.region_code, number=number)
    return number


@transaction.atomic
def all_told(*, actor: Actor, opening: UUID, now: datetime) -> Opening:
    """The community has told everybody; its task is done."""
    actor.require(ASK)
    row = _the_opening(actor, opening)
    if row.told_at is None:
        row.told_at = now
        row.save(update_fields=["told_at"])
        close_about(actor=itself(), kind=kinds.CAMPAIGN.code, subject=row.pk, outcome="told", now=now)
        record(actor, action="assessment.campaign_told", subject=row.pk, region=row.region_code)
    return row


@transaction.atomic
def leave_out(
    *, actor: Actor, campaign: Campaign, person_id: UUID, reason: str, words: str, now: datetime
) -> Exclusion:
    """Somebody is not assessed now, and why; what was asked for and not sent yet is withdrawn.

    The caller has found the campaign, or an opening of it. Conflict when a team is on its way, or it is known already.
    """
    actor.require(ASK)
    if campaign.closed_at is not None:
        raise Conflict("这次普遍评估已经结束")
    person = person_of(actor, person_id)
    if not people_in(campaign, person.region_code, timezone.localdate(now)).filter(person_id=person_id).exists():
        raise NotFound("这位老人")
    why = choice(reason, LeftOut, "为什么不评")
    clean = said(words, "情况", WORDS_LENGTH, needed=why == LeftOut.OTHER)
    mine = Assessment.objects.filter(person_id=person_id, campaign=campaign)
    if mine.filter(state__in=(AssessmentState.ASSIGNED, AssessmentState.APPOINTED, AssessmentState.SUBMITTED)).exists():
        raise Conflict("评估员已经派了，到那件评估里记“没评成”")
    mine.filter(state__in=_NOT_SENT).update(
        state=AssessmentState.WITHDRAWN, closed_at=now, outcome_words=str(why.label)
    )
    try:
        with transaction.atomic():
            row = Exclusion.objects.create(
                region_code=person.region_code, campaign=campaign, person=person, reason=why, words=clean, made_at=now,
                made_by=actor.account_id, maker=actor.name[:40],
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("已经记下不评了") from None
    record(actor, action="assessment.leave_out", subject=person_id, region=person.region_code,
           detail={"campaign": campaign.pk, "reason": str(why)})  # fmt: skip
    return row


@transaction.atomic
def take_in(*, actor: Actor, campaign: Campaign, person_id: UUID, now: datetime) -> None:
    """Somebody who was left out is to be assessed after all."""
    actor.require(ASK)
    person = person_of(actor, person_id)
    if not Exclusion.objects.filter(campaign=campaign, person=person, lifted_at=None).update(lifted_at=now):
        raise Conflict("这位老人没有记过不评")
    record(actor, action="assessment.take_in", subject=person_id, region=person.region_code,
           detail={"campaign": campaign.pk})  # fmt: skip


@transaction.atomic
def close_campaign(*, actor: Actor, campaign: UUID, now: datetime) -> Campaign:
    """Ends it; how it stood is kept, and the communities have nothing more to do. What is in work goes on."""
    actor.require(CAMPAIGN)
    row = _running(actor, campaign)
    row.final = asdict(whole(tallies(row, significant(row.region), timezone.localdate(now))))
    row.closed_at = now
    row.save(update_fields=["final", "closed_at"])
    for opening in row.openings.filter(told_at=None, undone_at=None).values_list("pk", flat=True):
        close_about(actor=itself(), kind=kinds.CAMPAIGN.code, subject=opening, outcome="moot", now=now)
    record(actor, action="assessment.campaign_close", subject=row.pk, region=row.region, detail=row.final)
    return row


def _opened(actor: Actor, campaign: Campaign, code: str, persons: Sequence[UUID], now: datetime) -> Opening:
    today = timezone.localdate(now)
    opening = Opening.objects.create(
        region_code=code, campaign=campaign, requests=len(persons), asked_at=now, asker_id=actor.account_id,
        asker=actor.name[:40],
    )  # fmt: skip
    before = set(Result.objects.filter(person_id__in=persons).values_list("person_id", flat=True))
    state = AssessmentState.ACCEPTED if actor.may(ACCEPT) else AssessmentState.ASKED
    scale = current_scale(today).key
    rows = [
        Assessment(
            region_code=code, person_id=person, scale=scale, purpose=campaign.purpose, asked_by=AskedBy.CAMPAIGN,
            reason=Reason.ROUTINE if person in before else Reason.FIRST, state=state, asked_at=now,
            asker_id=actor.account_id, asker=actor.name[:40], due_date=campaign.by_date, campaign=campaign,
            opening=opening,
        )
        for person in persons
    ]  # fmt: skip
    Assessment.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    written = dict(opening.assessments.values_list("pk", "person_id"))
    if len(written) != opening.requests:
        opening.requests = len(written)
        opening.save(update_fields=["requests"])
    publish(*(AssessmentAsked(region=code, person=person, assessment=pk) for pk, person in written.items()))
    open_task(
        actor=itself(), kind=kinds.CAMPAIGN.code, title="普遍评估：告诉老人，不愿意评的记下来", region=code,
        due_date=min(campaign.by_date, today + _TELL_WITHIN), now=now, subject=opening.pk,
    )  # fmt: skip
    reminded = Task.objects.filter(kind=kinds.RENEW.code, subject__in=persons).exclude(state=TaskState.CLOSED)
    for person in filter(None, reminded.values_list("subject", flat=True)):
        close_about(actor=itself(), kind=kinds.RENEW.code, subject=person, outcome="asked", now=now)
    record(actor, action="assessment.campaign_ask", subject=opening.pk, region=code, number=len(written),
           detail={"campaign": campaign.pk})  # fmt: skip
    return opening


def _running(actor: Actor, campaign: UUID) -> Campaign:
    row = Campaign.objects.select_for_update().filter(pk=campaign).first()
    if row is None or not actor.covers(row.region):
        raise NotFound("这次普遍评估")
    if row.closed_at is not None:
        raise Conflict("这次普遍评估已经结束")
    return row


def _the_opening(actor: Actor, opening: UUID) -> Opening:
    opening_of(actor, opening)
    return Opening.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=opening)
