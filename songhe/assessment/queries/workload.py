"""How much assessors have in hand and did, counted within the actor's region, and which those are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.assessment.models import Assignment, Form, Result
from songhe.assessment.terms import AssessmentState, FormState, ResultSource, ResultState
from songhe.foundation.access.actors import Actor
from songhe.foundation.days import start_of

_WEEK = timedelta(days=7)
IN_HAND = (AssessmentState.ASSIGNED, AssessmentState.APPOINTED)
HAND, WEEK, BACK = "hand", "week", "back"
WORK = {HAND: N_("手里"), WEEK: N_("一周内上门"), BACK: N_("本月退回")}


@dataclass(frozen=True, slots=True)
class Workload:
    """Open cases, of those to be visited within a week, confirmed this month, sent back this month.

    `valid` are those of this month whose result was not withdrawn.
    """

    in_hand: int = 0
    this_week: int = 0
    this_month: int = 0
    valid: int = 0
    sent_back: int = 0


def workloads(actor: Actor, assessors: Collection[UUID], now: datetime) -> dict[UUID, Workload]:
    """By assessor; each of a team counts the case."""
    lo, hi = actor.range
    month = month_of(timezone.localdate(now))
    sent = Assignment.objects.filter(region_code__gte=lo, region_code__lt=hi, assessor__in=assessors)
    hand = in_hand(sent, now)
    done, valid = _confirmed(actor, month)
    back = _sent_back(actor, month)
    return {
        one: Workload(*hand.get(one, (0, 0)), done.get(one, 0), valid.get(one, 0), back.get(one, 0))
        for one in assessors
    }


def month_of(today: date) -> datetime:
    """When the month of a day began."""
    return start_of(today.replace(day=1))


def worked(work: str, assessor: str, today: date) -> Q:
    """Which assessments a figure counts: HAND, WEEK or BACK; of one assessor, or of everybody for ""."""
    if work == BACK:
        back = Form.objects.filter(
            assessment=OuterRef("pk"), state=FormState.SUPERSEDED, submitted_at__gte=month_of(today)
        )
        return Q(Exists(back.filter(signatures__assessor=UUID(assessor)) if assessor else back))
    found = Q(state__in=IN_HAND) if work else Q()
    if work == WEEK:
        found &= Q(visit_at__gte=start_of(today), visit_at__lt=start_of(today + _WEEK))
    return found & sent_to(assessor)


def sent_to(assessor: str) -> Q:
    """Assessments that an assessor was sent to and not called back from; all of them for ""."""
    if not assessor:
        return Q()
    return Q(Exists(Assignment.objects.filter(assessment=OuterRef("pk"), assessor=UUID(assessor), called_back_at=None)))


def in_hand(sent: QuerySet[Assignment], now: datetime) -> dict[UUID, tuple[int, int]]:
    """Of what was sent: open cases, and visits within a week from today, by assessor; who has none is left out."""
    today = timezone.localdate(now)
    soon = Q(assessment__visit_at__gte=start_of(today), assessment__visit_at__lt=start_of(today + _WEEK))
    found = sent.filter(called_back_at=None, assessment__state__in=IN_HAND).values("assessor")
    counted = found.annotate(open=Count("id"), week=Count("id", filter=soon))
    return {row["assessor"]: (row["open"], row["week"]) for row in counted}


def _confirmed(actor: Actor, since: datetime) -> tuple[Counter[UUID], Counter[UUID]]:
    lo, hi = actor.range
    found = Result.objects.filter(
        region_code__gte=lo, region_code__lt=hi, confirmed_at__gte=since, source=ResultSource.OWN
    )
    done: Counter[UUID] = Counter()
    valid: Counter[UUID] = Counter()
    for team, state in found.values_list("assessors", "state"):
        done.update(team)
        if state != ResultState.WITHDRAWN:
            valid.update(team)
    return done, valid


def _sent_back(actor: Actor, since: datetime) -> Counter[UUID]:
    lo, hi = actor.range
    forms = Form.objects.filter(
        region_code__gte=lo, region_code__lt=hi, state=FormState.SUPERSEDED, submitted_at__gte=since
    )  # fmt: skip
    counted: Counter[UUID] = Counter()
    signed = forms.filter(signatures__assessor__isnull=False).values_list("assessment", "signatures__assessor")
    counted.update(assessor for _assessment, assessor in signed.distinct())
    return counted
