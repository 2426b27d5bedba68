"""Results: their page, their list, their report, withdrawing them, and objections to them."""

from __future__ import annotations

import re
import zlib
from html import unescape
from uuid import UUID, uuid4

import pytest
import time_machine

from songhe.assessment.models import Objection, Result
from songhe.assessment.operations.objecting import assess_again, object_to
from songhe.assessment.operations.reviewing import confirm
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.jobs import run_queued
from songhe.people.models import Person
from tests.assessment.teams import (
    CODES,
    NOW,
    TODAY,
    able,
    appointed,
    assessor,
    basics,
    handed_in,
    older_person,
    organisation,
)
from tests.platform_fixtures import ClientFor

EVERYWHERE = Actor.system("test", "")
DESK = Actor(
    None, "何俊", "4207",
    frozenset({"assessment.ask", "assessment.accept", "assessment.review", "assessment.read", "people.read"}),
)  # fmt: skip
FALLS = {"risk_events": {"跌倒": 2}}


def assessed(person: Person, **answers: str) -> Result:
    """A result of two assessors that may be doubted still."""
    body = organisation()
    team = [assessor(body, "胡静", login=f"a-{uuid4()}"[:30]), assessor(body, "刘文斌", medical=False)]
    row = appointed(DESK, person, team)
    handed_in(row, team, able(**answers), basics(**FALLS))
    return confirm(actor=DESK, assessment=row.pk, now=NOW)


@pytest.fixture
def result(db: None) -> Result:
    with scoped(EVERYWHERE, "test"):
        return assessed(older_person(), B_1_3="1", B_2_3="2")


def text(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>|\s+", "", page))


@pytest.mark.covers("ASM-02", "ASM-03")
def test_a_result_says_its_level_every_reason_every_answer_and_who_saw_it(client_as: ClientFor, result: Result) -> None:
    street = client_as("street_officer", "420704001000", name="严素琴", unit="凤凰街道办事处")
    page = street.get(f"/assessments/results/{result.pk}/")
    said = text(page.text)
    assert "中度失能" in said
    assert "按分数是轻度失能" in said
    assert "近30天内跌倒、走失、噎食、自杀自伤等意外合计2次及以上跌倒2次" in said
    assert "B.1.3洗澡1主要靠别人，自己能配合" in said
    assert "胡静" in said
    assert "谁看过严素琴凤凰街道办事处" in said
    assert said.count("B.1.") == 8


@pytest.mark.covers("ASM-06", "PER-06")
def test_opening_a_result_stands_among_the_readings_of_the_person(client_as: ClientFor, result: Result) -> None:
    street = client_as("street_officer", "420704001000", name="严素琴")
    street.get(f"/assessments/results/{result.pk}/")
    street.get(f"/assessments/results/{result.pk}/report/")
    with scoped(EVERYWHERE, "test"):
        found = Entry.objects.filter(subject=str(result.person_id), kind="reading").order_by("id")
        assert [one.action for one in found] == ["assessment.read_result", "assessment.report"]
    seen = text(street.get(f"/people/{result.person_id}/seen/").text)
    assert "严素琴评估结果" in seen


def test_the_list_is_filtered_and_offers_only_what_there_is(client_as: ClientFor, result: Result) -> None:
    district = client_as("district_officer", "420704000000")
    page = district.get("/assessments/results/?level=2")
    assert "王德福" in page.text
    assert "中度失能 1" in page.text
    for query in ("level=3", "state=withdrawn", "due=soon", "scale=ltci-2021", "region=420704002000"):
        assert "没有这样的结果" in district.get(f"/assessments/results/?{query}").text, query
    assert "王德福" in district.get("/assessments/results/?sort=valid&purpose=care_subsidy&source=own").text
    assert "王德福" not in client_as("district_officer", "420703000000").get("/assessments/results/").text


@pytest.mark.covers("ASM-02")
def test_the_report_is_a_paper_with_both_signatures_and_a_code(client_as: ClientFor, result: Result) -> None:
    street = client_as("street_officer", "420704001000")
    answer = street.get(f"/assessments/results/{result.pk}/report/")
    assert answer["Content-Type"] == "application/pdf"
    assert "王德福" not in answer["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-1.7")
    streams = re.findall(rb"FlateDecode >>\nstream\n(.*?)\nendstream", answer.content, re.DOTALL)
    pages = b"".join(zlib.decompress(one) for one in streams if one[:1] == b"x")
    assert pages.count(b" re ") > 100


def test_the_list_leaves_as_a_file_and_that_is_written_down(client_as: ClientFor, result: Result) -> None:
    district = client_as("district_officer", "420704000000")
    started = district.post("/assessments/results/export/", {"within": "level=2", "kind": "csv"})
    run_queued()
    assert "完成" in text(district.get(started.headers["Location"]).text)
    with scoped(EVERYWHERE, "test"):
        entry = Entry.objects.get(action="assessment.export")
    assert (entry.row_count, entry.detail["filters"]) == (1, {"level": "2"})
    assert client_as("street_officer", "420704001000").post("/assessments/results/export/").status_code == 403


def test_a_withdrawn_result_says_so_and_why_is_asked(client_as: ClientFor, result: Result) -> None:
    district = client_as("district_officer", "420704000000")
    address = f"/assessments/results/{result.pk}/withdraw/"
    assert "撤回“中度失能”以后" in district.get(address).text
    assert district.post(address, {"words": ""}).status_code == 422
    assert (
        district.post(address, {"words": "评的不是这位老人"}).headers["Location"]
        == f"/assessments/results/{result.pk}/"
    )
    assert "这个结果撤回了，不算数" in district.get(f"/assessments/results/{result.pk}/").text
    assert client_as("street_officer", "420704001000").get(address).status_code == 403


@pytest.mark.covers("ASM-03")
def test_an_objection_is_raised_taken_up_and_shows_where_the_second_team_found_otherwise(
    client_as: ClientFor, result: Result
) -> None:
    with time_machine.travel(NOW, tick=False):
        street = client_as("street_officer", "420704001000")
        asked = street.post(f"/assessments/results/{result.pk}/object/", {"raised_by": "self", "words": "洗澡自己能洗"})
        with scoped(EVERYWHERE, "test"):
            row = Objection.objects.get(result=result)
        assert asked.headers["Location"] == f"/assessments/objections/{row.pk}/"
        district = client_as("district_officer", "420704000000")
        assert "洗澡自己能洗" in district.get("/assessments/objections/").text
        assert "他们的结果是最后的" in district.get(f"/assessments/objections/{row.pk}/again/").text
        again = district.post(f"/assessments/objections/{row.pk}/again/")
        with scoped(EVERYWHERE, "test"):
            row.refresh_from_db()
        assert again.headers["Location"] == f"/assessments/{row.again_id}/"
        assert "另外的评估员正在再评" in district.get(f"/assessments/objections/{row.pk}/").text
        assert district.get(f"/assessments/objections/{row.pk}/refuse/").status_code == 302


@pytest.mark.covers("ASM-03")
def test_both_results_stand_side_by_side(client_as: ClientFor, result: Result) -> None:
    with time_machine.travel(NOW, tick=False):
        with scoped(EVERYWHERE, "test"):
            row = object_to(actor=DESK, result=result.pk, words="洗澡自己能洗", raised_by="self", now=NOW)
            again = assess_again(actor=DESK, objection=row.pk, now=NOW)
            second = second_result(again.pk, B_2_3="2")
        page = text(client_as("district_officer", "420704000000").get(f"/assessments/objections/{row.pk}/").text)
    assert second.state == "final"
    assert "评得不一样的1项" in page
    assert "B.1.3洗澡1主要靠别人，自己能配合4自己能做完，不要人帮" in page


def test_an_objection_is_not_taken_up_for_a_reason(client_as: ClientFor, result: Result) -> None:
    with scoped(EVERYWHERE, "test"):
        row = object_to(actor=DESK, result=result.pk, words="不服", raised_by="proxy", now=NOW)
    district = client_as("district_officer", "420704000000")
    address = f"/assessments/objections/{row.pk}/refuse/"
    assert district.post(address, {"words": ""}).status_code == 422
    assert district.post(address, {"words": "没有说哪里不对"}).status_code == 302
    assert "没有说哪里不对" in district.get(f"/assessments/objections/{row.pk}/").text
    assert "不服" in district.get("/assessments/objections/?state=refused").text


def test_a_file_shows_results_scales_apart(client_as: ClientFor, result: Result) -> None:
    with scoped(EVERYWHERE, "test"):
        Result.objects.create(
            region_code=result.region_code, person_id=result.person_id, scale="mzt039-2013", purpose="own_wish",
            source="old", level=3, assessed_date=TODAY.replace(year=2021), confirmed_at=NOW, confirmer="何俊",
            code="OLD234567890", state="final",
        )  # fmt: skip
    street = client_as("street_officer", "420704001000")
    page = text(street.get(f"/assessments/people/{result.person_id}/").text)
    assert "旧标准，只供对照" in page
    assert "对着看大致是现行等级3或4，定不下来，不能换算" in page
    assert "申请评估" in page
    assert "评估" in street.get(f"/people/{result.person_id}/").text


def second_result(assessment: UUID, **answers: str) -> Result:
    """What another team of another body finds."""
    from songhe.assessment.models import Assessment
    from songhe.assessment.operations.assigning import appoint, assign

    row = Assessment.objects.get(pk=assessment)
    body = organisation(code=CODES[1])
    team = [assessor(body, "陈晓梅", login=f"b-{uuid4()}"[:30]), assessor(body, "罗建国", medical=False)]
    assign(actor=DESK, assessment=row.pk, assessors=[one.pk for one in team], now=NOW)
    row = appoint(actor=DESK, assessment=row.pk, visit_at=NOW.replace(day=25), place="家里", now=NOW)
    handed_in(row, team, able(**answers), basics())
    return confirm(actor=DESK, assessment=row.pk, now=NOW)
