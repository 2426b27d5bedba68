"""The last day and the first day after it: validity, publicity, objection, what is paid again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from songhe.assessment import states
from songhe.assessment.models import Assessment, Assessor, Form, Result
from songhe.assessment.operations.objecting import object_to
from songhe.assessment.operations.reminding import remind_due
from songhe.assessment.operations.reviewing import confirm, finalise_due
from songhe.assessment.queries.own import course_of
from songhe.assessment.queries.public import public_notices
from songhe.assessment.queries.settlement import settled
from songhe.assessment.states import check_move
from songhe.assessment.terms import AssessmentState, FormState
from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import Conflict
from songhe.people.models import Person
from tests.assessment.teams import NOW, REGION, TODAY, able, appointed, assessor, handed_in, older_person, organisation
from tests.assessment.test_sampling import IN_OCTOBER, OCTOBER, confirmed

DAY = timedelta(days=1)


@pytest.fixture
def team(everywhere: Actor) -> list[Assessor]:
    body = organisation()
    return [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", medical=False, login="lwb")]


def result(everywhere: Actor, team: list[Assessor], purpose: str = "care_subsidy", later: int = 0) -> Result:
    """Of a visit today, confirmed some days later."""
    row = appointed(everywhere, older_person(), team, purpose)
    handed_in(row, team, able())
    return confirm(actor=everywhere, assessment=row.pk, now=NOW + later * DAY)


@pytest.mark.covers("ASM-03")
def test_a_result_holds_from_the_day_of_the_visit_and_days_to_object_run_from_the_review(
    everywhere: Actor, team: list[Assessor]
) -> None:
    found = result(everywhere, team, later=4)
    assert (found.assessed_date, found.valid_until) == (TODAY, date(2028, 11, 18))
    assert found.objection_until == TODAY + 19 * DAY
    assert result(everywhere, team, "institution").valid_until == date(2027, 11, 18)


@pytest.mark.covers("ASM-01")
def test_who_objects_on_the_last_day_is_heard_and_the_day_after_is_not(everywhere: Actor, team: list[Assessor]) -> None:
    one, other = result(everywhere, team), result(everywhere, team)
    object_to(actor=everywhere, result=one.pk, words="不对", raised_by="self", now=NOW + 15 * DAY)
    with pytest.raises(Conflict, match="时间过了（2026-12-03）"):
        object_to(actor=everywhere, result=other.pk, words="不对", raised_by="self", now=NOW + 16 * DAY)
    assert finalise_due(actor=everywhere, today=TODAY + 16 * DAY) == 1


@pytest.mark.covers("ASM-01")
def test_only_what_is_paid_for_is_public_and_until_its_last_day(everywhere: Actor, team: list[Assessor]) -> None:
    found, wish = result(everywhere, team), result(everywhere, team, "own_wish")
    assert (found.public_until, wish.public_until) == (TODAY + 7 * DAY, None)
    assert [one.until for one in public_notices(REGION, today=TODAY + 7 * DAY)] == [found.public_until]
    assert public_notices(REGION, today=TODAY + 8 * DAY) == []


@pytest.mark.covers("ASM-04")
@pytest.mark.parametrize(
    ("reason", "until", "repeated"),
    [
        ("routine", date(2026, 10, 21), 1), ("routine", date(2026, 10, 20), 0), ("immediate", date(2028, 1, 1), 0),
        ("doubted", date(2028, 1, 1), 0), ("first", date(2028, 1, 1), 1), ("other", date(2028, 1, 1), 1),
    ],
)  # fmt: skip
def test_what_comes_again_is_paid_when_the_first_had_ended_or_the_state_changed(
    everywhere: Actor, reason: str, until: date, repeated: int
) -> None:
    body = organisation()
    before, again = confirmed(body, [], 2)
    Result.objects.filter(assessment=before).update(
        assessed_date=date(2026, 1, 1), valid_until=until, confirmed_at=IN_OCTOBER - 290 * DAY
    )
    Assessment.objects.filter(pk=again.pk).update(person=before.person_id, reason=reason)
    Result.objects.filter(assessment=again).update(person=before.person_id)
    (one,) = settled(everywhere, OCTOBER)
    assert (one.done, one.repeated, one.paid) == (1, repeated, 1 - repeated)


def test_again_after_a_withdrawn_one_is_paid(everywhere: Actor) -> None:
    body = organisation()
    before, again = confirmed(body, [], 2)
    Result.objects.filter(assessment=before).update(
        assessed_date=date(2026, 1, 1), valid_until=date(2028, 1, 1), confirmed_at=IN_OCTOBER - 290 * DAY,
        state="withdrawn",
    )  # fmt: skip
    Assessment.objects.filter(pk=again.pk).update(person=before.person_id)
    Result.objects.filter(assessment=again).update(person=before.person_id)
    (one,) = settled(everywhere, OCTOBER)
    assert (one.valid, one.repeated) == (1, 0)


@pytest.mark.covers("ASM-04")
def test_who_was_drawn_sees_nothing_of_the_blind_second_and_is_reminded_all_the_same(everywhere: Actor) -> None:
    body = organisation()
    first, second = confirmed(body, [], 2)
    Assessment.objects.filter(pk=second.pk).update(second_of=first, person=first.person_id, state="accepted")
    Result.objects.filter(assessment=first).update(state="final", valid_until=TODAY + 9 * DAY)
    Result.objects.filter(assessment=second).update(state="withdrawn")
    course = course_of(first.person_id, TODAY)
    assert (list(course.underway), course.ended) == ([], None)
    assert remind_due(actor=everywhere, today=TODAY, now=NOW) == 1


@pytest.mark.parametrize(("scale", "number"), [("gbt42195-2022", 1), ("mzt039-2013", 1), ("ltci-2021", 0)])
def test_a_result_of_the_insurance_is_not_ours_to_renew(everywhere: Actor, scale: str, number: int) -> None:
    person: Person = older_person()
    Result.objects.create(
        region_code=REGION, person=person, scale=scale, purpose="own_wish", source="file", state="final", level=1,
        assessed_date=date(2025, 1, 1), valid_until=TODAY + 9 * DAY, confirmed_at=NOW, confirmer="何俊",
        code=scale[:12],
    )  # fmt: skip
    assert remind_due(actor=everywhere, today=TODAY, now=NOW) == number


def test_a_form_that_was_handed_in_and_a_result_of_an_assessment_go_nowhere_back() -> None:
    for before in (FormState.SUBMITTED, FormState.SUPERSEDED):
        with pytest.raises(Conflict):
            check_move(Form.WAY, before, FormState.DRAFT)
    over = (AssessmentState.CONFIRMED, AssessmentState.REFUSED, AssessmentState.WITHDRAWN, AssessmentState.ENDED)
    assert all(not states.ASSESSMENT[one] for one in over)
    assert set(states.OPEN) == set(AssessmentState) - set(over)
