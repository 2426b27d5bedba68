"""What breaks into results: second visits that fail, withdrawals, reviews that come too late."""

from __future__ import annotations

import pytest

from songhe.assessment.listeners import on_person_died
from songhe.assessment.models import Assessment, Assessor, Objection, Result
from songhe.assessment.operations.asking import accept, ask, end, withdraw
from songhe.assessment.operations.assigning import assign
from songhe.assessment.operations.objecting import assess_again, object_to, refuse_objection, withdraw_result
from songhe.assessment.operations.reviewing import confirm, finalise_due
from songhe.assessment.operations.visiting import FieldChange, content_digest, save_form, sign, submit
from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox.models import StoredEvent
from songhe.kernel.errors import Conflict, Refused
from songhe.people.models import Person, Sheet
from tests.assessment.teams import (
    DRAWING,
    NOW,
    TODAY,
    able,
    acting,
    appointed,
    handed_in,
    older_person,
)
from tests.assessment.test_hostile_way import DAY, open_tasks, others, signed, team

__all__ = ["others", "team"]


def doubted(everywhere: Actor, person: Person, team: list[Assessor]) -> tuple[Result, Objection, Assessment]:
    row = appointed(everywhere, person, team)
    handed_in(row, team, able())
    result = confirm(actor=everywhere, assessment=row.pk, now=NOW)
    raised = object_to(actor=everywhere, result=result.pk, words="走路要人扶", raised_by="proxy", now=NOW)
    return result, raised, assess_again(actor=everywhere, objection=raised.pk, now=NOW)


@pytest.mark.covers("ASM-01")
@pytest.mark.parametrize("deed", [end, withdraw])
def test_an_objection_whose_second_visit_came_to_nothing_is_to_be_answered_again(
    everywhere: Actor, team: list[Assessor], others: list[Assessor], deed: object
) -> None:
    result, raised, again = doubted(everywhere, older_person(), team)
    deed(actor=everywhere, assessment=again.pk, words="敲了两次门没有人", now=NOW)  # type: ignore[operator]
    raised.refresh_from_db()
    assert (raised.state, raised.again_id) == ("raised", None)
    assert open_tasks("assessment.objection") == [raised.pk]
    once_more = assess_again(actor=everywhere, objection=raised.pk, now=NOW)
    end(actor=everywhere, assessment=once_more.pk, words="还是没有人", now=NOW)
    refuse_objection(actor=everywhere, objection=raised.pk, words="两次上门都没有人", now=NOW)
    assert finalise_due(actor=everywhere, today=TODAY + 16 * DAY) == 1
    result.refresh_from_db()
    assert result.state == "final"


def test_the_death_of_who_objected_closes_the_objection(everywhere: Actor, team: list[Assessor]) -> None:
    person = older_person()
    _result, raised, again = doubted(everywhere, person, team)
    Person.objects.filter(pk=person.pk).update(standing="dead")
    on_person_died(type("PersonDied", (), {"person": person.pk})())
    raised.refresh_from_db()
    again.refresh_from_db()
    assert (again.state, raised.state) == ("ended", "refused")
    assert open_tasks("assessment.objection") == []


def test_nobody_is_assessed_again_who_has_died(everywhere: Actor, team: list[Assessor]) -> None:
    person = older_person()
    row = appointed(everywhere, person, team)
    handed_in(row, team, able())
    result = confirm(actor=everywhere, assessment=row.pk, now=NOW)
    raised = object_to(actor=everywhere, result=result.pk, words="走路要人扶", raised_by="proxy", now=NOW)
    Person.objects.filter(pk=person.pk).update(standing="dead")
    with pytest.raises(Conflict, match="不能再评"):
        assess_again(actor=everywhere, objection=raised.pk, now=NOW)


@pytest.mark.covers("ASM-01")
def test_who_assessed_what_is_doubted_is_not_sent_though_nobody_objected_in_form(
    everywhere: Actor, team: list[Assessor], others: list[Assessor]
) -> None:
    person = older_person()
    row = appointed(everywhere, person, team)
    handed_in(row, team, able())
    confirm(actor=everywhere, assessment=row.pk, now=NOW)
    again = ask(
        actor=everywhere, person_id=person.pk, purpose="institution", reason="doubted", asked_by="proxy", now=NOW
    )
    accept(actor=everywhere, assessment=again.pk, now=NOW)
    with pytest.raises(Refused, match="评过这位老人的上一次"):
        assign(actor=everywhere, assessment=again.pk, assessors=[team[0].pk, others[0].pk], now=NOW)
    assign(actor=everywhere, assessment=again.pk, assessors=[one.pk for one in others], now=NOW)


def confirmed_on(
    everywhere: Actor, person: Person, team: list[Assessor], purpose: str, answers: dict[str, str], later: int = 0
) -> Result:
    """A result of a visit some days after today."""
    row = appointed(everywhere, person, team, purpose)
    form, now = signed(row, team), NOW + later * DAY
    changed = [FieldChange(code, answer, form.answers[code], NOW) for code, answer in answers.items()]
    me = acting(team[0])
    save_form(actor=me, assessment=row.pk, form_id=form.pk, changes=changed, now=NOW)
    form.refresh_from_db()
    for one in team:
        sign(actor=me, form_id=form.pk, assessor=one.pk, drawing=DRAWING, digest=content_digest(form), now=now)
    submit(actor=me, form_id=form.pk, assessed_date=TODAY + later * DAY, now=now)
    return confirm(actor=everywhere, assessment=row.pk, now=now)


@pytest.mark.covers("ASM-03")
def test_what_a_withdrawn_result_replaced_stands_again(everywhere: Actor, team: list[Assessor]) -> None:
    person = older_person()
    first = confirmed_on(everywhere, person, team, "care_subsidy", {})
    second = confirmed_on(everywhere, person, team, "institution", {"B.2.3": "0"}, later=3)
    first.refresh_from_db()
    assert (first.state, first.replaced_by_id) == ("replaced", second.pk)
    withdraw_result(actor=everywhere, result=second.pk, words="评的是同名的另一位", now=NOW + 3 * DAY)
    first.refresh_from_db()
    assert (first.state, first.replaced_by_id) == ("provisional", None)
    assert Sheet.objects.get(person=person).ability_grade == 0
    told = StoredEvent.objects.filter(name__endswith="AssessmentWithdrawn")
    assert [one.body["result"] for one in told] == [str(second.pk)]


def test_what_stands_again_after_the_days_for_objections_is_final(everywhere: Actor, team: list[Assessor]) -> None:
    person = older_person()
    first = confirmed_on(everywhere, person, team, "care_subsidy", {})
    second = confirmed_on(everywhere, person, team, "institution", {"B.2.3": "0"}, later=3)
    withdraw_result(actor=everywhere, result=second.pk, words="评的是同名的另一位", now=NOW + 16 * DAY)
    first.refresh_from_db()
    assert first.state == "final"


def test_an_objection_to_a_withdrawn_result_has_nothing_left_to_ask(everywhere: Actor, team: list[Assessor]) -> None:
    row = appointed(everywhere, older_person(), team)
    handed_in(row, team, able())
    result = confirm(actor=everywhere, assessment=row.pk, now=NOW)
    raised = object_to(actor=everywhere, result=result.pk, words="不是我", raised_by="self", now=NOW)
    withdraw_result(actor=everywhere, result=result.pk, words="评的是同名的另一位", now=NOW)
    raised.refresh_from_db()
    assert (raised.state, raised.answer) == ("refused", "结果撤回了")
    assert open_tasks("assessment.objection") == []


@pytest.mark.covers("ASM-03")
def test_a_result_confirmed_late_does_not_stand_beside_a_newer_one(everywhere: Actor, team: list[Assessor]) -> None:
    person = older_person()
    slow = appointed(everywhere, person, team, "care_subsidy")
    handed_in(slow, team, able())
    newer = confirmed_on(everywhere, person, team, "institution", {"B.2.3": "0"}, later=3)
    late = confirm(actor=everywhere, assessment=slow.pk, now=NOW + 4 * DAY)
    newer.refresh_from_db()
    late.refresh_from_db()
    told = StoredEvent.objects.filter(name__endswith="AssessmentConfirmed").values_list("body__result", flat=True)
    assert list(told) == [str(newer.pk)]
    assert (newer.state, late.state, late.replaced_by_id) == ("provisional", "replaced", newer.pk)
    assert Sheet.objects.get(person=person).ability_grade == 1
