"""Organisations of a region with who works there, what districts need and have, one assessor with cases and ties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from songhe.assessment.districts import DIGITS, district_of
from songhe.assessment.figures import figure
from songhe.assessment.models import Assessment, Assessor, Organisation, Result, Tie
from songhe.assessment.terms import OrganisationState
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import significant
from songhe.regions.api import below, divisions_on

ASSESSOR_ROLE = "assessor"
MOST_CASES = 50


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation with how many work there on the day, and how many certificates end soon."""

    organisation: Organisation
    full_time: int
    staff: int
    medical: int
    ending: int
    least_full_time: int
    least_staff: int

    @property
    def short(self) -> bool:
        """Whether too few work there."""
        return self.full_time < self.least_full_time or self.staff < self.least_staff


@dataclass(frozen=True, slots=True)
class District:
    """How many organisations a district has and needs, and how many have staff enough."""

    code: str
    organisations: int
    least: int
    staffed: int

    @property
    def met(self) -> bool:
        """Whether there are as many as there should be."""
        return self.organisations >= self.least


def organisations(actor: Actor, today: date, *, state: str = "", district: str = "") -> list[Body]:
    """Organisations of the actor's region."""
    found = _within(actor)
    if state:
        found = found.filter(state=state)
    if district:
        found = found.filter(district=district)
    return bodies(found.order_by("district", "name", "pk"), today)


def bodies(found: Iterable[Organisation], today: date) -> list[Body]:
    """Organisations with their staff of the day."""
    listed = list(found)
    counted: dict[UUID, Mapping[str, Any]] = {row["organisation"]: row for row in _staff(listed, today)}
    none = {"full": 0, "all": 0, "doctors": 0, "soon": 0}
    return [
        Body(
            one, here["full"], here["all"], here["doctors"], here["soon"],
            figure("full_time", region=significant(one.district), day=today),
            figure("staff", region=significant(one.district), day=today),
        )
        for one in listed
        for here in (counted.get(one.pk, none),)
    ]  # fmt: skip


def districts(found: Sequence[Body], codes: Iterable[str], today: date) -> list[District]:
    """What each district has of what it needs; districts without an organisation are named by `codes`."""
    registered = [one for one in found if one.organisation.state == OrganisationState.REGISTERED]
    by_code = {code: [one for one in registered if one.organisation.district == code] for code in codes}
    return [
        District(code, len(rows), figure("organisations", region=significant(code), day=today),
                 sum(not one.short for one in rows))
        for code, rows in sorted(by_code.items())
    ]  # fmt: skip


def organisation_of(actor: Actor, organisation: UUID) -> Organisation:
    """The organisation. NotFound when it is not there, or not of the actor's region."""
    row = _within(actor).filter(pk=organisation).first()
    if row is None:
        raise NotFound("这家评估机构")
    return row


def assessor_of(actor: Actor, assessor: UUID) -> Assessor:
    """The assessor with the organisation. NotFound when it is not there, or not of the actor's region."""
    row = Assessor.objects.select_related("organisation", "account").filter(pk=assessor).first()
    if row is None:
        raise NotFound("这位评估员")
    organisation_of(actor, row.organisation_id)
    return row


def assessor_named(actor: Actor, assessor: str) -> list[tuple[str, str]]:
    """An assessor that a list is narrowed to, as a filter offers it: without a name where the actor sees none."""
    if not assessor:
        return []
    try:
        return [(assessor, assessor_of(actor, UUID(assessor)).name)]
    except NotFound:
        return [(assessor, _("一位评估员"))]


def assessors_of(organisation: Organisation, today: date, *, former: bool = False) -> list[Assessor]:
    """Who works there on the day, or who left; by name."""
    left = Q(left_date__isnull=False, left_date__lte=today)
    found = Assessor.objects.filter(organisation=organisation).select_related("account")
    return list((found.filter(left) if former else found.exclude(left)).order_by("name", "pk"))


def accounts_to_link(actor: Actor, today: date, assessor: Assessor | None = None) -> list[Account]:
    """Accounts that hold the role of assessors near the actor's region, and are nobody else's."""
    lo, hi = actor.range
    district = district_of(actor.region)
    held = Grant.objects.filter(
        Q(region__gte=lo, region__lt=hi) | Q(region=district), role=ASSESSOR_ROLE, approved_at__isnull=False,
        ended_at__isnull=True, from_date__lte=today,
    ).filter(Q(until_date=None) | Q(until_date__gt=today))  # fmt: skip
    free = Q(assessor__isnull=True)
    if assessor is not None:
        free |= Q(assessor=assessor)
    found = Account.objects.filter(free, is_active=True, pk__in=held.values("account"))
    return list(found.order_by("name", "login"))


def cases_of_assessor(actor: Actor, assessor: Assessor) -> list[Assessment]:
    """The newest cases that the assessor was sent to, within the actor's region."""
    lo, hi = actor.range
    found = Assessment.objects.filter(
        region_code__gte=lo, region_code__lt=hi, assignments__assessor=assessor, assignments__called_back_at=None
    )
    return list(found.select_related("person", "result").order_by("-asked_at", "pk")[:MOST_CASES])


def results_of_assessor(actor: Actor, assessor: Assessor, since: date) -> QuerySet[Result]:
    """The results in which the assessor had a part, the newest first."""
    lo, hi = actor.range
    found = Result.objects.filter(
        region_code__gte=lo, region_code__lt=hi, assessors__contains=[assessor.pk], assessed_date__gte=since
    )
    return found.select_related("person").order_by("-assessed_date", "pk")


def ties_of_assessor(actor: Actor, assessor: Assessor) -> list[Tie]:
    """Ties of the assessor, and of the whole organisation, to persons of the actor's region; the newest first."""
    lo, hi = actor.range
    whose = Q(assessor=assessor) | Q(organisation=assessor.organisation_id)
    found = Tie.objects.filter(whose, region_code__gte=lo, region_code__lt=hi)
    return list(found.select_related("person").order_by("-from_date", "pk"))


def tie_of(actor: Actor, tie: UUID) -> Tie:
    """One tie. NotFound when it is not there, or not the actor's to see."""
    lo, hi = actor.range
    found = Tie.objects.filter(pk=tie, region_code__gte=lo, region_code__lt=hi)
    row = found.select_related("person", "assessor", "organisation").first()
    if row is None:
        raise NotFound("这条关系")
    return row


def districts_within(region: str, today: date) -> list[tuple[str, str]]:
    """Districts within a region that may register organisations, with names; none below a district."""
    if len(region) > DIGITS:
        return []
    if len(region) == DIGITS:
        found = divisions_on(today).filter(code=region.ljust(12, "0"))
    else:
        found = below(region.ljust(12, "0") if region else "", DIGITS, today)
    return [(one.code, one.name) for one in found.order_by("code")]


def soon(today: date) -> date:
    """Certificates that end before this day are called to mind."""
    return today + timedelta(days=figure("certificate_soon", region="", day=today))


def _within(actor: Actor) -> QuerySet[Organisation]:
    lo, hi = actor.range
    return Organisation.objects.filter(district__gte=lo, district__lt=hi)


def _staff(listed: Sequence[Organisation], today: date) -> Iterable[Mapping[str, Any]]:
    here = Assessor.objects.filter(organisation__in=listed, joined_date__lte=today, certified_from__lte=today,
                                   certified_until__gt=today)  # fmt: skip
    return (
        here.filter(Q(left_date=None) | Q(left_date__gt=today))
        .values("organisation")
        .annotate(
            full=Count("id", filter=Q(full_time=True)),
            all=Count("id"),
            doctors=Count("id", filter=Q(medical=True)),
            soon=Count("id", filter=Q(certified_until__lte=soon(today))),
        )
    )
