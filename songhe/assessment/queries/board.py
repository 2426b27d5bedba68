"""The board of a desk: what waits in each state, where, who could go, and a team proposed for what waits to be sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from songhe.assessment import states
from songhe.assessment.districts import DIGITS, district_of
from songhe.assessment.figures import figure
from songhe.assessment.fitness import Fitness, fitness_for
from songhe.assessment.models import Assessment, Assessor, Assignment
from songhe.assessment.queries.workload import IN_HAND
from songhe.assessment.terms import AssessmentState, OrganisationState
from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.days import start_of
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import digits_below, significant
from songhe.kernel.told import told

WAITING = (AssessmentState.ASKED, AssessmentState.ACCEPTED)
LANE_ROWS, AT_ONCE = 8, 30
_STREET, _DIGITS = 9, 12
_HOURS, _WEEK, _WORKDAYS, _REASONS = range(9, 17), timedelta(days=7), 5, 3


@dataclass(frozen=True, slots=True)
class Lane:
    """One state: how many, how many of them overdue, the first due."""

    state: AssessmentState
    number: int
    overdue: int
    rows: Sequence[Assessment]


@dataclass(slots=True)
class Hand:
    """An assessor: open cases, visits today and within a week, hours free tomorrow, streets where they go anyway."""

    assessor: Assessor
    open_cases: int = 0
    today: int = 0
    this_week: int = 0
    most_a_day: int = 0
    free: tuple[int, ...] = ()
    streets: Counter[str] = field(default_factory=Counter)

    @property
    def full(self) -> bool:
        """Whether a week's days are full of what is in hand already."""
        return self.open_cases >= self.most_a_day * _WORKDAYS


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who could go to one; nobody, and why not. `near` when one of them is in the street anyway."""

    row: Assessment
    team: Sequence[Assessor]
    near: bool
    problems: Sequence[str] = ()


def place_for(actor: Actor, place: str) -> str:
    """The leading digits that are looked at: the actor's, or those of a place within. NotFound for one outside."""
    if not place:
        return actor.region
    if len(place) != _DIGITS or not place.isdecimal():
        raise NotFound("这个地方")
    actor.require_region(significant(place))
    return significant(place)


def lanes(digits: str, today: date) -> list[Lane]:
    """What is open, by state in the order of the way; the first due of each."""
    found = _open(digits).order_by()
    numbers = {
        state: (number, overdue)
        for state, number, overdue in found.values_list("state").annotate(
            n=Count("id"), overdue=Count("id", filter=Q(due_date__lt=today))
        )
    }
    return [_lane(digits, state, numbers.get(state, (0, 0))) for state in states.OPEN]


def waiting_by_place(digits: str) -> dict[str, int]:
    """What waits to be accepted or sent, by the divisions right below."""
    width = digits_below(digits)
    found: Counter[str] = Counter()
    rows = _open(digits).filter(state__in=WAITING).order_by().values_list("region_code").annotate(n=Count("id"))
    for code, number in rows:
        found[code[:width].ljust(_DIGITS, "0")] += number
    return dict(found.most_common())


def hands(digits: str, now: datetime) -> list[Hand]:
    """Assessors of the districts that a place lies in or holds, who serve now; the least loaded first."""
    today = timezone.localdate(now)
    lo, hi = region_range(digits[:DIGITS])
    serving = Q(joined_date__lte=today) & (Q(left_date=None) | Q(left_date__gt=today))
    found = Assessor.objects.filter(
        serving, organisation__district__gte=lo, organisation__district__lt=hi,
        organisation__state=OrganisationState.REGISTERED, certified_from__lte=today, certified_until__gt=today,
    ).select_related("organisation")  # fmt: skip
    known = {
        one.pk: Hand(one, most_a_day=figure("day_load", region=one.organisation.district, day=today)) for one in found
    }
    taken: dict[UUID, set[int]] = defaultdict(set)
    for hand, row in _in_hand(known):
        _count(hand, row, now, taken)
    for key, hand in known.items():
        hand.free = _free(taken[key], hand.most_a_day)
    return sorted(known.values(), key=lambda one: (one.open_cases, one.assessor.name))


def to_send(digits: str, chosen: Collection[UUID] = ()) -> list[Assessment]:
    """What waits to be sent, the first due first: the chosen ones, else as many as are proposed at once."""
    found = _open(digits).filter(state=AssessmentState.ACCEPTED).select_related("person", "objects_to", "second_of")
    if chosen:
        found = found.filter(pk__in=chosen)
    return list(found.order_by("due_date", "id")[:AT_ONCE])


def proposals(rows: Iterable[Assessment], free: Sequence[Hand], now: datetime) -> list[Proposal]:
    """A team for each: who is in the street anyway, then who has least in hand; one organisation, medical as needed.

    What is proposed for one counts as load for the next. Nobody is proposed against whom anything stands.
    """
    today = timezone.localdate(now)
    by_body: dict[str, dict[UUID, list[Hand]]] = defaultdict(lambda: defaultdict(list))
    for hand in free:
        body = hand.assessor.organisation
        by_body[body.district][body.pk].append(hand)
    return [
        _proposed(row, by_body[district_of(row.region_code)], today)
        for row in sorted(rows, key=lambda one: (one.region_code, one.due_date, one.pk))
    ]


def _proposed(row: Assessment, bodies: Mapping[UUID, list[Hand]], today: date) -> Proposal:
    street, problems, fitness = row.region_code[:_STREET], dict[str, None](), fitness_for(row, today)
    best: tuple[tuple[int, int], list[Hand]] | None = None
    for members in bodies.values():
        team = _team(street, members, fitness, problems)
        if not team:
            continue
        rank = (-sum(street in one.streets for one in team), sum(one.open_cases for one in team))
        if best is None or rank < best[0]:
            best = rank, team
    if best is None:
        said = list(problems)[:_REASONS] or [told("这个区县没有够数的评估员")]
        return Proposal(row, (), False, said)
    near = any(street in one.streets for one in best[1])
    for one in best[1]:
        one.open_cases += 1
        one.streets[street] += 1
    return Proposal(row, [one.assessor for one in best[1]], near)


def _team(street: str, members: Sequence[Hand], fitness: Fitness, problems: dict[str, None]) -> list[Hand]:
    """The best of one organisation, nobody when they are not enough; `problems` learns why."""
    team: list[Hand] = []
    ranked = sorted(members, key=lambda one: (street not in one.streets, one.open_cases, one.assessor.name))
    doctors = [one for one in ranked if one.assessor.medical]
    for wanted, pool in ((fitness.medical, doctors), (fitness.need, ranked)):
        for one in pool:
            if len(team) >= wanted:
                break
            if one not in team and _fits(one, fitness, problems):
                team.append(one)
    against = fitness.against_team([one.assessor for one in team]) if len(team) >= fitness.need else [
        told("要派{number}位评估员", number=fitness.need)
    ]  # fmt: skip
    problems.update(dict.fromkeys(against))
    return [] if against else team


def _fits(one: Hand, fitness: Fitness, problems: dict[str, None]) -> bool:
    against = [told("{name}手里满了", name=one.assessor.name)] if one.full else fitness.against(one.assessor)
    problems.update(dict.fromkeys(against))
    return not against


def _open(digits: str) -> QuerySet[Assessment]:
    lo, hi = region_range(digits)
    return Assessment.objects.filter(region_code__gte=lo, region_code__lt=hi, state__in=states.OPEN)


def _lane(digits: str, state: AssessmentState, numbers: tuple[int, int]) -> Lane:
    rows = _open(digits).filter(state=state).select_related("person", "organisation").order_by("due_date", "id")
    most = AT_ONCE if state in WAITING else LANE_ROWS
    return Lane(state, *numbers, list(rows[:most]) if numbers[0] else [])


def _in_hand(known: Mapping[UUID, Hand]) -> Iterable[tuple[Hand, Assessment]]:
    sent = Assignment.objects.filter(
        assessor__in=known, called_back_at=None,
        assessment__state__in=IN_HAND,
    ).select_related("assessment")  # fmt: skip
    return [(known[one.assessor_id], one.assessment) for one in sent]


def _count(hand: Hand, row: Assessment, now: datetime, taken: dict[UUID, set[int]]) -> None:
    today = timezone.localdate(now)
    hand.open_cases += 1
    hand.streets[row.region_code[:_STREET]] += 1
    if row.visit_at is None:
        return
    at = timezone.localtime(row.visit_at)
    hand.today += at.date() == today
    hand.this_week += start_of(today) <= row.visit_at < now + _WEEK
    if at.date() == today + timedelta(days=1):
        taken[hand.assessor.pk] |= {at.hour} | ({at.hour + 1} if at.minute else {at.hour})


def _free(taken: Collection[int], most: int) -> tuple[int, ...]:
    return () if len(taken) >= most else tuple(hour for hour in _HOURS if hour not in taken)
