"""The blind second sample: drawn without preference, assessed by others, compared item by item."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from songhe.assessment.models import Assessment, Assessor, Organisation, Result
from songhe.assessment.operations.assigning import appoint, assign
from songhe.assessment.operations.reminding import check_assessors
from songhe.assessment.operations.reviewing import confirm, verification_code
from songhe.assessment.operations.sampling import draw_for, draw_month, drawn, look_at_second, seed_of
from songhe.assessment.queries.seconds import agreements, second_of, seconds
from songhe.assessment.terms import AssessmentState
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.models import Entry
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import Conflict, NotFound, Refused
from tests.assessment.teams import (
    CODES,
    NATIONAL,
    NOW,
    REGION,
    able,
    appointed,
    assessor,
    free_hour,
    handed_in,
    older_person,
    organisation,
)  # fmt: skip

OCTOBER = date(2026, 10, 1)
IN_OCTOBER = datetime(2026, 10, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def confirmed(body: Organisation, team: list[Assessor], number: int, at: datetime = IN_OCTOBER) -> list[Assessment]:
    """Assessments of a body that came to a result, laid in as they are kept."""
    rows = []
    for _one in range(number):
        given = {"region_code": REGION, "person": older_person(), "scale": NATIONAL, "purpose": "own_wish"}
        row = Assessment.objects.create(
            **given, reason="first", asked_by="self", asked_at=at, asker="何俊", due_date=at.date(),
            state=AssessmentState.CONFIRMED, organisation=body, closed_at=at,
        )  # fmt: skip
        Result.objects.create(
            **given, assessment=row, source="own", total=70, level=1, level_by_points=1, organisation=body,
            assessors=[one.pk for one in team], assessed_date=at.date(), confirmed_at=at, confirmer="何俊",
            code=verification_code(),
        )  # fmt: skip
        rows.append(row)
    return rows


@pytest.mark.covers("ASM-04")
def test_the_share_of_each_body_is_drawn_and_at_least_one(everywhere: Actor) -> None:
    large, small = organisation(), organisation(CODES[1])
    confirmed(large, [], 40)
    confirmed(small, [], 2)
    assert draw_month(actor=everywhere, month=OCTOBER, now=NOW) == 3
    rows = Assessment.objects.exclude(second_of=None)
    assert sorted(row.second_of.organisation_id == large.pk for row in rows) == [False, True, True]  # type: ignore[union-attr]
    assert {(row.state, row.asked_by) for row in rows} == {("accepted", "review")}
    assert {row.due_date for row in rows} == {date(2026, 12, 3)}


def test_a_month_drawn_again_is_drawn_already(everywhere: Actor) -> None:
    rows = confirmed(organisation(), [], 30)
    assert draw_month(actor=everywhere, month=OCTOBER, now=NOW) == 1
    chosen = Assessment.objects.exclude(second_of=None).get().second_of
    Result.objects.filter(assessment=rows[3]).update(state="withdrawn")
    assert draw_month(actor=everywhere, month=OCTOBER, now=NOW + timedelta(days=3)) == 0
    assert Assessment.objects.exclude(second_of=None).get().second_of == chosen


def test_anybody_can_repeat_the_draw_with_the_seed_of_the_trail(everywhere: Actor) -> None:
    rows = confirmed(organisation(), [], 70)
    draw_month(actor=everywhere, month=OCTOBER, now=NOW)
    detail = Entry.objects.get(action="assessment.draw_second").detail
    assert (detail["month"], detail["of"]) == ("2026-10", 70)
    chosen = set(Assessment.objects.exclude(second_of=None).values_list("second_of", flat=True))
    assert set(drawn([row.pk for row in rows], detail["seed"], 3)) == chosen


def test_the_draw_prefers_nobody() -> None:
    """Over many months each of twenty is drawn about as often: chi-square below the 99.9 % bound of 19 degrees."""
    ids = [UUID(int=number) for number in range(20)]
    times = dict.fromkeys(ids, 0)
    for month in range(600):
        for one in drawn(ids, f"seed {month}", 3):
            times[one] += 1
    expected = 600 * 3 / 20
    assert sum((count - expected) ** 2 / expected for count in times.values()) < 43.8


def test_nobody_knows_a_seed_without_the_key_and_months_differ(settings: object) -> None:
    assert seed_of("2026-10") != seed_of("2026-11")
    assert len(seed_of("2026-10")) == 32


def test_a_month_that_lasts_is_not_drawn(everywhere: Actor) -> None:
    with pytest.raises(Conflict, match="还没有过完"):
        draw_month(actor=everywhere, month=date(2026, 11, 1), now=NOW)


def test_who_died_or_whose_result_was_withdrawn_is_not_visited_again(everywhere: Actor) -> None:
    first, second = confirmed(organisation(), [], 2)
    Result.objects.filter(assessment=first).update(state="withdrawn")
    person = second.person
    person.standing = "dead"
    person.death_date = date(2026, 11, 1)
    person.save()
    assert draw_month(actor=everywhere, month=OCTOBER, now=NOW) == 0


def test_the_cases_of_one_assessor_can_be_drawn(everywhere: Actor) -> None:
    body = organisation()
    one, other = assessor(body, "胡静"), assessor(body, "周敏")
    confirmed(body, [one], 4)
    confirmed(body, [other], 4)
    assert draw_for(actor=everywhere, assessor=one.pk, number=3, now=NOW) == 3
    drawn_of = Result.objects.filter(assessment__second__isnull=False)
    assert {tuple(row.assessors) for row in drawn_of} == {(one.pk,)}
    assert draw_for(actor=everywhere, assessor=one.pk, number=3, now=NOW) == 1
    with pytest.raises(Conflict, match="没有还能抽的"):
        draw_for(actor=everywhere, assessor=one.pk, number=3, now=NOW)


def twice(desk: Actor, second_answers: dict[str, str]) -> Assessment:
    """Somebody assessed by one body and, drawn, by another team."""
    body = organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", medical=False)]
    others = [assessor(body, "周敏", login="zm"), assessor(body, "何涛", medical=False)]
    row = appointed(desk, older_person(), team)
    handed_in(row, team, able())
    confirm(actor=desk, assessment=row.pk, now=NOW)
    assert draw_for(actor=desk, assessor=team[0].pk, number=1, now=NOW + timedelta(minutes=1)) == 1
    second = Assessment.objects.get(second_of=row)
    with pytest.raises(Refused, match="评过这位老人的上一次"):
        assign(actor=desk, assessment=second.pk, assessors=[one.pk for one in team], now=NOW)
    assign(actor=desk, assessment=second.pk, assessors=[one.pk for one in others], now=NOW)
    appoint(actor=desk, assessment=second.pk, visit_at=NOW + timedelta(hours=free_hour()), place="", now=NOW)
    handed_in(Assessment.objects.get(pk=second.pk), others, second_answers)
    confirm(actor=desk, assessment=second.pk, now=NOW)
    return second


@pytest.mark.covers("ASM-04")
def test_two_results_that_differ_too_much_open_a_task_and_show_where(everywhere: Actor) -> None:
    second = twice(everywhere, able(B_1_1="0", B_1_2="0"))
    found = second_of(everywhere, second.pk)
    assert (found.apart, found.allowed, found.differs) == (-8, 6, True)
    assert [(line.code, line.first, line.second) for line in found.lines if line.first != line.second] == [
        ("B.1.1", 4, 0), ("B.1.2", 4, 0),
    ]  # fmt: skip
    task = Task.objects.get(kind="assessment.second", subject=second.pk)
    look_at_second(actor=everywhere, second=second.pk, words="当天老人刚打过针", now=NOW)
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("closed", "looked")
    with pytest.raises(Conflict, match="已经看过了"):
        look_at_second(actor=everywhere, second=second.pk, words="再看一次", now=NOW)


def test_two_results_that_are_alike_ask_for_nothing_and_the_first_one_stands(everywhere: Actor) -> None:
    second = twice(everywhere, able(B_2_1="4"))
    assert not second_of(everywhere, second.pk).differs
    assert not Task.objects.filter(kind="assessment.second").exists()
    assert second.second_of is not None
    assert Result.objects.get(assessment=second.second_of).state == "provisional"
    assert Result.objects.get(assessment=second).state == "replaced"
    body = agreements(seconds(everywhere))[0]
    assert (body.found.pairs, body.found.same, body.found.kappa) == (1, 1, None)


def test_a_first_assessment_has_no_comparison(everywhere: Actor) -> None:
    (row,) = confirmed(organisation(), [], 1)
    with pytest.raises(NotFound):
        second_of(everywhere, row.pk)
    with pytest.raises(NotFound):
        second_of(everywhere, uuid4())


def test_each_day_draws_the_month_before_once(everywhere: Actor) -> None:
    confirmed(organisation(), [], 5)
    for hour in (0, 1):
        check_assessors(today=date(2026, 11, 18), now=NOW + timedelta(hours=hour))
    assert Assessment.objects.exclude(second_of=None).count() == 1
