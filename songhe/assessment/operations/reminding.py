"""What a day brings by itself: results become final, and those about to expire are called to mind."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from songhe.assessment import kinds, states
from songhe.assessment.drift import measure_drift, measured_on
from songhe.assessment.figures import figure
from songhe.assessment.itself import SYSTEM, itself
from songhe.assessment.models import Assessment, Result
from songhe.assessment.operations.reviewing import finalise_due
from songhe.assessment.operations.sampling import draw_month
from songhe.assessment.permissions import REVIEW
from songhe.assessment.scales.definition import INSURANCE, scale_keys, scale_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks import open_task


def assess_day(*, today: date, now: datetime) -> None:
    """Does what is due today; done once more, it finds nothing to do."""
    actor = itself()
    with scoped(actor, "assessment.day"), transaction.atomic():
        finalise_due(actor=actor, today=today)
        remind_due(actor=actor, today=today, now=now)
    check_assessors(today=today, now=now)


def check_assessors(*, today: date, now: datetime) -> None:
    """Draws the month before for second assessments, and compares assessors once a day."""
    actor = Actor.system(SYSTEM, "", ("tasks.do", REVIEW))
    with scoped(actor, "assessment.assessors"):
        draw_month(actor=actor, month=today.replace(day=1) - timedelta(days=1), now=now)
        if not measured_on(today):
            measure_drift(actor=actor, now=now)


def remind_due(*, actor: Actor, today: date, now: datetime) -> int:
    """Opens a task in the community for each result that ends within the days and was not reminded of; how many.

    Nobody is reminded of who has died or left, or is being assessed already; a blind second assessment renews nothing,
    and results of the insurance are not ours to renew.
    """
    within = figure("remind_before", region="", day=today)
    in_work = Assessment.objects.filter(person_id=OuterRef("person_id"), state__in=states.OPEN, second_of=None)
    ours = [key for key in scale_keys() if scale_of(key).use != INSURANCE]
    due = Result.objects.select_for_update(of=("self",)).filter(
        state__in=states.STANDING, reminded_date=None, valid_until__gt=today,
        valid_until__lte=today + timedelta(days=within), person__standing="present",
        scale__in=ours,
    ).filter(~Exists(in_work))  # fmt: skip
    rows = list(due.order_by("valid_until", "id"))
    for row in rows:
        open_task(
            actor=actor, kind=kinds.RENEW.code, title="评估快到期，问老人还评不评", region=row.region_code,
            due_date=row.last_day or today, now=now, subject=row.person_id,
        )  # fmt: skip
    Result.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_date=today)
    return len(rows)
