"""Who may assess whom: what stands against one assessor, and against a team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from songhe.assessment.districts import district_of
from songhe.assessment.figures import figure
from songhe.assessment.models import Assessment, Assessor, Result, Tie
from songhe.assessment.terms import OrganisationState, Reason, ResultState
from songhe.kernel.told import told


@dataclass(frozen=True, slots=True)
class Fitness:
    """Who may be sent to one assessment on a day, for as many assessors as are asked about.

    `ties` bind somebody to the person on that day; `former` assessed what is doubted, or what was drawn for a second
    assessment; organisations are those of `district`. `need` and `medical` are how many a team has, and how many of
    them with a medical background.
    """

    day: date
    district: str
    ties: Sequence[Tie]
    former: frozenset[UUID]
    need: int
    medical: int

    def against(self, assessor: Assessor) -> list[str]:
        """What stands against sending an assessor, in words of a page; nothing when fit."""
        found: list[str] = []
        if assessor.organisation.state != OrganisationState.REGISTERED:
            state = str(assessor.organisation.get_state_display())
            found.append(told("{name}所在的机构{state}", name=assessor.name, state=state))
        if assessor.organisation.district != self.district:
            found.append(told("{name}所在的机构没有在这个区县登记", name=assessor.name))
        return found + self.against_visit(assessor)

    def against_visit(self, assessor: Assessor) -> list[str]:
        """What stands against a visit on the day, whatever became of the organisation since."""
        found: list[str] = []
        if not assessor.certified_from <= self.day < assessor.certified_until:
            until = assessor.certified_until.isoformat()
            found.append(told("{name}的证书到{until}为止，那天已经过期", name=assessor.name, until=until))
        if assessor.joined_date > self.day or (assessor.left_date is not None and assessor.left_date <= self.day):
            found.append(told("{name}那天不在这家机构", name=assessor.name))
        found += [
            told("{name}和这位老人有关系：{kind}", name=assessor.name, kind=str(tie.get_kind_display()))
            for tie in self.ties
            if assessor.pk == tie.assessor_id or assessor.organisation_id == tie.organisation_id
        ]
        if assessor.pk in self.former:
            found.append(told("{name}评过这位老人的上一次，这次要换人", name=assessor.name))
        return found

    def against_team(self, assessors: Sequence[Assessor]) -> list[str]:
        """What stands against sending these together: each alone, their number, a medical background, one body."""
        found = [words for assessor in assessors for words in self.against(assessor)]
        if len({assessor.pk for assessor in assessors}) < self.need:
            found.append(told("要派{number}位评估员", number=self.need))
        if sum(assessor.medical for assessor in assessors) < self.medical:
            found.append(told("至少要有{number}位有医护背景", number=self.medical))
        if len({assessor.organisation_id for assessor in assessors}) > 1:
            found.append(told("评估员要是同一家机构的"))
        return found


def fitness_for(assessment: Assessment, day: date) -> Fitness:
    """Reads once what the answers about an assessment need."""
    holds = Q(from_date__lte=day) & (Q(until_date=None) | Q(until_date__gt=day))
    ties = list(Tie.objects.filter(holds, person_id=assessment.person_id))
    need, medical = (figure(name, region=assessment.region_code, day=day) for name in ("assessors", "medical"))
    return Fitness(day, district_of(assessment.region_code), ties, _former(assessment), need, medical)


def _former(assessment: Assessment) -> frozenset[UUID]:
    if assessment.objects_to is not None:
        return frozenset(assessment.objects_to.assessors)
    if assessment.second_of is not None:
        sent = assessment.second_of.assignments.filter(called_back_at=None)
        return frozenset(sent.values_list("assessor_id", flat=True))
    if assessment.reason == Reason.DOUBTED:
        before = Result.objects.filter(person_id=assessment.person_id, assessment__second_of=None)
        last = before.exclude(state=ResultState.WITHDRAWN).order_by("-assessed_date", "-confirmed_at").first()
        return frozenset(last.assessors if last else ())
    return frozenset()
