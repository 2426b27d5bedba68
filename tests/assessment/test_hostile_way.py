"""What breaks into the way of an assessment: stale pages, late deeds, others' cases, a second time that never comes."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from songhe.assessment.listeners import on_person_died
from songhe.assessment.models import Assessment, Assessor, Form, Tie
from songhe.assessment.operations.asking import accept, ask, end, withdraw
from songhe.assessment.operations.assigning import appoint, assign, call_back
from songhe.assessment.operations.organising import change_assessor, record_tie, set_organisation_state
from songhe.assessment.operations.reviewing import confirm, send_back
from songhe.assessment.operations.sending import accept_many
from songhe.assessment.operations.visiting import FieldChange, content_digest, save_form, sign, submit
from songhe.foundation.access.actors import Actor
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.models import Person
from tests.assessment.teams import (
    CODES,
    DRAWING,
    NOW,
    TODAY,
    able,
    acting,
    appointed,
    assessor,
    basics,
    changes_of,
    handed_in,
    older_person,
    organisation,
)

DAY = timedelta(days=1)


@pytest.fixture
def team(everywhere: Actor) -> list[Assessor]:
    body = organisation()
    return [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", medical=False, login="lwb")]


@pytest.fixture
def others(team: list[Assessor]) -> list[Assessor]:
    body = team[0].organisation
    return [assessor(body, "田野", login="ty"), assessor(body, "严芳", login="yf")]


def signed(row: Assessment, team: list[Assessor]) -> Form:
    """A form filled in and signed by all, not handed in."""
    me, form_id = acting(team[0]), uuid4()
    save_form(actor=me, assessment=row.pk, form_id=form_id, changes=changes_of(able(), basics()), now=NOW)
    form = Form.objects.get(pk=form_id)
    for one in team:
        sign(actor=me, form_id=form_id, assessor=one.pk, drawing=DRAWING, digest=content_digest(form), now=NOW)
    return form


def open_tasks(kind: str) -> list[object]:
    return list(Task.objects.filter(kind=kind).exclude(state="closed").values_list("subject", flat=True))


@pytest.mark.covers("ASM-01")
def test_a_stale_board_that_accepts_again_does_not_take_back_who_was_sent(
    everywhere: Actor, team: list[Assessor]
) -> None:
    row = appointed(everywhere, older_person(), team)
    answer = accept_many(actor=everywhere, assessments=[row.pk], now=NOW)
    row.refresh_from_db()
    assert (list(answer.done), row.state) == ([], "appointed")
    assert "这一步不能办" in str(answer.undone[0].error)


def test_no_time_is_set_for_what_was_handed_in_meanwhile(everywhere: Actor, team: list[Assessor]) -> None:
    row = appointed(everywhere, older_person(), team)
    handed_in(row, team, able())
    with pytest.raises(Conflict, match="这一步不能办"):
        appoint(actor=everywhere, assessment=row.pk, visit_at=NOW + 3 * DAY, place="家里", now=NOW)
    assert confirm(actor=everywhere, assessment=row.pk, now=NOW).total == 90


def test_calling_back_before_anybody_was_sent_does_not_accept(everywhere: Actor) -> None:
    row = ask(
        actor=everywhere, person_id=older_person().pk, purpose="own_wish", reason="first", asked_by="self", now=NOW
    )
    with pytest.raises(Conflict, match="这一步不能办"):
        call_back(actor=everywhere, assessment=row.pk, now=NOW)
    assert open_tasks("assessment.accept") == [row.pk]


def test_nothing_goes_back_that_was_not_handed_in(everywhere: Actor, team: list[Assessor]) -> None:
    row = ask(
        actor=everywhere, person_id=older_person().pk, purpose="own_wish", reason="first", asked_by="self", now=NOW
    )
    accept(actor=everywhere, assessment=row.pk, now=NOW)
    assign(actor=everywhere, assessment=row.pk, assessors=[one.pk for one in team], now=NOW)
    with pytest.raises(Conflict, match="这一步不能办"):
        send_back(actor=everywhere, assessment=row.pk, words="看不清", now=NOW)


@pytest.mark.covers("ASM-04")
def test_an_assessor_does_not_end_what_others_are_sent_to(
    everywhere: Actor, team: list[Assessor], others: list[Assessor]
) -> None:
    row = appointed(everywhere, older_person(), team)
    with pytest.raises(NotFound):
        end(actor=acting(others[0]), assessment=row.pk, words="不想评", now=NOW)
    end(actor=acting(team[1]), assessment=row.pk, words="老人不愿意", now=NOW)


@pytest.mark.covers("ASM-04")
def test_assessors_of_another_district_are_not_sent(everywhere: Actor, team: list[Assessor]) -> None:
    away = organisation(CODES[1], district="420703000000")
    far = [assessor(away, "钱进"), assessor(away, "孙立")]
    row = ask(
        actor=everywhere, person_id=older_person().pk, purpose="own_wish", reason="first", asked_by="self", now=NOW
    )
    accept(actor=everywhere, assessment=row.pk, now=NOW)
    with pytest.raises(Refused, match="没有在这个区县登记"):
        assign(actor=everywhere, assessment=row.pk, assessors=[one.pk for one in far], now=NOW)


@pytest.mark.covers("ASM-04")
@pytest.mark.parametrize("off", [0, 1])
def test_a_certificate_that_was_cut_short_after_the_time_was_set_is_refused_at_handing_in(
    everywhere: Actor, team: list[Assessor], off: int
) -> None:
    row = appointed(everywhere, older_person(), team)
    form = signed(row, team)
    Assessor.objects.filter(pk=team[0].pk).update(certified_until=TODAY + off * DAY)
    if off:
        submit(actor=acting(team[0]), form_id=form.pk, assessed_date=TODAY, now=NOW)
        return
    with pytest.raises(Refused, match="胡静的证书到2026-11-18为止"):
        submit(actor=acting(team[0]), form_id=form.pk, assessed_date=TODAY, now=NOW)


@pytest.mark.covers("ASM-04")
def test_a_relative_who_became_known_after_being_sent_does_not_hand_in(everywhere: Actor, team: list[Assessor]) -> None:
    person = older_person()
    row = appointed(everywhere, person, team)
    form = signed(row, team)
    Tie.objects.create(
        region_code=person.region_code, person=person, assessor=team[1], kind="relative", from_date=TODAY - DAY
    )
    with pytest.raises(Refused, match="刘文斌和这位老人有关系：亲属"):
        submit(actor=acting(team[0]), form_id=form.pk, assessed_date=TODAY, now=NOW)


def test_a_visit_before_an_organisation_was_suspended_still_counts(everywhere: Actor, team: list[Assessor]) -> None:
    row = appointed(everywhere, older_person(), team)
    form = signed(row, team)
    set_organisation_state(
        actor=everywhere, organisation=team[0].organisation_id, state="suspended", on_date=TODAY, note="在查"
    )
    assert submit(actor=acting(team[0]), form_id=form.pk, assessed_date=TODAY, now=NOW).state == "submitted"


def test_what_has_ended_takes_no_more_answers_and_no_signature(everywhere: Actor, team: list[Assessor]) -> None:
    row, me = appointed(everywhere, older_person(), team), acting(team[0])
    form = signed(row, team)
    withdraw(actor=everywhere, assessment=row.pk, words="不评了", now=NOW)
    late = [FieldChange("B.1.1", "0", "4", NOW)]
    with pytest.raises(Conflict, match="已撤回"):
        save_form(actor=me, assessment=row.pk, form_id=form.pk, changes=late, now=NOW)
    with pytest.raises(Conflict, match="已撤回"):
        sign(actor=me, form_id=form.pk, assessor=team[0].pk, drawing=DRAWING, digest=content_digest(form), now=NOW)
    with pytest.raises(Conflict):
        submit(actor=me, form_id=form.pk, assessed_date=TODAY, now=NOW)
    form.refresh_from_db()
    assert form.answers["B.1.1"] == "4"


def test_a_wholly_other_team_begins_a_form_of_its_own(
    everywhere: Actor, team: list[Assessor], others: list[Assessor]
) -> None:
    row = appointed(everywhere, older_person(), team)
    old = signed(row, team)
    assign(actor=everywhere, assessment=row.pk, assessors=[one.pk for one in others], now=NOW)
    appoint(actor=everywhere, assessment=row.pk, visit_at=NOW + 40 * DAY, place="家里", now=NOW)
    with pytest.raises(NotFound):
        submit(actor=acting(team[0]), form_id=old.pk, assessed_date=TODAY, now=NOW)
    old.refresh_from_db()
    assert old.state == "superseded"
    form = handed_in(row, others, able(B_2_3="0"))
    assert (form.pk != old.pk, form.answers["B.2.3"]) == (True, "0")


def test_who_stays_in_the_team_goes_on_with_the_form(
    everywhere: Actor, team: list[Assessor], others: list[Assessor]
) -> None:
    row = appointed(everywhere, older_person(), team)
    old = signed(row, team)
    assign(actor=everywhere, assessment=row.pk, assessors=[team[0].pk, others[0].pk], now=NOW)
    appoint(actor=everywhere, assessment=row.pk, visit_at=NOW + 41 * DAY, place="家里", now=NOW)
    with pytest.raises(Refused, match="还没签字：田野"):
        submit(actor=acting(team[0]), form_id=old.pk, assessed_date=TODAY, now=NOW)


def test_an_answer_that_is_no_text_is_refused_when_it_is_given(everywhere: Actor, team: list[Assessor]) -> None:
    row = appointed(everywhere, older_person(), team)
    with pytest.raises(BadInput):
        save_form(
            actor=acting(team[0]), assessment=row.pk, form_id=uuid4(), changes=[FieldChange("B.1.1", 4, None, NOW)],
            now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("value", [[{"a": 1}], [["独居"]], {"独居": 1}, "独居", [None]])
def test_form_a_refuses_what_is_no_choice(everywhere: Actor, team: list[Assessor], value: object) -> None:
    row = appointed(everywhere, older_person(), team)
    field = "A.living_with"
    with pytest.raises(BadInput):
        save_form(
            actor=acting(team[0]), assessment=row.pk, form_id=uuid4(), changes=[FieldChange(field, value, None, NOW)],
            now=NOW,
        )  # fmt: skip


@pytest.mark.covers("ASM-04")
def test_who_works_elsewhere_on_the_day_is_not_sent(everywhere: Actor, team: list[Assessor]) -> None:
    body = team[0].organisation
    left, comes = assessor(body, "钱进", left_date=TODAY), assessor(body, "孙立", joined_date=TODAY + DAY)
    last_day, first_day = assessor(body, "周全", left_date=TODAY + DAY), assessor(body, "吴越", joined_date=TODAY)
    other = assessor(organisation(CODES[1]), "郑明")
    row = ask(
        actor=everywhere, person_id=older_person().pk, purpose="own_wish", reason="first", asked_by="self", now=NOW
    )
    accept(actor=everywhere, assessment=row.pk, now=NOW)
    for one, words in ((left, "钱进那天不在"), (comes, "孙立那天不在"), (other, "同一家机构")):
        with pytest.raises(Refused, match=words):
            assign(actor=everywhere, assessment=row.pk, assessors=[team[0].pk, one.pk], now=NOW)
    assign(actor=everywhere, assessment=row.pk, assessors=[last_day.pk, first_day.pk], now=NOW)


@pytest.mark.covers("ASM-04")
@pytest.mark.parametrize(("until", "holds"), [(TODAY, False), (TODAY + DAY, True)])
def test_a_tie_holds_until_the_day_before_it_ends(
    everywhere: Actor, team: list[Assessor], until: date, holds: bool
) -> None:
    person = older_person()
    Tie.objects.create(
        region_code=person.region_code, person=person, assessor=team[0], kind="carer", from_date=TODAY - 9 * DAY,
        until_date=until,
    )  # fmt: skip
    row = ask(actor=everywhere, person_id=person.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    accept(actor=everywhere, assessment=row.pk, now=NOW)
    if holds:
        with pytest.raises(Refused, match="正在照护"):
            assign(actor=everywhere, assessment=row.pk, assessors=[one.pk for one in team], now=NOW)
    else:
        assign(actor=everywhere, assessment=row.pk, assessors=[one.pk for one in team], now=NOW)


def test_the_death_of_whose_form_waits_ends_it(everywhere: Actor, team: list[Assessor]) -> None:
    person = older_person()
    row = appointed(everywhere, person, team)
    handed_in(row, team, able())
    Person.objects.filter(pk=person.pk).update(standing="dead")
    on_person_died(type("PersonDied", (), {"person": person.pk})())
    row.refresh_from_db()
    assert (row.state, row.outcome_words, open_tasks("assessment.review")) == ("ended", "老人去世了", [])
    with pytest.raises(Conflict):
        confirm(actor=everywhere, assessment=row.pk, now=NOW)


def test_a_day_of_leaving_that_was_wrong_is_taken_back(everywhere: Actor, team: list[Assessor]) -> None:
    with pytest.raises(BadInput, match="比来的那天早"):
        change_assessor(actor=everywhere, assessor=team[0].pk, left_date=team[0].joined_date - DAY)
    assert change_assessor(actor=everywhere, assessor=team[0].pk, left_date=TODAY).left_date == TODAY
    assert change_assessor(actor=everywhere, assessor=team[0].pk, medical=True).left_date == TODAY
    assert change_assessor(actor=everywhere, assessor=team[0].pk, still_here=True).left_date is None


def test_a_tie_does_not_end_before_it_begins(everywhere: Actor, team: list[Assessor]) -> None:
    with pytest.raises(BadInput, match="比开始的那天早"):
        record_tie(
            actor=everywhere, person_id=older_person().pk, kind="relative", from_date=TODAY, until_date=TODAY,
            assessor=team[0].pk,
        )  # fmt: skip
