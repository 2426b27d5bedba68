"""The way of an assessment: from asking to a result, and what is refused on it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from songhe.assessment.models import AnswerChange, Form, Result, Tie
from songhe.assessment.operations.asking import accept, ask, refuse, withdraw
from songhe.assessment.operations.assigning import appoint, assign
from songhe.assessment.operations.objecting import assess_again, object_to, withdraw_result
from songhe.assessment.operations.reminding import remind_due
from songhe.assessment.operations.reviewing import confirm, finalise_due, send_back, verification_code
from songhe.assessment.operations.visiting import FieldChange, content_digest, save_form, sign, submit
from songhe.foundation.access.actors import Actor
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.models import Circumstance, Person, Sheet
from tests.assessment.teams import (
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
)  # fmt: skip


def open_kinds(subject: object) -> list[str]:
    return sorted(Task.objects.filter(subject=subject).exclude(state="closed").values_list("kind", flat=True))


@pytest.mark.covers("ASM-01", "ASM-03")
def test_a_request_becomes_a_result_that_the_register_knows(everywhere: Actor) -> None:
    person, body = older_person(), organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", medical=False, login="lwb")]
    row = ask(actor=everywhere, person_id=person.pk, purpose="care_subsidy", reason="first", asked_by="self", now=NOW)
    assert open_kinds(row.pk) == ["assessment.accept"]
    accept(actor=everywhere, assessment=row.pk, now=NOW)
    assert open_kinds(row.pk) == []
    assign(actor=everywhere, assessment=row.pk, assessors=[one.pk for one in team], now=NOW)
    assert open_kinds(row.pk) == ["assessment.visit"]
    appoint(actor=acting(team[0]), assessment=row.pk, visit_at=NOW + timedelta(hours=3), place="家里", now=NOW)
    weak = able(**{f"B_1_{n}": "0" for n in range(1, 9)}, B_2_3="0", B_2_4="0")
    handed_in(row, team, weak, basics(risk_events={"跌倒": 1, "噎食": 1}))
    assert open_kinds(row.pk) == ["assessment.review"]
    result = confirm(actor=everywhere, assessment=row.pk, now=NOW)
    assert (result.total, result.level_by_points, result.level) == (51, 2, 3)
    assert [reason["key"] for reason in result.reasons] == ["risk_events"]
    assert (result.valid_until, result.assessor_names) == (date(2028, 11, 18), ["胡静", "刘文斌"])
    sheet = Sheet.objects.get(person=person)
    assert (sheet.ability_grade, sheet.cannot_self_care, sheet.long_term_care_need, sheet.dementia) == (
        3, True, True, None,
    )  # fmt: skip
    assert open_kinds(row.pk) == []


@pytest.mark.covers("ASM-01")
def test_one_open_assessment_a_purpose_and_more_for_others(everywhere: Actor) -> None:
    person = older_person()
    ask(actor=everywhere, person_id=person.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    with pytest.raises(Conflict, match="已经有一件为“自己想评”的评估在办（等受理）"):
        ask(actor=everywhere, person_id=person.pk, purpose="own_wish", reason="first", asked_by="proxy", now=NOW)
    other = ask(actor=everywhere, person_id=person.pk, purpose="institution", reason="first", asked_by="self", now=NOW)
    withdraw(actor=everywhere, assessment=other.pk, words="不去住了", now=NOW)
    ask(actor=everywhere, person_id=person.pk, purpose="institution", reason="first", asked_by="self", now=NOW)


def test_a_refused_request_says_why_and_goes_no_further(everywhere: Actor) -> None:
    row = ask(
        actor=everywhere, person_id=older_person().pk, purpose="own_wish", reason="first", asked_by="self", now=NOW
    )
    with pytest.raises(BadInput, match="没有填"):
        refuse(actor=everywhere, assessment=row.pk, words=" ", now=NOW)
    refuse(actor=everywhere, assessment=row.pk, words="上个月刚评过", now=NOW)
    with pytest.raises(Conflict):
        accept(actor=everywhere, assessment=row.pk, now=NOW)


@pytest.mark.covers("ASM-04")
def test_who_may_not_assess_is_refused_in_words(everywhere: Actor) -> None:
    person, body = older_person(), organisation()
    nurse, lay = assessor(body, "胡静"), assessor(body, "刘文斌", medical=False)
    expired = assessor(body, "陈晓", certified_until=TODAY)
    niece = assessor(body, "王小兰")
    Tie.objects.create(region_code=person.region_code, person=person, assessor=niece, kind="relative", from_date=TODAY)
    row = ask(actor=everywhere, person_id=person.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    accept(actor=everywhere, assessment=row.pk, now=NOW)
    for team, words in (
        ([nurse], "要派2位评估员"),
        ([lay, lay], "要派2位评估员"),
        ([lay, expired], "陈晓的证书到2026-11-18为止"),
        ([nurse, niece], "王小兰和这位老人有关系：亲属"),
        ([lay, assessor(body, "田野", medical=False)], "至少要有1位有医护背景"),
    ):
        with pytest.raises(Refused, match=words):
            assign(actor=everywhere, assessment=row.pk, assessors=[one.pk for one in team], now=NOW)
    body.state = "suspended"
    body.save()
    with pytest.raises(Refused, match="胡静所在的机构暂停"):
        assign(actor=everywhere, assessment=row.pk, assessors=[nurse.pk, lay.pk], now=NOW)


@pytest.mark.covers("ASM-04")
def test_the_provider_of_a_person_does_not_assess_her(everywhere: Actor) -> None:
    person, body = older_person(), organisation()
    Tie.objects.create(region_code=person.region_code, person=person, organisation=body, kind="provider",
                       from_date=TODAY)  # fmt: skip
    row = ask(actor=everywhere, person_id=person.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    accept(actor=everywhere, assessment=row.pk, now=NOW)
    with pytest.raises(Refused, match="收费服务"):
        assign(actor=everywhere, assessment=row.pk, assessors=[assessor(body).pk, assessor(body, "刘").pk], now=NOW)


def test_a_certificate_that_ends_before_the_visit_is_refused_when_the_time_is_set(everywhere: Actor) -> None:
    person, body = older_person(), organisation()
    team = [assessor(body, "胡静", certified_until=date(2026, 11, 25)), assessor(body, "刘文斌")]
    row = ask(actor=everywhere, person_id=person.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    accept(actor=everywhere, assessment=row.pk, now=NOW)
    assign(actor=everywhere, assessment=row.pk, assessors=[one.pk for one in team], now=NOW)
    with pytest.raises(Refused, match="胡静的证书"):
        appoint(actor=everywhere, assessment=row.pk, visit_at=NOW + timedelta(days=8), place="", now=NOW)
    with pytest.raises(BadInput, match="已经过了"):
        appoint(actor=everywhere, assessment=row.pk, visit_at=NOW - timedelta(minutes=1), place="", now=NOW)


def test_nobody_is_at_two_doors_within_the_hour(everywhere: Actor) -> None:
    body = organisation()
    team = [assessor(body, "胡静"), assessor(body, "刘文斌")]
    first = appointed(everywhere, older_person(), team)
    second = ask(
        actor=everywhere, person_id=older_person(name="李桂英").pk, purpose="own_wish", reason="first", asked_by="self",
        now=NOW,
    )  # fmt: skip
    accept(actor=everywhere, assessment=second.pk, now=NOW)
    assign(actor=everywhere, assessment=second.pk, assessors=[one.pk for one in team], now=NOW)
    assert first.visit_at is not None
    with pytest.raises(Conflict, match="在别处"):
        appoint(actor=everywhere, assessment=second.pk, visit_at=first.visit_at + timedelta(minutes=50), place="",
                now=NOW)  # fmt: skip
    appoint(actor=everywhere, assessment=second.pk, visit_at=first.visit_at + timedelta(minutes=60), place="", now=NOW)


@pytest.mark.covers("ASM-01")
def test_what_two_write_at_once_is_shown_and_nothing_is_overwritten(everywhere: Actor) -> None:
    body = organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", login="lwb")]
    row = appointed(everywhere, older_person(), team)
    form_id = uuid4()
    sent = [FieldChange("B.1.1", "4", None, NOW), FieldChange("B.1.2", "3", None, NOW)]
    form, conflicts = save_form(actor=acting(team[0]), assessment=row.pk, form_id=form_id, changes=sent, now=NOW)
    assert (form.answers, conflicts) == ({"B.1.1": "4", "B.1.2": "3"}, [])
    other = [FieldChange("B.1.1", "2", None, NOW), FieldChange("B.1.3", "1", None, NOW)]
    form, conflicts = save_form(actor=acting(team[1]), assessment=row.pk, form_id=form_id, changes=other, now=NOW)
    assert form.answers == {"B.1.1": "4", "B.1.2": "3", "B.1.3": "1"}
    assert [(one.field, one.sent, one.stands, one.writer) for one in conflicts] == [("B.1.1", "2", "4", "胡静")]
    form, conflicts = save_form(
        actor=acting(team[1]), assessment=row.pk, form_id=form_id, now=NOW,
        changes=[FieldChange("B.1.1", "2", "4", NOW)],
    )  # fmt: skip
    assert (form.answers["B.1.1"], conflicts) == ("2", [])
    history = AnswerChange.objects.filter(form=form, field="B.1.1").order_by("id")
    assert list(history.values_list("before", "after", "changer")) == [(None, "4", "胡静"), ("4", "2", "刘文斌")]


@pytest.mark.covers("ASM-01")
def test_what_arrives_twice_is_taken_once(everywhere: Actor) -> None:
    body = organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", login="lwb")]
    row = appointed(everywhere, older_person(), team)
    sent, form_id = changes_of(able(), basics()), uuid4()
    for _ in range(2):
        form, conflicts = save_form(actor=acting(team[0]), assessment=row.pk, form_id=form_id, changes=sent, now=NOW)
        assert (len(form.answers), conflicts, form.version) == (26, [], 2)
    handed_in(row, team, able())
    assert submit(actor=acting(team[0]), form_id=form_id, assessed_date=TODAY, now=NOW).state == "submitted"
    with pytest.raises(Conflict, match="已经交了"):
        save_form(actor=acting(team[0]), assessment=row.pk, form_id=form_id, changes=sent, now=NOW)


def test_a_second_device_does_not_begin_a_second_form(everywhere: Actor) -> None:
    body = organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", login="lwb")]
    row = appointed(everywhere, older_person(), team)
    one = [FieldChange("B.1.1", "4", None, NOW)]
    save_form(actor=acting(team[0]), assessment=row.pk, form_id=uuid4(), changes=one, now=NOW)
    with pytest.raises(Conflict, match="另一台手机"):
        save_form(actor=acting(team[1]), assessment=row.pk, form_id=uuid4(), changes=one, now=NOW)


@pytest.mark.covers("ASM-04")
def test_only_who_is_sent_sees_the_form(everywhere: Actor) -> None:
    body = organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", login="lwb")]
    row = appointed(everywhere, older_person(), team)
    stranger = acting(assessor(body, "田野", login="ty"))
    with pytest.raises(NotFound):
        save_form(actor=stranger, assessment=row.pk, form_id=uuid4(), changes=[], now=NOW)


@pytest.mark.covers("ASM-01")
def test_a_form_is_not_handed_in_unsigned_or_unfinished(everywhere: Actor) -> None:
    body = organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", login="lwb")]
    row, form_id, me = appointed(everywhere, older_person(), team), uuid4(), acting(team[0])
    answers = able()
    del answers["B.4.5"]
    save_form(actor=me, assessment=row.pk, form_id=form_id, changes=changes_of(answers, basics()), now=NOW)
    with pytest.raises(BadInput, match=r"B\.4\.5：1项没有评"):
        submit(actor=me, form_id=form_id, assessed_date=TODAY, now=NOW)
    save_form(actor=me, assessment=row.pk, form_id=form_id, changes=[FieldChange("B.4.5", "4", None, NOW)], now=NOW)
    with pytest.raises(Refused, match="还没签字：胡静、刘文斌"):
        submit(actor=me, form_id=form_id, assessed_date=TODAY, now=NOW)
    read = content_digest(Form.objects.get(pk=form_id))
    sign(actor=me, form_id=form_id, assessor=team[0].pk, drawing=DRAWING, digest=read, now=NOW)
    save_form(actor=me, assessment=row.pk, form_id=form_id, changes=[FieldChange("B.4.5", "3", "4", NOW)], now=NOW)
    with pytest.raises(Conflict, match="又改了"):
        sign(actor=me, form_id=form_id, assessor=team[1].pk, drawing=DRAWING, digest=read, now=NOW)
    with pytest.raises(Refused, match="还没签字：胡静、刘文斌"):
        submit(actor=me, form_id=form_id, assessed_date=TODAY, now=NOW)


@pytest.mark.covers("ASM-01")
def test_a_form_that_was_handed_in_cannot_be_changed_but_only_superseded(everywhere: Actor) -> None:
    body = organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", login="lwb")]
    row = appointed(everywhere, older_person(), team)
    form = handed_in(row, team, able())
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Form.objects.filter(pk=form.pk).update(answers={})
    send_back(actor=everywhere, assessment=row.pk, words="听力和病历不合", now=NOW)
    again = Form.objects.get(assessment=row, state="draft")
    assert again.answers == form.answers
    me = acting(team[0])
    save_form(actor=me, assessment=row.pk, form_id=again.pk, changes=[FieldChange("B.4.2", "1a", "2", NOW)], now=NOW)
    handed_in(row, team, able())
    result = confirm(actor=everywhere, assessment=row.pk, now=NOW)
    assert (result.form_id, result.total) == (again.pk, 89)
    assert Form.objects.get(pk=form.pk).state == "superseded"


@pytest.mark.covers("ASM-04")
def test_who_assessed_does_not_review(everywhere: Actor) -> None:
    body = organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", login="lwb")]
    row = appointed(everywhere, older_person(), team)
    handed_in(row, team, able())
    both = Actor(team[0].account_id, "胡静", "420704", frozenset({"assessment.review"}))
    with pytest.raises(Refused, match="不能审核自己的表"):
        confirm(actor=both, assessment=row.pk, now=NOW)


@pytest.mark.covers("ASM-01", "ASM-03")
def test_an_objection_is_assessed_by_others_whose_result_is_final(everywhere: Actor) -> None:
    person, body = older_person(), organisation()
    first = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", login="lwb")]
    others = [assessor(body, "田野", login="ty"), assessor(body, "严芳", login="yf")]
    row = appointed(everywhere, person, first)
    handed_in(row, first, able())
    result = confirm(actor=everywhere, assessment=row.pk, now=NOW)
    objection = object_to(actor=everywhere, result=result.pk, words="走路要人扶", raised_by="proxy", now=NOW)
    with pytest.raises(Conflict, match="已经有一件异议"):
        object_to(actor=everywhere, result=result.pk, words="再说一次", raised_by="self", now=NOW)
    again = assess_again(actor=everywhere, objection=objection.pk, now=NOW)
    with pytest.raises(Refused, match="评过这位老人的上一次"):
        assign(actor=everywhere, assessment=again.pk, assessors=[first[0].pk, others[0].pk], now=NOW)
    assign(actor=everywhere, assessment=again.pk, assessors=[one.pk for one in others], now=NOW)
    appoint(actor=everywhere, assessment=again.pk, visit_at=NOW + timedelta(hours=5), place="家里", now=NOW)
    handed_in(again, others, able(B_2_3="1"))
    final = confirm(actor=everywhere, assessment=again.pk, now=NOW)
    objection.refresh_from_db()
    result.refresh_from_db()
    assert (final.state, final.level, objection.state) == ("final", 1, "changed")
    assert (result.state, result.replaced_by_id) == ("replaced", final.pk)
    assert Sheet.objects.get(person=person).ability_grade == 1
    with pytest.raises(Conflict, match="不能再提异议"):
        object_to(actor=everywhere, result=final.pk, words="还是不服", raised_by="proxy", now=NOW)


def test_after_the_days_for_objections_a_result_is_final(everywhere: Actor) -> None:
    body = organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", login="lwb")]
    row = appointed(everywhere, older_person(), team)
    handed_in(row, team, able())
    result = confirm(actor=everywhere, assessment=row.pk, now=NOW)
    assert result.objection_until == TODAY + timedelta(days=15)
    assert finalise_due(actor=everywhere, today=TODAY + timedelta(days=15)) == 0
    assert finalise_due(actor=everywhere, today=TODAY + timedelta(days=16)) == 1
    with pytest.raises(Conflict):
        object_to(actor=everywhere, result=result.pk, words="晚了", raised_by="self", now=NOW + timedelta(days=16))


def test_a_withdrawn_result_gives_back_what_was_known_before(everywhere: Actor) -> None:
    person, body = older_person(), organisation()
    team = [assessor(body, "胡静", login="hj"), assessor(body, "刘文斌", login="lwb")]
    row = appointed(everywhere, person, team)
    handed_in(row, team, able(B_2_3="0"))
    result = confirm(actor=everywhere, assessment=row.pk, now=NOW)
    assert Sheet.objects.get(person=person).ability_grade == 1
    withdraw_result(actor=everywhere, result=result.pk, words="评的是同名的另一位", now=NOW)
    assert Sheet.objects.get(person=person).ability_grade is None
    assert not Circumstance.objects.filter(person=person, fact="ability_grade", known_until=None).exists()
    assert Result.objects.get(pk=result.pk).state == "withdrawn"


def _result_until(person: Person, until: date) -> Result:
    return Result.objects.create(
        region_code=person.region_code, person=person, scale="gbt42195-2022", purpose="care_subsidy", source="file",
        state="final", assessed_date=date(2024, 12, 1), valid_until=until, confirmed_at=NOW, confirmer="何俊",
        code=verification_code(), level=2,
    )  # fmt: skip


@pytest.mark.covers("ASM-03")
def test_a_result_about_to_expire_is_called_to_mind_once_where_she_lives(everywhere: Actor) -> None:
    soon, later, asked = (older_person(name=name) for name in ("李桂英", "陈秀兰", "周福生"))
    _result_until(soon, TODAY + timedelta(days=30))
    _result_until(later, TODAY + timedelta(days=31))
    _result_until(asked, TODAY + timedelta(days=3))
    ask(actor=everywhere, person_id=asked.pk, purpose="care_subsidy", reason="routine", asked_by="self", now=NOW)
    assert remind_due(actor=everywhere, today=TODAY, now=NOW) == 1
    assert remind_due(actor=everywhere, today=TODAY, now=NOW) == 0
    task = Task.objects.get(kind="assessment.renew")
    assert (task.subject, task.region_code) == (soon.pk, soon.region_code)
    ask(actor=everywhere, person_id=soon.pk, purpose="care_subsidy", reason="routine", asked_by="self", now=NOW)
    assert open_kinds(soon.pk) == []


def test_a_visit_is_the_task_of_who_was_sent_and_of_nobody_else(everywhere: Actor) -> None:
    body = organisation()
    without = [assessor(body, "周敏"), assessor(body, "陈实", medical=False)]
    row = appointed(everywhere, older_person(), without)
    assert not Task.objects.filter(kind="assessment.visit", subject=row.pk).exists()
    team = [assessor(body, "刘文斌", medical=False), assessor(body, "胡静", login="hujing")]
    row = appointed(everywhere, older_person(), team)
    assert Task.objects.get(kind="assessment.visit", subject=row.pk).owner == team[1].account
    handed_in(row, team[::-1], able())
    send_back(actor=everywhere, assessment=row.pk, words="再看一次", now=NOW)
    again = Task.objects.exclude(state="closed").get(kind="assessment.visit", subject=row.pk)
    assert (again.owner, again.title) == (team[1].account, "评估表退回了")
