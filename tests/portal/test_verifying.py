"""Anybody can check whether a report is genuine, and learns nothing of health; what is public names nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from songhe.assessment.models import Result
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.regions.models import Division
from tests.assessment.teams import older_person
from tests.platform_fixtures import ClientFor
from tests.policy.releases import NOW, TODAY, issued_release

EVERYWHERE = Actor.system("测试", "")
CODE = "7KQ2M9XWPF3D"
PLACES = (
    ("420700000000", "鄂州市", 4, "420000000000"), ("420704000000", "鄂城区", 6, "420700000000"),
    ("420704001000", "凤凰街道", 9, "420704000000"), ("420704001002", "吴都社区", 12, "420704001000"),
)  # fmt: skip


@pytest.fixture
def result(db: None) -> Iterator[Result]:
    with time_machine.travel(NOW, tick=False):
        with scoped(EVERYWHERE, "test"):
            Division.objects.bulk_create(
                Division(code=code, name=name, level=level, parent=parent, valid_from=TODAY.replace(year=2020))
                for code, name, level, parent in PLACES
            )
            issued_release()
            row = Result.objects.create(
                region_code="420704001002", person=older_person(), scale="gbt42195-2022", purpose="care_subsidy",
                source="own", level=3, total=41, assessed_date=TODAY, valid_until=TODAY + timedelta(days=700),
                public_until=TODAY + timedelta(days=7), confirmed_at=NOW, confirmer="何俊", code=CODE,
                organisation_name="松泽老年评估中心",
            )  # fmt: skip
        yield row


def text(answer: Any) -> str:
    return unescape(re.sub(r"<[^>]+>|\s+", "", answer.content.decode()))


@pytest.mark.covers("ASM-02")
def test_a_genuine_report_is_told_without_level_score_or_whole_name(result: Result) -> None:
    client = Client()
    for answer in (
        client.get("/portal/verify/", {"code": CODE}), client.post("/portal/verify/", {"code": " 7kq2 m9xw-pf3d "})
    ):  # fmt: skip
        said = text(answer)
        assert "是真的，现在有效" in said
        assert "姓名王**" in said
        assert "松泽老年评估中心" in said
        assert not any(word in said for word in ("王德福", "失能", "重度", "41", "补贴"))
        assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "withdrawn"}, "这个结果撤回了，不算数"), ({"state": "replaced"}, "已经由新的结果代替"),
        ({"valid_until": TODAY}, "是真的，但过期了"),
        ({"valid_until": TODAY + timedelta(days=1)}, "是真的，现在有效"),
    ],
)  # fmt: skip
def test_what_stands_no_longer_is_told(result: Result, change: dict[str, Any], words: str) -> None:
    with scoped(EVERYWHERE, "test"):
        Result.objects.filter(pk=result.pk).update(**change)
    assert words in text(Client().get("/portal/verify/", {"code": CODE}))


def test_it_says_the_last_day_on_which_it_holds(result: Result) -> None:
    with scoped(EVERYWHERE, "test"):
        Result.objects.filter(pk=result.pk).update(valid_until=date(2029, 3, 1))
    assert "有效到2029年2月28日" in text(Client().get("/portal/verify/", {"code": CODE}))


def test_every_wrong_code_is_answered_alike(result: Result) -> None:
    answers = [Client().get("/portal/verify/", {"code": code}) for code in ("7KQ2M9XWPF3E", "王德福", "'; --")]
    assert {answer.status_code for answer in answers} == {422}
    wrong = {re.search(r"查不到这个核验码[^<]*", answer.content.decode()).group() for answer in answers}  # type: ignore[union-attr]
    assert len(wrong) == 1


def test_whoever_tries_many_codes_is_stopped_for_the_day(result: Result) -> None:
    client = Client()
    statuses = [client.post("/portal/verify/", {"code": f"WRONG{number:07}"}).status_code for number in range(61)]
    assert statuses == [422] * 60 + [429]
    assert "今天办得太多了" in text(client.get("/portal/verify/", {"code": CODE}))


def test_what_is_public_in_a_community_names_nobody_and_tells_no_level(result: Result) -> None:
    client = Client()
    assert "吴都社区" in text(client.get("/portal/public-notice/", {"in": "420704001"}))
    said = text(client.get("/portal/public-notice/", {"in": "420704001002"}))
    assert "王**申请养老服务补贴" in said
    assert not any(word in said for word in ("王德福", "失能", "重度", "41"))
    with scoped(EVERYWHERE, "test"):
        Result.objects.filter(pk=result.pk).update(public_until=TODAY - timedelta(days=1))
    assert "现在没有公示的" in text(client.get("/portal/public-notice/", {"in": "420704001002"}))
    assert client.get("/portal/public-notice/", {"in": "110101001001"}).status_code == 404


@pytest.mark.covers("ENT-03")
def test_links_lead_to_what_is_public_from_the_portal_and_from_the_result(result: Result, client_as: ClientFor) -> None:
    for page in ("/portal/", reverse("portal-assessment")):
        assert 'href="/portal/public-notice/"' in Client().get(page).text, page
    link = 'href="/portal/public-notice/?in=420704001002"'
    officer, page = client_as("district_officer", "420704000000"), f"/assessments/results/{result.pk}/"
    assert link in officer.get(page).text
    with scoped(EVERYWHERE, "test"):
        Result.objects.filter(pk=result.pk).update(public_until=TODAY - timedelta(days=1))
    assert link not in officer.get(page).text
