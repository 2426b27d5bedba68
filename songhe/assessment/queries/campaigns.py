"""Campaigns: who belongs to the group, who is assessed, in work, left out or still to do; by place and by week.

Somebody counts once, in the first that fits: a result that still holds on the last day, an open assessment, left out,
tried without a result, to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Case, CharField, Count, F, Min, Q, QuerySet, Value, When
from django.utils import timezone

from songhe.assessment import states
from songhe.assessment.models import Assessment, Campaign, Exclusion, Opening, Result
from songhe.assessment.scales.definition import current_scale
from songhe.assessment.terms import AssessmentState
from songhe.foundation.access.actors import Actor, region_range
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import digits_below, significant
from songhe.people.api import GROUPS

VALID, IN_WORK, LEFT_OUT, TRIED, TODO = "valid", "in_work", "left_out", "tried", "todo"
STANDS = (VALID, IN_WORK, LEFT_OUT, TRIED, TODO)
PAGE_ROWS = 50
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people of a place stand how."""

    valid: int = 0
    in_work: int = 0
    left_out: int = 0
    tried: int = 0
    todo: int = 0

    @property
    def people(self) -> int:
        """All of them."""
        return self.valid + self.in_work + self.left_out + self.tried + self.todo

    @property
    def missing(self) -> int:
        """Who has no result and is not left out."""
        return self.in_work + self.tried + self.todo

    @property
    def share(self) -> float | None:
        """Who has a result that holds, as a part of all; None where there is nobody."""
        return self.valid / self.people if self.people else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def campaigns_of(actor: Actor) -> list[Campaign]:
    """Those of the actor's region, the running ones first, then by the last day."""
    lo, hi = actor.range
    found = Campaign.objects.filter(region__gte=lo, region__lt=hi)
    return list(found.order_by(F("closed_at").asc(nulls_first=True), "by_date", "id"))


def campaign_of(actor: Actor, campaign: UUID) -> Campaign:
    """One of the actor's region. NotFound for any other."""
    found = Campaign.objects.filter(pk=campaign).first()
    if found is None or not actor.covers(found.region):
        raise NotFound("这次普遍评估")
    return found


def openings_of(actor: Actor, campaign: Campaign | None = None) -> list[Opening]:
    """Requests made for communities of the actor's region, the latest first; of one campaign when it is given."""
    lo, hi = actor.range
    found = Opening.objects.filter(region_code__gte=lo, region_code__lt=hi).select_related("campaign")
    if campaign is not None:
        found = found.filter(campaign=campaign)
    return list(found.order_by("-asked_at", "region_code")[:PAGE_ROWS])


def opening_of(actor: Actor, opening: UUID) -> Opening:
    """One of them. NotFound for any other."""
    found = Opening.objects.select_related("campaign").filter(pk=opening).first()
    if found is None or not actor.covers(found.region_code):
        raise NotFound("这批申请")
    return found


def place_in(campaign: Campaign, place: str) -> str:
    """The leading digits of a place of the campaign; all of it for "". NotFound for a place outside."""
    whole = significant(campaign.region)
    if not place:
        return whole
    if len(place) != _DIGITS or not place.isdecimal() or not significant(place).startswith(whole):
        raise NotFound("这个地方")
    return significant(place)


def group_codes(campaign: Campaign) -> list[str]:
    """The register's groups that are joined."""
    return [code for code in (campaign.group, *campaign.further_groups) if code in GROUPS]


def people_in(campaign: Campaign, digits: str, today: date) -> QuerySet[Any]:
    """Rows of the person table of who belongs to it in a place on the day; each with `stand`."""
    lo, hi = region_range(digits)
    belongs = reduce(or_, (GROUPS[code].query(today) for code in group_codes(campaign)), Q(pk__in=()))
    sheet: Any = apps.get_model("people", "Sheet")
    found: QuerySet[Any] = sheet.objects.filter(belongs, standing="present", region_code__gte=lo, region_code__lt=hi)
    if "total" in group_codes(campaign):
        found = sheet.objects.filter(standing="present", region_code__gte=lo, region_code__lt=hi)
    of = {
        VALID: _holding(campaign, lo, hi).values("person_id"),
        IN_WORK: Assessment.objects.filter(
            region_code__gte=lo, region_code__lt=hi, state__in=states.OPEN, second_of=None
        ).values("person_id"),
        LEFT_OUT: Exclusion.objects.filter(campaign=campaign, lifted_at=None).values("person_id"),
        TRIED: Assessment.objects.filter(
            campaign=campaign, state__in=(AssessmentState.REFUSED, AssessmentState.ENDED)
        ).values("person_id"),
    }  # fmt: skip
    stand = Case(
        *(When(person_id__in=rows, then=Value(code)) for code, rows in of.items()),
        default=Value(TODO), output_field=CharField(),
    )  # fmt: skip
    standing: QuerySet[Any, Any] = found.annotate(stand=stand)
    return standing


def tallies(campaign: Campaign, digits: str, today: date) -> dict[str, Tally]:
    """By community (12 digits)."""
    rows = people_in(campaign, digits, today).order_by().values_list("region_code", "stand").annotate(n=Count("*"))
    found: dict[str, dict[str, int]] = {}
    for code, stand, number in rows:
        found.setdefault(code, {})[stand] = number
    return {code: Tally(**one) for code, one in sorted(found.items())}


def below(by_community: Mapping[str, Tally], digits: str) -> dict[str, Tally]:
    """Added up by the divisions right below a place; a file known less well counts under the place itself."""
    width = digits_below(digits)
    found: dict[str, Tally] = {}
    for code, one in by_community.items():
        part = code[:width].ljust(_DIGITS, "0")
        found[part] = found.get(part, Tally()) + one
    return found


def whole(by_community: Mapping[str, Tally]) -> Tally:
    """All of them added up."""
    return sum(by_community.values(), Tally())


def done_by_week(campaign: Campaign, today: date) -> list[tuple[date, int, int]]:
    """By week until today: its last day, who has a result by then, how many are needed by then to be done in time.

    The needed line runs straight from who had one at the beginning to all who are not left out.
    """
    digits = significant(campaign.region)
    people = people_in(campaign, digits, today)
    lo, hi = region_range(digits)
    first = _holding(campaign, lo, hi).filter(person_id__in=people.values("person_id")).order_by().values("person_id")
    days = sorted(
        timezone.localdate(at) for _, at in first.annotate(at=Min("confirmed_at")).values_list("person_id", "at")
    )
    wanted = people.exclude(stand=LEFT_OUT).count()
    begun = sum(day < campaign.from_date for day in days)
    length = max((campaign.by_date - campaign.from_date).days, 1)
    found, end = [], min(today, campaign.by_date)
    day = min(campaign.from_date + timedelta(days=6), end)
    while True:
        passed = min(max((day - campaign.from_date).days + 1, 0), length)
        found.append((day, sum(one <= day for one in days), begun + round((wanted - begun) * passed / length)))
        if day >= end:
            return found
        day = min(day + timedelta(days=7), end)


def left_out_by_reason(campaign: Campaign, digits: str) -> dict[str, int]:
    """How many are left out, by reason."""
    lo, hi = region_range(digits)
    rows = Exclusion.objects.filter(campaign=campaign, lifted_at=None, region_code__gte=lo, region_code__lt=hi)
    return dict(rows.values_list("reason").annotate(n=Count("id")).order_by("-n"))


def in_work_of(persons: Sequence[UUID]) -> dict[UUID, Assessment]:
    """The open assessment of each who has one."""
    rows = Assessment.objects.filter(person_id__in=persons, state__in=states.OPEN, second_of=None)
    return {row.person_id: row for row in rows.order_by("asked_at")}


def left_out_of(campaign: Campaign, persons: Sequence[UUID]) -> dict[UUID, Exclusion]:
    """Why each is left out, who is."""
    rows = Exclusion.objects.filter(campaign=campaign, lifted_at=None, person_id__in=persons)
    return {row.person_id: row for row in rows}


def asked_in(opening: Opening) -> list[Assessment]:
    """What was asked for in it, by the name of the person."""
    return list(opening.assessments.select_related("person").order_by("person__name", "pk"))


def _holding(campaign: Campaign, lo: str, hi: str) -> QuerySet[Result]:
    """Results by the scale of the day that still hold on the last day."""
    return Result.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=campaign.by_date), state__in=states.STANDING, region_code__gte=lo,
        region_code__lt=hi, scale=current_scale(campaign.by_date).key, assessment__second_of=None,
    )  # fmt: skip
