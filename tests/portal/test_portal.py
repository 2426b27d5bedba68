"""The portal: a list in plain words, one question a page, a telephone on every page, nothing kept of who asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songhe.doors.portal.frame import Look
from songhe.doors.portal.models import ContactRequest
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.tasks.models import Task
from songhe.policy.models import Opinion
from songhe.regions.models import Division
from tests.platform_fixtures import ClientFor
from tests.policy.releases import NOW, TODAY, issued_release

EVERYWHERE = Actor.system("测试", "")
PLACES = (
    ("420000000000", "湖北省", 2, ""), ("420700000000", "鄂州市", 4, "420000000000"),
    ("420703000000", "华容区", 6, "420700000000"), ("420704000000", "鄂城区", 6, "420700000000"),
    ("420704001000", "凤凰街道", 9, "420704000000"), ("420704001002", "吴都社区", 12, "420704001000"),
)  # fmt: skip
COMMUNITY = "420704001002"
PAGES = (
    "portal", "portal-services", "portal-ask", "portal-contact", "portal-contact-kept", "portal-opinion",
    "portal-opinion-answer", "portal-policy", "portal-accessibility",
)  # fmt: skip


@pytest.fixture
def city(db: None) -> Iterator[None]:
    """A city with its list in force, and a few divisions; today is the tests' day."""
    with time_machine.travel(NOW, tick=False):
        with scoped(EVERYWHERE, "test"):
            Division.objects.bulk_create(
                Division(code=code, name=name, level=level, parent=parent, valid_from=TODAY.replace(year=2020))
                for code, name, level, parent in PLACES
            )
            issued_release()
        yield


def text_of(answer: Any) -> str:
    return unescape(re.sub(r"<[^>]+>|\s+", "", answer.content.decode()))


def answer(client: Client, value: str | tuple[str, str, str], follow: bool = True) -> Any:
    """Answers whatever question is put."""
    page = client.get(reverse("portal-ask")).content.decode()
    fact = re.search(r'name="fact" value="(\w+)"', page)[1]
    given = dict(zip(("year", "month", "day"), value, strict=True)) if isinstance(value, tuple) else {"answer": value}
    return client.post(reverse("portal-ask"), {"fact": fact, "do": "next", **given}, follow=follow)


@pytest.mark.covers("NET-05", "POL-08")
def test_every_page_is_open_to_everybody_and_has_the_telephone(city: None, settings: Any) -> None:
    for name in PAGES:
        shown = Client().get(reverse(name))
        assert (shown.status_code, "tel:" + settings.DUTY_PHONE in shown.content.decode()) == (200, True), name
        assert shown.headers["Cache-Control"] == "private, no-store"


def test_without_a_list_every_page_says_so_and_still_has_the_telephone(db: None, settings: Any) -> None:
    for name in PAGES:
        shown = Client().get(reverse(name))
        assert (shown.status_code, "tel:" + settings.DUTY_PHONE in shown.content.decode()) == (200, True), name
    assert Client().get(reverse("portal-service", args=["education"])).status_code == 404


@pytest.mark.covers("POL-04", "POL-08")
def test_the_list_is_read_whole_and_by_group(city: None) -> None:
    client, url = Client(), reverse("portal-services")
    whole = client.get(url).content.decode()
    assert len(set(re.findall(r"/portal/services/([\w-]+)/", whole))) == 27
    for group, there, not_there in (
        ("age:60", "老年教育服务", "乘坐城市公共交通工具"),
        ("poor", "养老服务补贴", "老年教育服务"),
        ("body", "重度残疾人护理补贴", "老年教育服务"),
        ("everyone", "老年教育服务", "养老服务补贴"),
    ):
        shown = text_of(client.get(url, {"group": group}))
        assert (there in shown, not_there in shown) == (True, False), group
    assert client.get(url, {"group": "nobody"}).status_code == 404


@pytest.mark.covers("POL-08")
def test_a_service_says_what_for_whom_how_much_where_and_by_what(city: None) -> None:
    shown = text_of(Client().get(reverse("portal-service", args=["elderly-service-subsidy"])))
    for words in (
        "发100元/月", "年满80周岁", "这是大意，不是原文", "市民政局", "身份证、低保证或低收入家庭证明",
        "鄂州政办发〔2023〕28号附件1第17项", "到您住的社区居委会申请",
    ):  # fmt: skip
        assert words in shown, words
    assert "不用申请" in text_of(Client().get(reverse("portal-service", args=["education"])))
    assert Client().get(reverse("portal-service", args=["nothing"])).status_code == 404


@pytest.mark.covers("NET-05", "PER-03")
def test_one_is_asked_until_nothing_matters_and_gets_a_sheet(city: None) -> None:
    client, asked = Client(), 0
    shown = answer(client, ("1940", "5", "1"))
    while shown.redirect_chain[-1][0] == reverse("portal-ask"):
        asked += 1
        shown = answer(client, "0")  # not clear
        assert asked < 40
    sheet = text_of(shown)
    assert "您可享" in sheet and "带身份证就能用的" in sheet and "可能可享，还要核实的" in sheet
    assert "这张纸不是审批决定" in sheet and "鄂州政办发〔2023〕28号" in sheet
    assert "1940年5月1日" in sheet


def test_what_is_paid_stands_with_where_to_go_and_what_to_bring(city: None) -> None:
    client = Client()
    answer(client, ("1940", "5", "1"))
    for _ in range(40):
        page = client.get(reverse("portal-ask")).content.decode()
        if "低保边缘" in page:
            break
        answer(client, "1")
    answer(client, "3")
    sheet = text_of(client.get(reverse("portal-result")))
    assert "养老服务补贴能得到" not in sheet
    assert re.search(r"养老服务补贴每月100元社区居委会，归市民政局管身份证、低保证或低收入家庭证明", sheet)


def test_going_back_loses_no_answer(city: None) -> None:
    client = Client()
    answer(client, ("1940", "5", "1"))
    answer(client, "1")
    back = client.post(reverse("portal-ask"), {"do": "back"}, follow=True).content.decode()
    assert re.search(r'value="1" checked', back)
    first = client.post(reverse("portal-ask"), {"do": "back"}, follow=True).content.decode()
    assert 'name="year" inputmode="numeric" maxlength="4" size="4" value="1940"' in first
    again = answer(client, ("1940", "5", "1"))
    assert re.search(r'value="1" checked', again.content.decode())


@pytest.mark.parametrize(
    ("value", "problem"),
    [(("1940", "2", "30"), "1940年没有2月30日"), (("40", "5", "1"), "年份要写4位"), (("", "", ""), "还没有选")],
)
def test_a_day_that_is_none_is_asked_for_again_in_words(city: None, value: tuple[str, str, str], problem: str) -> None:
    shown = answer(Client(), value)
    assert (shown.status_code, problem in text_of(shown)) == (422, True)


def test_a_stale_form_answers_no_other_question(city: None) -> None:
    client = Client()
    answer(client, ("1940", "5", "1"))
    client.post(reverse("portal-ask"), {"fact": "birth_date", "do": "next", "year": "1960", "month": "1", "day": "1"})
    assert "1940年5月1日" in text_of(client.get(reverse("portal-result")))


@pytest.mark.covers("PER-06", "NET-05")
def test_nothing_of_what_was_answered_is_kept(city: None) -> None:
    client = Client()
    answer(client, ("1940", "5", "1"))
    assert Session.objects.count() == 0
    cookie = client.cookies["songhe-portal-answers"]
    assert "1940" not in cookie.value
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"], cookie["path"]) == ("", "", True, "/portal/")
    with time_machine.travel(NOW.replace(hour=NOW.hour + 2), tick=False):
        assert client.get(reverse("portal-result")).headers["Location"] == reverse("portal-ask")


@pytest.mark.parametrize("cookie", ["", "x", "AAAA", "é", "A" * 200])
def test_a_cookie_that_is_not_ours_is_no_answer(city: None, cookie: str) -> None:
    client = Client()
    client.cookies["songhe-portal-answers"] = cookie
    assert client.get(reverse("portal-result")).headers["Location"] == reverse("portal-ask")


def test_looks_are_kept_by_the_browser_and_can_be_taken_back(city: None) -> None:
    client = Client()
    for what, sign in (("care", "data-care"), ("contrast", "data-contrast")):
        changed = client.post(reverse("portal-appearance", args=[what]))
        assert changed.headers["Location"] == reverse("portal")
        assert sign in client.get(reverse("portal")).content.decode()
    client.post(reverse("portal-appearance", args=["care"]))
    page = client.get(reverse("portal-services")).content.decode()
    assert ("data-care" in page, "data-contrast" in page) == (False, True)
    assert client.post(reverse("portal-appearance", args=["other"])).status_code == 404
    assert Look(care=True, large=True).turned("care") == "large"


@pytest.mark.covers("PER-03", "PER-06", "NET-05")
def test_a_community_is_asked_to_ring_and_forgets_the_number_afterwards(city: None, client_as: ClientFor) -> None:
    url = reverse("portal-contact")
    client = Client()
    assert "鄂城区" in text_of(client.get(url))
    assert "吴都社区" in text_of(client.get(url, {"in": "420704001000"}))
    bad = client.post(f"{url}?in={COMMUNITY}", {"caller": "李婆婆", "phone": "12"})
    assert (bad.status_code, "不像电话号码" in text_of(bad)) == (422, True)
    done = client.post(f"{url}?in={COMMUNITY}", {"caller": "李婆婆", "phone": "138 0000 5521"})
    assert done.headers["Location"] == reverse("portal-contact-kept")
    with scoped(EVERYWHERE, "test"):
        request, task = ContactRequest.objects.get(), Task.objects.get(kind="portal.contact")
        assert (task.region_code, task.subject, task.detail) == (COMMUNITY, request.pk, {})
        with connection.cursor() as cursor:
            cursor.execute("SELECT row(r.*)::text FROM portal_contactrequest r")
            assert "李" not in cursor.fetchone()[0]
    worker = client_as("community_worker", COMMUNITY)
    page = reverse("portal-request", args=[request.pk])
    assert "13800005521" not in worker.get(page).content.decode()
    assert "13800005521" in worker.post(page, {"do": "open"}).content.decode()
    assert worker.post(page, {"do": "settle", "outcome": "x"}).status_code == 422
    assert worker.post(page, {"do": "settle", "outcome": "reached"}).status_code == 302
    with scoped(EVERYWHERE, "test"):
        request.refresh_from_db()
        task.refresh_from_db()
        assert (request.phone_sealed, request.name_sealed, task.outcome) == (None, None, "reached")
        deeds = list(Entry.objects.filter(subject=str(request.pk)).values_list("action", flat=True))
        assert {"portal.contact", "unmasked", "portal.settle"} <= set(deeds)
        assert "李婆婆" not in str(list(Entry.objects.values_list("detail", flat=True)))
    assert "已经删了" in text_of(worker.get(page))
    assert client_as("community_worker", "420703001001").get(page).status_code == 404


def test_nobody_rings_the_community_of_another_city(city: None) -> None:
    for code in ("420100000000", "4207", "x", "420799"):
        assert Client().get(reverse("portal-contact"), {"in": code}).status_code == 404
    assert Client().post(reverse("portal-contact"), {"caller": "李", "phone": "13800005521"}).status_code == 422


def test_a_machine_that_asks_again_and_again_is_sent_away(city: None, settings: Any) -> None:
    client, url = Client(), f"{reverse('portal-contact')}?in={COMMUNITY}"
    codes = [client.post(url, {"caller": "李婆婆", "phone": "13800005521"}).status_code for _ in range(11)]
    assert codes == [302] * 10 + [422]
    other = Client(REMOTE_ADDR="10.0.0.9")
    assert other.post(url, {"caller": "李婆婆", "phone": "13800005521"}).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(holder, 'escape') || what, '') FROM portal_knock")
        assert "10.0.0.9" not in cursor.fetchone()[0]


@pytest.mark.covers("POL-08")
def test_who_says_something_reads_the_answer_by_a_code(city: None, client_as: ClientFor) -> None:
    client = Client()
    said = client.post(reverse("portal-opinion"), {"words": "助餐点太远", "contact": "李婆婆 13800005521"}, follow=True)
    with scoped(EVERYWHERE, "test"):
        one = Opinion.objects.get()
    assert one.code in text_of(said)
    look = reverse("portal-opinion-answer")
    assert "还没有答复" in text_of(client.post(look, {"code": one.code.lower()}))
    officer = client_as("city_officer")
    assert "助餐点太远" in officer.get(reverse("opinions")).content.decode()
    page = reverse("opinion", args=[one.pk])
    assert "13800005521" not in officer.get(page).content.decode()
    assert "13800005521" in officer.post(page, {"do": "open"}).content.decode()
    assert officer.post(page, {"do": "answer", "answer": " "}).status_code == 422
    assert officer.post(page, {"do": "answer", "answer": "明年在您那里加一个"}).status_code == 302
    assert officer.post(page, {"do": "answer", "answer": "又一次"}).status_code == 409
    assert "明年在您那里加一个" in text_of(client.post(look, {"code": one.code}))
    assert "明年" in officer.get(page).content.decode()
    assert one.code in officer.get(reverse("opinions"), {"state": "answered"}).content.decode()
    wrong = client.post(look, {"code": "XXXXXXXX"})
    assert (wrong.status_code, "找不到这个编号" in text_of(wrong)) == (422, True)


def test_an_opinion_that_says_nothing_or_too_much_is_not_taken(city: None) -> None:
    for words in ("", "  ", "长" * 1001):
        assert Client().post(reverse("portal-opinion"), {"words": words}).status_code == 422
    codes = [Client().post(reverse("portal-opinion"), {"words": "好"}).status_code for _ in range(21)]
    assert codes == [302] * 20 + [429]


def test_the_day_is_taken_from_the_clock_of_the_place(city: None) -> None:
    assert timezone.localdate() == TODAY


@pytest.mark.parametrize("odd", ["²", "--5", "9" * 5_000, "9999-12-31", "'\"<b>%\\", "420704001002", "a\0b"])
def test_what_no_form_sends_breaks_no_page(city: None, odd: str) -> None:
    client = Client(raise_request_exception=False)
    fields = ("do", "fact", "answer", "year", "month", "day", "caller", "phone", "words", "contact", "code")
    for name in PAGES:
        assert client.get(reverse(name), {"group": odd, "in": odd}).status_code < 500, name
        assert client.post(reverse(name), dict.fromkeys(fields, odd)).status_code < 500, name
    first = {"fact": "birth_date", "do": "next", "year": odd, "month": odd, "day": odd}
    assert client.post(reverse("portal-ask"), first).status_code in (400, 422)


def test_a_page_that_is_kept_carries_the_token_of_who_asks(city: None, settings: Any) -> None:
    pages = []
    for client in (Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)):
        page = client.get("/portal/services/").content.decode()
        tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert len(set(tokens)) == 1
        fields = {"csrfmiddlewaretoken": tokens[0]}
        assert client.post(reverse("portal-appearance", args=["large"]), fields).status_code == 302
        assert "data-large" in client.get("/portal/services/").content.decode()
        pages.append(page.replace(tokens[0], ""))
    assert pages[0] == pages[1]
    settings.DUTY_PHONE = "0711-1234"
    assert "0711-1234" in Client().get("/portal/services/").content.decode()


def test_what_is_kept_ends_with_the_day(city: None) -> None:
    pages = []
    for day in (NOW, NOW + timedelta(days=1)):
        with time_machine.travel(day, tick=False):
            pages.append([text_of(Client().get(reverse("portal"))) for _ in range(2)])
    assert pages[0][0] == pages[0][1] != pages[1][0] == pages[1][1]
