"""How much assessors have in hand and did, counted within the actor's region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from songhe.assessment.models import Assignment, Form, Result
from songhe.assessment.terms import AssessmentState, FormState, ResultSource, ResultState
from songhe.foundation.access.actors import Actor
from songhe.foundation.days import start_of

_WEEK = timedelta(days=7)
IN_HAND = (AssessmentState.ASSIGNED, AssessmentState.APPOINTED)


@dataclass(frozen=True, slots=True)
class Workload:
    """Open cases, visits within a week, confirmed this month, forms that went back this month.

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
    month = start_of(timezone.localdate(now).replace(day=1))
    sent = Assignment.objects.filter(region_code__gte=lo, region_code__lt=hi, assessor__in=assessors)
    hand = in_hand(sent, now)
    done, valid = _confirmed(actor, month)
    back = _sent_back(actor, month)
    return {
        one: Workload(*hand.get(one, (0, 0)), done.get(one, 0), valid.get(one, 0), back.get(one, 0))
        for one in assessors
    }


def in_hand(sent: QuerySet[Assignment], now: datetime) -> dict[UUID, tuple[int, int]]:
    """Of what was sent: open cases, and visits within a week from now, by assessor; those without any are left out."""
    soon = Q(assessment__visit_at__gte=now, assessment__visit_at__lt=now + _WEEK)
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
    signed = forms.filter(signatures__assessor__isnull=False)
    counted.update(signed.values_list("signatures__assessor", flat=True))
    return counted
