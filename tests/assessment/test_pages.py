"""The pages of the room: what they show, to whom, and what can be done on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from songhe.assessment.models import Assessment
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from tests.assessment.teams import assessor, older_person, organisation
from tests.platform_fixtures import ClientFor

EVERYWHERE = Actor.system("test", "")


@pytest.mark.covers("ASM-01", "ASM-04")
def test_a_street_asks_and_the_district_sends_a_team(client_as: ClientFor, db: None) -> None:
    with scoped(EVERYWHERE, "test"):
        person, body = older_person(), organisation()
        team = [assessor(body, "胡静"), assessor(body, "刘文斌", medical=False)]
    street = client_as("street_officer", "420704001000")
    page = street.get(f"/assessments/ask/{person.pk}/")
    assert "没有评过" in page.text
    asked = street.post(
        f"/assessments/ask/{person.pk}/",
        {"purpose": "care_subsidy", "reason": "first", "asked_by": "self", "words": "上周出院"},
    )
    assert asked.status_code == 302
    with scoped(EVERYWHERE, "test"):
        row = Assessment.objects.get(person=person)
    assert asked.url == f"/assessments/{row.pk}/"
    assert street.get(f"/assessments/{row.pk}/accept/").status_code in (302, 403)
    district = client_as("district_officer", "420704000000")
    assert "王德福" in district.get("/assessments/?state=asked").text
    assert district.post(f"/assessments/{row.pk}/accept/").status_code == 302
    page = district.get(f"/assessments/{row.pk}/assign/")
    assert "胡静" in page.text
    refused = district.post(f"/assessments/{row.pk}/assign/", {"assessors": [str(team[0].pk)]})
    assert (refused.status_code, "要派2位评估员" in refused.text) == (422, True)
    sent = district.post(f"/assessments/{row.pk}/assign/", {"assessors": [str(one.pk) for one in team]})
    assert sent.status_code == 302
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    appointed = district.post(f"/assessments/{row.pk}/appoint/", {"on": day, "at": "09:30", "place": ""})
    assert appointed.status_code == 302
    page = district.get(f"/assessments/{row.pk}/")
    assert "刘文斌" in page.text
    assert "09:30" in page.text


def test_a_second_asking_is_refused_in_words_and_what_was_typed_stays(client_as: ClientFor, db: None) -> None:
    with scoped(EVERYWHERE, "test"):
        person = older_person()
    street = client_as("street_officer", "420704001000")
    given = {"purpose": "own_wish", "reason": "first", "asked_by": "proxy", "words": "走路不稳"}
    street.post(f"/assessments/ask/{person.pk}/", given)
    again = street.post(f"/assessments/ask/{person.pk}/", given)
    assert again.status_code == 422
    assert "已经有一件为“自己想评”的评估在办" in again.text
    assert "走路不稳" in again.text


@pytest.mark.covers("NET-02")
def test_another_district_does_not_find_it(client_as: ClientFor, db: None) -> None:
    with scoped(EVERYWHERE, "test"):
        person = older_person()
    street = client_as("street_officer", "420704001000")
    street.post(f"/assessments/ask/{person.pk}/", {"purpose": "own_wish", "reason": "first", "asked_by": "self"})
    with scoped(EVERYWHERE, "test"):
        row = Assessment.objects.get(person=person)
    other = client_as("district_officer", "420703000000")
    assert other.get(f"/assessments/{row.pk}/").status_code == 404
    assert other.get(f"/assessments/ask/{person.pk}/").status_code == 404
    assert "王德福" not in other.get("/assessments/").text


def test_an_empty_list_says_where_to_begin(client_as: ClientFor, db: None) -> None:
    district = client_as("district_officer", "420704000000")
    assert "在老人的档案里可以申请评估" in district.get("/assessments/").text
    assert "还没有办结的" in district.get("/assessments/?state=closed").text
    assert "没有这样的评估" in district.get("/assessments/?purpose=institution").text


def test_the_list_is_sorted_by_its_heads_and_paged_both_ways(client_as: ClientFor, db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("songhe.assessment.queries.listing.PAGE_ROWS", 2)
    street = client_as("street_officer", "420704001000")
    for name in ("王德福", "李桂英", "陈秀兰"):
        with scoped(EVERYWHERE, "test"):
            person = older_person(name=name)
        street.post(f"/assessments/ask/{person.pk}/", {"purpose": "own_wish", "reason": "first", "asked_by": "self"})
    newest = street.get("/assessments/?sort=-asked")
    shown = [name for name in ("陈秀兰", "李桂英", "王德福") if f">{name}</a>" in newest.text]
    assert shown == ["陈秀兰", "李桂英"]
    behind = street.get("/assessments/" + newest.context["after_url"])
    assert ">王德福</a>" in behind.text
    assert ">李桂英</a>" not in behind.text
    back = street.get("/assessments/" + behind.context["before_url"])
    assert [name for name in shown if f">{name}</a>" in back.text] == shown
    assert street.get("/assessments/?after=nonsense").status_code == 200
