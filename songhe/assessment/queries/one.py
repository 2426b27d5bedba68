"""One assessment with all that is about it, and whom could be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from songhe.assessment import kinds
from songhe.assessment.districts import district_of
from songhe.assessment.fitness import fitness_for
from songhe.assessment.models import Assessment, Assessor, Assignment, Form, Objection, Result
from songhe.assessment.permissions import ASSESS, READ
from songhe.assessment.queries.workload import in_hand
from songhe.assessment.terms import OrganisationState
from songhe.foundation.access.actors import Actor
from songhe.foundation.tasks.queries import open_about
from songhe.kernel.errors import NotFound
from songhe.people.api import person_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """An assessor who could be sent: open cases in all and visits within the week, and what stands against it."""

    assessor: Assessor
    open_cases: int
    this_week: int
    problems: Sequence[str]
    sent: bool


def assessment_of(actor: Actor, assessment: UUID) -> Assessment:
    """The assessment with person and organisation. NotFound when not there, or not the actor's to see.

    Who only assesses sees what they are sent to.
    """
    lo, hi = actor.range
    found = Assessment.objects.filter(pk=assessment, region_code__gte=lo, region_code__lt=hi)
    if not actor.may(READ) and actor.may(ASSESS):
        mine = Q(assignments__assessor__account=actor.account_id, assignments__assessor__account__isnull=False)
        found = found.filter(mine, assignments__called_back_at=None)
    row = found.select_related("person", "organisation", "objects_to", "second_of", "campaign").first()
    if row is None:
        raise NotFound("这件评估")
    return row


def team_now(row: Assessment) -> list[Assessor]:
    """Who is sent now, in the order in which they were named."""
    sent = row.assignments.filter(called_back_at=None).order_by("id")
    return [one.assessor for one in sent.select_related("assessor__organisation", "assessor__account")]


def forms_of(row: Assessment) -> list[Form]:
    """Its forms, the newest first."""
    return list(Form.objects.filter(assessment=row).order_by("-begun_at").prefetch_related("signatures"))


def form_of(row: Assessment, form: UUID) -> Form:
    """One of its forms with the signatures. NotFound when it is none of them."""
    found = Form.objects.filter(assessment=row, pk=form).prefetch_related("signatures").first()
    if found is None:
        raise NotFound("这份评估表")
    return found


def result_of(row: Assessment) -> Result | None:
    """Its result, when there is one."""
    return Result.objects.filter(assessment=row).first()


def objections_of(result: Result | None) -> list[Objection]:
    """What was said against its result."""
    return [] if result is None else list(result.objections.order_by("raised_at"))


def results_of_person(actor: Actor, person_id: UUID) -> list[Result]:
    """All results of a person, the newest first. NotFound when the person is not the actor's to see."""
    person = person_of(actor, person_id)
    return list(Result.objects.filter(person=person).order_by("-assessed_date", "-confirmed_at"))


def is_changed(person_id: UUID) -> bool:
    """Whether it was proposed to assess a person at once, and nobody has answered yet."""
    return open_about(person_id, kinds.CHANGED.code).exists()


def candidates(row: Assessment, now: datetime) -> list[Candidate]:
    """Assessors of the district's organisations, the fit first, then by load."""
    today = timezone.localdate(now)
    fitness = fitness_for(row, today)
    district = district_of(row.region_code)
    sent = set(row.assignments.filter(called_back_at=None).values_list("assessor_id", flat=True))
    found = list(
        Assessor.objects.filter(_serving(today), organisation__district=district).select_related("organisation")
    )
    hand = in_hand(Assignment.objects.filter(assessor__in=found), now)
    rows = [Candidate(one, *hand.get(one.pk, (0, 0)), fitness.against(one), one.pk in sent) for one in found]
    return sorted(rows, key=lambda one: (bool(one.problems), one.assessor.organisation.name, one.open_cases,
                                         one.assessor.name))  # fmt: skip


def _serving(today: date) -> Q:
    return (Q(left_date=None) | Q(left_date__gt=today)) & ~Q(organisation__state=OrganisationState.ENDED)
