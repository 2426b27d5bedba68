"""Campaigns: who is due by a day, how far each place is, asking for all of a place and taking it back, the gap."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from songhe.assessment.models import Assessment, Campaign, Exclusion, Opening, Result
from songhe.assessment.openings import LeftOut
from songhe.assessment.operations.asking import accept, ask, end
from songhe.assessment.operations.assigning import assign
from songhe.assessment.operations.campaigning import (
    all_told,
    ask_for_all,
    close_campaign,
    leave_out,
    make_campaign,
    take_in,
    undo_opening,
)
from songhe.assessment.queries.campaigns import Tally, below, done_by_week, tallies, whole
from songhe.assessment.queries.members import MemberFilters, page_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.models import Person, Sheet
from tests.assessment.teams import NATIONAL, NOW, TODAY, assessor, older_person, organisation
from tests.platform_fixtures import ClientFor

DISTRICT, HERE, NEXT = "420704000000", "420704001002", "420704002008"
BY = date(2026, 12, 31)
DESK = Actor(
    None, "何俊", "420704",
    frozenset({"assessment.read", "assessment.ask", "assessment.accept", "assessment.campaign", "tasks.do"}),
)  # fmt: skip


def poor(name: str, region: str = HERE, assistance: str = "minimum_living") -> Person:
    """Somebody on social assistance."""
    person = older_person(region, name)
    Sheet.objects.filter(pk=person.pk).update(assistance=assistance)
    return person


def campaign(**given: object) -> Campaign:
    wanted = {"name": "困难老人12月底前都评到", "groups": ["minimum_living", "edge"], "region": DISTRICT,
              "purpose": "hardship", "by_date": BY, "now": NOW} | given  # fmt: skip
    return make_campaign(actor=DESK, **wanted)  # type: ignore[arg-type]


def result(person: Person, **given: object) -> Result:
    return Result.objects.create(**{
        "region_code": person.region_code, "person": person, "scale": NATIONAL, "purpose": "own_wish", "source": "own",
        "state": "final", "total": 51, "level": 2, "level_by_points": 2, "assessed_date": TODAY, "confirmed_at": NOW,
        "confirmer": "何俊", "valid_until": date(2028, 11, 18), "code": uuid4().hex[:12],
    } | given)  # fmt: skip


def tally(row: Campaign, digits: str = "420704", day: date = TODAY) -> Tally:
    return whole(tallies(row, digits, day))


@pytest.mark.covers("ASM-01", "ASM-05")
def test_everybody_of_the_joined_groups_counts_once(everywhere: Actor) -> None:
    row = campaign()
    done, short, old, asked, out, tried = (poor(name) for name in ("甲", "乙", "丙", "丁", "戊", "己"))
    poor("庚", NEXT, "edge")
    older_person(HERE, "不在内")
    result(done)
    result(short, valid_until=BY)
    result(old, scale="mzt039-2013")
    ask(actor=DESK, person_id=asked.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    leave_out(actor=DESK, campaign=row, person_id=out.pk, reason="hospital", words="", now=NOW)
    ask_for_all(actor=DESK, campaign=row.pk, place=HERE, now=NOW)
    failed = Assessment.objects.get(person=tried)
    end(actor=DESK, assessment=failed.pk, words="敲不开门", now=NOW)
    assert tally(row) == Tally(valid=1, in_work=3, left_out=1, tried=1, todo=1)
    assert below(tallies(row, "420704", TODAY), "420704")["420704002000"] == Tally(todo=1)
    page = page_of(row, MemberFilters("tried"), TODAY)
    assert [one.person.name for one in page.rows] == ["己"]


@pytest.mark.covers("ASM-01")
def test_one_deed_asks_for_all_who_are_due_in_a_place_with_one_task_a_community(everywhere: Actor) -> None:
    row = campaign()
    persons = [poor(f"老人{number}") for number in range(30)] + [poor("邻村", NEXT)]
    result(persons[0], scale="mzt039-2013")
    opening, other = sorted(
        ask_for_all(actor=DESK, campaign=row.pk, place="", now=NOW), key=lambda one: one.region_code
    )
    assert (opening.region_code, opening.requests, other.region_code, other.requests) == (HERE, 30, NEXT, 1)
    rows = Assessment.objects.filter(campaign=row)
    assert {(one.state, one.asked_by, one.due_date) for one in rows} == {("accepted", "campaign", BY)}
    assert rows.get(person=persons[0]).reason == "routine"
    tasks = Task.objects.filter(kind="assessment.campaign")
    assert {(task.region_code, task.subject) for task in tasks} == {(HERE, opening.pk), (NEXT, other.pk)}
    with pytest.raises(Conflict, match="没有要申请的了"):
        ask_for_all(actor=DESK, campaign=row.pk, place="", now=NOW)
    assert Entry.objects.get(action="assessment.campaign_ask", region_code=HERE).row_count == 30
    all_told(actor=DESK, opening=other.pk, now=NOW)
    assert Task.objects.get(subject=other.pk).outcome == "told"


@pytest.mark.covers("ASM-01")
def test_taking_it_back_withdraws_what_was_not_sent(everywhere: Actor) -> None:
    row, sent = campaign(), poor("甲")
    poor("乙")
    (opening,) = ask_for_all(actor=DESK, campaign=row.pk, place=HERE, now=NOW)
    body = organisation()
    team = [assessor(body, "胡静"), assessor(body, "刘文斌", medical=False)]
    going = Assessment.objects.get(person=sent)
    assign(actor=DESK, assessment=going.pk, assessors=[one.pk for one in team], now=NOW)
    with pytest.raises(Conflict, match="已经派了"):
        leave_out(actor=DESK, campaign=row, person_id=sent.pk, reason="declined", words="", now=NOW)
    assert undo_opening(actor=DESK, opening=opening.pk, now=NOW) == 1
    assert tally(row) == Tally(in_work=1, todo=1)
    assert Task.objects.get(subject=opening.pk).outcome == "moot"
    with pytest.raises(Conflict, match="已经撤回了"):
        undo_opening(actor=DESK, opening=opening.pk, now=NOW)
    assert len(ask_for_all(actor=DESK, campaign=row.pk, place=HERE, now=NOW)) == 1


def test_who_declines_is_left_out_until_she_wishes_again(everywhere: Actor) -> None:
    row, person = campaign(), poor("甲")
    ask_for_all(actor=DESK, campaign=row.pk, place=HERE, now=NOW)
    leave_out(actor=DESK, campaign=row, person_id=person.pk, reason="declined", words="", now=NOW)
    assert (tally(row), Assessment.objects.get().state) == (Tally(left_out=1), "withdrawn")
    with pytest.raises(Conflict):
        leave_out(actor=DESK, campaign=row, person_id=person.pk, reason="declined", words="", now=NOW)
    take_in(actor=DESK, campaign=row, person_id=person.pk, now=NOW)
    assert tally(row) == Tally(todo=1)
    with pytest.raises(BadInput):
        leave_out(actor=DESK, campaign=row, person_id=person.pk, reason=LeftOut.OTHER, words="", now=NOW)
    with pytest.raises(NotFound):
        leave_out(actor=DESK, campaign=row, person_id=older_person().pk, reason="away", words="", now=NOW)


@pytest.mark.covers("ASM-01")
def test_the_gap_at_the_end_is_kept_as_it_was(everywhere: Actor) -> None:
    row = campaign()
    result(poor("甲"))
    late = poor("乙")
    close_campaign(actor=DESK, campaign=row.pk, now=NOW)
    result(late)
    row.refresh_from_db()
    assert Tally(**row.final) == Tally(valid=1, todo=1)
    for deed in (
        lambda: ask_for_all(actor=DESK, campaign=row.pk, place="", now=NOW),
        lambda: close_campaign(actor=DESK, campaign=row.pk, now=NOW),
    ):
        with pytest.raises(Conflict, match="已经结束"):
            deed()


@pytest.mark.covers("ASM-05")
def test_progress_by_week_stands_against_the_line_that_is_needed(everywhere: Actor) -> None:
    row = campaign(by_date=TODAY + timedelta(days=20))
    early, first, second, _never = (poor(name) for name in ("甲", "乙", "丙", "丁"))
    result(early, confirmed_at=NOW - timedelta(days=40))
    result(first, confirmed_at=NOW + timedelta(days=1))
    result(second, confirmed_at=NOW + timedelta(days=9))
    weeks = done_by_week(row, TODAY + timedelta(days=9))
    assert weeks == [
        (TODAY + timedelta(days=6), 2, 2), (TODAY + timedelta(days=9), 3, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"groups": []}, BadInput), ({"groups": ["nobody"]}, BadInput), ({"by_date": TODAY}, BadInput),
        ({"name": " "}, BadInput), ({"purpose": "x"}, BadInput), ({"region": "420703000000"}, NotFound),
    ],
)  # fmt: skip
def test_what_makes_no_campaign_is_refused(everywhere: Actor, given: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        campaign(**given)
    with pytest.raises(Refused):
        make_campaign(actor=Actor(None, "x", "420704", frozenset()), name="x", groups=["edge"], region=DISTRICT,
                      purpose="hardship", by_date=BY, now=NOW)  # fmt: skip


@pytest.mark.covers("ASM-01", "ASM-05")
def test_the_pages_lead_from_the_goal_to_the_people(client_as: ClientFor, db: None) -> None:
    with scoped(Actor.system("test", ""), "test"):
        persons = [poor("甲老人"), poor("乙老人"), poor("丙老人", NEXT)]
    desk = client_as("district_officer", DISTRICT)
    assert "还没有普遍评估" in desk.get("/assessments/campaigns/").text
    end_of_it = (timezone.localdate() + timedelta(days=30)).isoformat()
    given = {"name": "困难老人都评到", "groups": ["minimum_living"], "region": DISTRICT, "purpose": "hardship",
             "by_date": end_of_it}  # fmt: skip
    assert desk.post("/assessments/campaigns/new/", given | {"by_date": "2020-01-01"}).status_code == 422
    made = desk.post("/assessments/campaigns/new/", given)
    page = desk.get(made.url)
    assert "还没申请" in page.text and "每周做到哪里" in page.text
    street = f"{made.url}?in=420704001000"
    assert "没评成" in desk.get(street).text
    people = desk.get(f"{made.url}people/?what=todo&region={HERE}")
    assert "甲老人" in people.text and "丙老人" not in people.text
    assert "替2位老人申请" in desk.get(f"{made.url}ask/?in={HERE}").text
    assert desk.post(f"{made.url}ask/?in={HERE}").status_code == 302
    opening = Opening.objects.filter(campaign__name="困难老人都评到")
    with scoped(Actor.system("test", ""), "test"):
        key = opening.get().pk
    worker = client_as("community_worker", HERE)
    here = f"/assessments/campaigns/openings/{key}/"
    assert "甲老人" in worker.get(here).text
    assert "为什么不评" in worker.get(f"{here}?leave={persons[0].pk}").text
    refused = worker.post(here, {"person": str(persons[0].pk), "reason": "other", "words": ""})
    assert refused.status_code == 422
    assert worker.post(here, {"person": str(persons[0].pk), "reason": "declined", "words": ""}).status_code == 302
    with scoped(Actor.system("test", ""), "test"):
        assert Exclusion.objects.get().person_id == persons[0].pk
    assert "本人不愿意评" in desk.get(f"{made.url}people/?what=left_out").text
    assert worker.post(here, {"do": "told"}).status_code == 302
    assert "老人都告诉了" in worker.get(here).text
    assert worker.get(made.url).status_code == 404
    assert client_as("community_worker", NEXT).get(here).status_code == 404
    assert desk.post(here, {"do": "undo"}).status_code == 302
    again = desk.post(f"{made.url}people/?what=left_out", {"again": str(persons[0].pk)})
    assert again.status_code == 302
    assert desk.get(f"{made.url}close/").status_code == 200
    assert desk.post(f"{made.url}close/").status_code == 302
    assert re.search("结束那天3人里0人有有效结果", desk.get(made.url).text)


def test_no_name_stands_in_a_task_or_an_event(everywhere: Actor) -> None:
    row, person = campaign(), poor("甲老人")
    leave_out(actor=DESK, campaign=row, person_id=person.pk, reason="away", words="去女儿家了", now=NOW)
    assert "去女儿家" not in str(list(Entry.objects.values_list("detail", flat=True)))
    other = ask(actor=DESK, person_id=poor("乙").pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    accept(actor=DESK, assessment=other.pk, now=NOW)
    assert "甲老人" not in str(list(Task.objects.values_list("title", "detail")))


@pytest.mark.covers("ASM-01")
def test_the_people_behind_a_number_come_by_pages_and_each_can_be_left_out_there(
    client_as: ClientFor, db: None
) -> None:
    desk = client_as("district_officer", "420704000000")
    with scoped(DESK, "test"):
        row = campaign()
        persons = [poor(f"老人{number}", HERE if number % 2 else NEXT) for number in range(53)]
        url = f"/assessments/campaigns/{row.pk}/people/"
        first = page_of(row, MemberFilters(), TODAY)
        assert (len(first.rows), first.before, bool(first.after)) == (50, "", True)
        second = page_of(row, MemberFilters(after=first.after), TODAY)
        assert (len(second.rows), second.after) == (3, "")
        assert {one.pk for one in (*first.rows, *second.rows)} == {one.pk for one in persons}
        assert [one.pk for one in page_of(row, MemberFilters(before=second.before), TODAY).rows] == [
            one.pk for one in first.rows
        ]
        last = second.rows[-1].pk
    there = f"{url}?after={first.after}"
    assert f"after={first.after}&amp;leave={last}#leave" in desk.get(there).text
    asked = desk.get(f"{there}&leave={last}").text
    assert "这一次不评" in asked
    left = desk.post(there, {"person": str(last), "reason": "hospital", "words": ""})
    assert (left.status_code, left["Location"]) == (302, there)
    assert "共53人" in desk.get(f"{url}?sort=-place&after=nothing").text
    assert "放宽到哪一步" in desk.get(f"{url}?what=valid").text
