"""Where parts of the place have their own lists: one question, the right list, and always whose it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from songhe.doors.portal.choosing import COOKIE, OUT, UNSURE
from songhe.policy.api import import_list, load_instruments
from tests.policy.releases import NOW, POLICIES, officer, sent_on
from tests.portal.lists import DISTRICT_TITLE, MISSING, district_list
from tests.portal.test_portal import answer, city, text_of

__all__ = ["city"]
CITY_TITLE = "鄂州市基本养老服务清单"
PLACE, SERVICES = "portal-place", "portal-services"


@pytest.fixture
def lists(city: None, tmp_path: Path) -> None:
    """The city's list and that of one district."""
    district_list(tmp_path)


def chosen(client: Client, value: str, next_: str = "ask") -> Any:
    return client.post(f"{reverse(PLACE)}?next={next_}", {"answer": value})


@pytest.mark.covers("POL-08", "NET-05")
def test_the_interview_asks_first_where_one_lives_and_goes_by_the_list_of_there(lists: None) -> None:
    client = Client()
    first = client.get(reverse("portal-ask"))
    assert (first.status_code, first.headers["Location"]) == (302, f"{reverse(PLACE)}?next=ask")
    asked = client.get(first.headers["Location"])
    shown = text_of(asked)
    assert "您住在哪里？" in shown and "华容区" in shown and "不清楚" in shown
    assert "鄂城区这里有自己的清单" in shown and "华容区这里有自己的清单" not in shown
    assert chosen(client, "420704").headers["Location"] == reverse("portal-ask")
    answer(client, ("1940", "5", "1"))
    sheet = client.get(reverse("portal-result"))
    assert f"用的是《{DISTRICT_TITLE}》" in text_of(sheet) and "您选了鄂城区，用鄂城区的清单。" in text_of(sheet)
    assert MISSING not in sheet.content.decode()
    chosen(client, "420703")
    assert client.get(reverse("portal-result")).status_code == 302, "answers by another list are let go"
    answer(client, ("1940", "5", "1"))
    assert f"用的是《{CITY_TITLE}》" in text_of(client.get(reverse("portal-result")))


@pytest.mark.covers("POL-08")
def test_who_does_not_know_gets_the_list_of_the_place_and_is_told_so(lists: None) -> None:
    client = Client()
    chosen(client, UNSURE)
    answer(client, ("1940", "5", "1"))
    sheet = text_of(client.get(reverse("portal-result")))
    assert "您选了不清楚，先按鄂州市的清单看。鄂城区有自己的清单" in sheet
    chosen(client, OUT, "services")
    assert "您不是鄂州市的，这份清单管不到您" in text_of(client.get(reverse(SERVICES)))


@pytest.mark.covers("POL-04", "POL-08")
def test_the_list_of_a_place_and_group_has_an_address_of_its_own(lists: None) -> None:
    client, url = Client(), reverse(SERVICES)
    here = client.get(url, {"place": "420704", "group": "body"})
    page = here.content.decode()
    assert DISTRICT_TITLE in page and "place=420704&amp;group=poor" in page
    assert 'href="/portal/services/?place=420700&amp;group=body"' in page
    whole = client.get(url, {"place": "420704"}).content.decode()
    assert len(set(re.findall(r"/portal/services/([\w-]+)/\?place=420704", whole))) == 26
    assert "这是鄂州市的清单" in text_of(client.get(url))
    item = reverse("portal-service", args=[MISSING])
    assert client.get(item, {"place": "420700"}).status_code == 200
    assert client.get(item, {"place": "420704"}).status_code == 404
    for wrong in ("420703", "4207", "abc", "٤٢٠٧٠٤", "1" * 40):
        assert client.get(url, {"place": wrong}).status_code == 404, wrong


def test_the_question_takes_only_what_it_offers(lists: None) -> None:
    client = Client()
    for wrong in ("", "420700", "110105", "nobody", "420704001002"):
        missed = chosen(client, wrong)
        assert (missed.status_code, "还没有选" in text_of(missed)) == (422, True), wrong
    assert COOKIE not in client.cookies
    for where in ("420703", "110105", "x", "9" * 30, "٤٢٠٧٠٤"):
        assert client.get(reverse(PLACE), {"in": where}).status_code == 404, where
    for said in ("110105", "x", "4" * 50):
        client.cookies[COOKIE] = said
        assert client.get(reverse("portal-ask")).status_code == 302, said
        assert "这是鄂州市的清单" in text_of(client.get(reverse(SERVICES)))


@pytest.mark.covers("POL-08")
def test_a_street_with_a_list_of_its_own_is_asked_for_only_in_its_district(lists: None, tmp_path: Path) -> None:
    district_list(tmp_path / "street", "420704001", "凤凰街道养老服务清单")
    client = Client()
    deeper = chosen(client, "420704")
    assert deeper.headers["Location"] == f"{reverse(PLACE)}?in=420704&next=ask"
    shown = text_of(client.get(deeper.headers["Location"]))
    assert "您住在鄂城区的哪里？" in shown and "凤凰街道这里有自己的清单" in shown and "都不在这些地方" not in shown
    client.post(deeper.headers["Location"], {"answer": UNSURE})
    assert DISTRICT_TITLE in text_of(client.get(reverse(SERVICES)))
    client.post(deeper.headers["Location"], {"answer": "420704001"})
    assert "您选了凤凰街道，用凤凰街道的清单。" in text_of(client.get(reverse(SERVICES)))


def test_what_is_about_the_whole_place_stays_so_with_a_list_of_a_part(lists: None) -> None:
    shown = text_of(Client().get(reverse("portal-contact")))
    assert "华容区" in shown and "鄂城区" in shown
    assert DISTRICT_TITLE in text_of(Client().get(reverse("portal-policy")))
    assert "按您住的地方看" in text_of(Client().get(reverse("portal")))


def test_with_one_list_nothing_is_asked(city: None) -> None:
    assert Client().get(reverse("portal-ask")).status_code == 200
    shown = text_of(Client().get(reverse(SERVICES)))
    assert "自己的清单" not in shown and "这是鄂州市的清单" not in shown


def test_a_list_around_the_place_is_offered_and_holds_for_who_lives_elsewhere(lists: None) -> None:
    client = Client()
    load_instruments(root=POLICIES)
    draft = import_list(actor=officer(""), root=POLICIES, key="000000-national/basic-list-2023", now=NOW)
    national = sent_on(draft)
    assert national.of_list.region.strip("0") == ""
    chosen(client, OUT, "services")
    shown = text_of(client.get(reverse(SERVICES)))
    assert "您不是鄂州市的，这是全国的清单" in shown and national.of_list.title in shown
    assert client.get(reverse(SERVICES), {"place": "000000"}).status_code == 200
