"""Who may assess whom: what stands against one assessor, and against a team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from songhe.assessment.figures import figure
from songhe.assessment.models import Assessment, Assessor, Tie
from songhe.assessment.terms import OrganisationState
from songhe.kernel.told import told


def against_one(assessor: Assessor, assessment: Assessment, day: date) -> list[str]:
    """What stands against sending an assessor on a day, in words of a page; nothing when fit."""
    found: list[str] = []
    if assessor.organisation.state != OrganisationState.REGISTERED:
        state = str(assessor.organisation.get_state_display())
        found.append(told("{name}所在的机构{state}", name=assessor.name, state=state))
    if not assessor.certified_from <= day < assessor.certified_until:
        until = assessor.certified_until.isoformat()
        found.append(told("{name}的证书到{until}为止，那天已经过期", name=assessor.name, until=until))
    if assessor.joined_date > day or (assessor.left_date is not None and assessor.left_date <= day):
        found.append(told("{name}那天不在这家机构", name=assessor.name))
    found += [
        told("{name}和这位老人有关系：{kind}", name=assessor.name, kind=str(tie.get_kind_display()))
        for tie in ties_of(assessor, assessment.person_id, day)
    ]
    if assessor.pk in former_assessors(assessment):
        found.append(told("{name}评过这位老人的上一次，这次要换人", name=assessor.name))
    return found


def against_team(assessors: Sequence[Assessor], assessment: Assessment, day: date) -> list[str]:
    """What stands against sending these together: their number, a medical background, one organisation, each alone."""
    region = assessment.region_code
    need, medical = (figure(name, region=region, day=day) for name in ("assessors", "medical"))
    found = [words for assessor in assessors for words in against_one(assessor, assessment, day)]
    if len({assessor.pk for assessor in assessors}) < need:
        found.append(told("要派{number}位评估员", number=need))
    if sum(assessor.medical for assessor in assessors) < medical:
        found.append(told("至少要有{number}位有医护背景", number=medical))
    if len({assessor.organisation_id for assessor in assessors}) > 1:
        found.append(told("评估员要是同一家机构的"))
    return found


def ties_of(assessor: Assessor, person_id: UUID, day: date) -> list[Tie]:
    """What binds an assessor or the organisation to a person on a day."""
    who = Q(assessor=assessor) | Q(organisation=assessor.organisation_id)
    on = Q(from_date__lte=day) & (Q(until_date=None) | Q(until_date__gt=day))
    return list(Tie.objects.filter(who & on, person_id=person_id))


def former_assessors(assessment: Assessment) -> set[UUID]:
    """Who assessed what is doubted or drawn for a second assessment, and so may not assess it again."""
    if assessment.objects_to is not None:
        return set(assessment.objects_to.assessors)
    if assessment.second_of is not None:
        sent = assessment.second_of.assignments.filter(called_back_at=None)
        return set(sent.values_list("assessor_id", flat=True))
    return set()
