"""Coming into one's own part of the portal: by number, telephone and code; whoever is not on file learns nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from songhe.doors.portal.listeners import on_code_asked
from songhe.doors.portal.mine.entering import message_of
from songhe.doors.portal.models import Entrance, Visit
from songhe.foundation.audit.models import Entry
from songhe.foundation.outbox.models import StoredEvent
from songhe.people.models import Person
from songhe.people.operations.contacting import end_contact
from tests.decisions.crowd import TODAY
from tests.decisions.doors import worker
from tests.people.register import number
from tests.portal.invented import (
    DAUGHTERS_PHONE,
    HER_PHONE,
    HERS,
    LATER,
    OTHERS,
    OTHERS_PHONE,
    acting,
    asked,
    code_of,
    inside,
    text_of,
    with_numbers,
)

Elders = tuple[Person, Person]
UNKNOWN = number("19390101", 6)
MINE = (
    "portal-mine", "portal-file", "portal-decisions", "portal-questions", "portal-seen", "portal-say",
    "portal-sayings", "portal-other", "portal-stay",
)  # fmt: skip


def after(**time: float) -> Any:
    return time_machine.travel(LATER + timedelta(**time), tick=False)


@pytest.mark.covers("NET-05", "PER-03")
def test_an_older_person_comes_in_by_number_telephone_and_code(elders: Elders) -> None:
    client = inside(HERS.lower(), "138 0000 5521")
    assert "余秀珍，您好" in text_of(client.get(reverse("portal-mine")))
    deeds = list(Entry.objects.filter(subject=str(elders[0].pk), action__startswith="portal.").order_by("id"))
    assert [one.action for one in deeds] == ["portal.code", "portal.enter", "portal.view"]
    assert deeds[1].detail == {"by": "self"} and deeds[1].actor_name == "本人（门户）"


@pytest.mark.covers("PER-06")
@pytest.mark.parametrize(
    ("identity", "phone"),
    [(HERS, OTHERS_PHONE), (UNKNOWN, HER_PHONE), (UNKNOWN, "13900000000")],
    ids=["telephone of somebody else", "number of nobody", "nothing on file"],
)
def test_who_is_not_on_file_is_answered_word_for_word_alike(elders: Elders, identity: str, phone: str) -> None:
    known, other = Client(), Client()
    answers = [asked(known), asked(other, identity, phone)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, reverse("portal-code"))] * 2
    pages = [text_of(one.get(reverse("portal-code"))) for one in (known, other)]
    assert pages[0] == pages[1]
    wrong = [text_of(one.post(reverse("portal-code"), {"code": "12x456"})) for one in (known, other)]
    assert wrong[0] == wrong[1] and "号码不对，或者过了5分钟" in wrong[0]
    assert code_of(other) == "" and code_of(known)
    assert StoredEvent.objects.filter(name__endswith="CodeAsked").count() == 2


@pytest.mark.covers("PER-06")
def test_the_same_statements_run_whoever_asks(elders: Elders) -> None:
    asked(Client())  # what is read once a day
    ran = []
    for identity, phone in ((HERS, HER_PHONE), (HERS, OTHERS_PHONE), (UNKNOWN, HER_PHONE)):
        with CaptureQueriesContext(connection) as captured:
            asked(Client(), identity, phone)
        ran.append(
            [
                one["sql"].split(" WHERE ")[0].split(" VALUES ")[0].split(' "s')[0][:60]
                for one in captured.captured_queries
            ]
        )
    assert ran[0] == ran[1] == ran[2]


def test_a_code_lasts_five_minutes_and_is_used_once(elders: Elders) -> None:
    client, other = Client(), Client()
    asked(client)
    code, url = code_of(client), reverse("portal-code")
    with after(minutes=6):
        late = client.post(url, {"code": code})
        assert (late.status_code, "过了5分钟" in text_of(late)) == (422, True)
    other.cookies["songhe-portal-entrance"] = client.cookies["songhe-portal-entrance"].value
    assert client.post(url, {"code": f" {code[:3]} {code[3:]}"}).status_code == 302
    assert other.post(url, {"code": code}).status_code == 422


@pytest.mark.covers("PER-06")
def test_a_code_cannot_be_guessed(elders: Elders) -> None:
    client = Client()
    asked(client)
    code, url = code_of(client), reverse("portal-code")
    wrong = "000000" if code != "000000" else "000001"
    assert [client.post(url, {"code": wrong}).status_code for _ in range(5)] == [422] * 5
    right = client.post(url, {"code": code})
    assert (right.status_code, "输错5次了" in text_of(right)) == (429, True)
    assert Entry.objects.filter(action="portal.refused", subject=str(elders[0].pk)).count() == 5
    assert Visit.objects.count() == 0


@pytest.mark.covers("PER-06")
def test_codes_for_one_number_are_few_a_day_whoever_asks(elders: Elders) -> None:
    codes = [Client(REMOTE_ADDR=f"10.0.0.{place}") for place in range(1, 12)]
    assert [asked(client).status_code for client in codes] == [302] * 10 + [429]
    assert asked(Client(REMOTE_ADDR="10.0.0.50"), UNKNOWN).status_code == 302
    one = Client(REMOTE_ADDR="10.0.0.99")
    many = [asked(one, number("19400101", place)).status_code for place in range(100, 141)]
    assert many == [302] * 40 + [429]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"number": "12", "phone": HER_PHONE}, "要18位"),
        ({"number": HERS, "phone": "12"}, "不像电话号码"),
        ({}, "没有交"),
    ],
)
def test_what_is_no_number_is_said_at_its_field(elders: Elders, given: dict[str, str], problem: str) -> None:
    answer = Client().post(reverse("portal-enter"), given)
    assert (answer.status_code, problem in text_of(answer)) == (422, True)


def test_the_code_goes_to_the_channel_of_short_messages_and_to_nobody_else(
    elders: Elders, settings: Any, tmp_path: Any
) -> None:
    settings.NOTICE_FOLDER = tmp_path
    for identity in (HERS, UNKNOWN):
        client = Client()
        asked(client, identity)
    known = Entrance.objects.order_by("asked_at", "pk")
    sent = [message_of(one.pk, now=LATER, place="鄂州市") for one in known]
    (message,) = [one for one in sent if one is not None]
    assert message.account == elders[0].pk and "【鄂州市养老服务】验证码" in message.text
    for one in known:
        on_code_asked(type("Told", (), {"entrance": one.pk}))
    assert len((tmp_path / "sms.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert message_of(message.notice, now=LATER + timedelta(minutes=6), place="") is None


@pytest.mark.covers("PER-03")
@pytest.mark.parametrize("part", ["proxy", "guardian"])
def test_who_acts_for_her_comes_in_with_her_own_telephone(elders: Elders, part: str) -> None:
    acting(elders[0], DAUGHTERS_PHONE, part)
    page = text_of(inside(HERS, DAUGHTERS_PHONE).get(reverse("portal-mine")))
    assert "您在代余秀珍办" in page
    entry = Entry.objects.filter(action="portal.enter").latest("id")
    assert (entry.actor_name, entry.detail) == ("代办人（门户）", {"by": "proxy"})


@pytest.mark.covers("PER-06")
def test_a_contact_or_who_acted_earlier_or_will_later_gets_no_code(elders: Elders) -> None:
    acting(elders[0], "13800000001", "contact")
    acting(elders[0], "13800000002", until=TODAY)
    acting(elders[0], "13800000003", since=-1)
    for phone in ("13800000001", "13800000002", "13800000003"):
        client = Client()
        asked(client, HERS, phone)
        assert code_of(client) == ""


@pytest.mark.covers("PER-06")
def test_who_no_longer_acts_for_her_sees_nothing_from_the_next_request_on(elders: Elders) -> None:
    contact = acting(elders[0], DAUGHTERS_PHONE)
    client = inside(HERS, DAUGHTERS_PHONE)
    assert client.get(reverse("portal-file")).status_code == 200
    end_contact(actor=worker(), today=TODAY, now=LATER, contact_id=contact.pk, until_date=TODAY)
    for name in MINE:
        gone = client.get(reverse(name))
        assert (gone.status_code, gone["Location"].split("?")[0]) == (302, reverse("portal-enter")), name
    assert Visit.objects.count() == 0
    assert "现在不能看这份档案了" in text_of(client.get(reverse("portal-enter"), {"no": "1"}))


def test_a_proxy_of_two_goes_from_one_to_the_other_and_to_nobody_else(elders: Elders) -> None:
    acting(elders[0], DAUGHTERS_PHONE)
    client, url = inside(HERS, DAUGHTERS_PHONE), reverse("portal-other")
    refused = client.post(url, {"number": OTHERS})
    assert (refused.status_code, "没有登记为这位老人的代办人" in text_of(refused)) == (422, True)
    acting(elders[1], DAUGHTERS_PHONE)
    assert client.post(url, {"number": OTHERS})["Location"] == reverse("portal-mine")
    page = text_of(client.get(reverse("portal-mine")))
    assert "您在代陈桂英办" in page and "余秀珍" not in page
    assert Visit.objects.count() == 1


@pytest.mark.covers("PER-06")
def test_a_visit_ends_after_ten_still_minutes_and_on_leaving(elders: Elders) -> None:
    client, url = inside(), reverse("portal-mine")
    with after(minutes=9):
        assert client.post(reverse("portal-stay"), headers={"X-Stay": "1"}).status_code == 204
    with after(minutes=18):
        assert client.get(url).status_code == 200
    with after(minutes=29):
        assert client.get(url)["Location"] == f"{reverse('portal-enter')}?late=1"
    client = inside()
    held = client.cookies["songhe-portal-mine"].value
    assert client.post(reverse("portal-leave"))["Location"] == reverse("portal")
    client.cookies["songhe-portal-mine"] = held
    assert client.get(url)["Location"] == reverse("portal-enter")


@pytest.mark.covers("NET-05")
def test_what_was_typed_too_late_is_there_again_after_coming_in_again(elders: Elders) -> None:
    client, say = inside(), reverse("portal-say")
    with after(minutes=11):
        late = client.post(say, {"about": "other", "code": "", "words": "我搬到女儿家了"})
        assert late["Location"] == f"{reverse('portal-enter')}?late=1"
        asked(client)
        back = client.post(reverse("portal-code"), {"code": code_of(client)})
        assert back["Location"] == say
        assert "我搬到女儿家了" in client.get(say).content.decode()
        assert "我搬到女儿家了" not in client.get(say).content.decode()


def test_what_was_typed_too_late_is_for_nobody_else(elders: Elders) -> None:
    client = inside()
    with after(minutes=11):
        client.post(reverse("portal-say"), {"about": "other", "words": "我搬到女儿家了"})
        asked(client, OTHERS, OTHERS_PHONE)
        back = client.post(reverse("portal-code"), {"code": code_of(client)})
        assert back["Location"] == reverse("portal-mine")
        assert "女儿家" not in client.get(reverse("portal-say")).content.decode()


@pytest.mark.covers("PER-06")
def test_nothing_that_is_kept_openly_says_who_came(elders: Elders) -> None:
    client = inside()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row(e.*)::text FROM portal_entrance e UNION ALL SELECT row(v.*)::text FROM portal_visit v"
        )
        kept = " ".join(row[0] for row in cursor.fetchall())
    cookie = client.cookies["songhe-portal-mine"]
    for told in (str(elders[0].pk), elders[0].pk.hex, HERS, HER_PHONE, cookie.value):
        assert told not in kept and told not in (cookie.value if told != cookie.value else "")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True, "Strict", reverse("portal-mine"), "",
    )  # fmt: skip


def test_a_cookie_that_is_not_ours_opens_nothing(elders: Elders) -> None:
    client = Client()
    for text in ("", "x", "A" * 500, str(UUID(int=1)), str(elders[0].pk)):
        client.cookies["songhe-portal-mine"] = client.cookies["songhe-portal-entrance"] = text
        assert client.get(reverse("portal-mine")).status_code == 302
        assert client.post(reverse("portal-code"), {"code": "123456"}).status_code in (302, 422)


def test_the_dead_and_who_moved_away_have_no_way_in(elders: Elders) -> None:
    client = inside()
    Person.objects.filter(pk=elders[0].pk).update(standing="away")
    assert client.get(reverse("portal-mine"))["Location"] == f"{reverse('portal-enter')}?no=1"
    other = Client()
    asked(other)
    assert code_of(other) == ""


def test_without_a_list_nobody_comes_in(db: None) -> None:
    for name in ("portal-enter",):
        assert "现在没有公布的清单" in text_of(Client().get(reverse(name)))


def test_a_telephone_that_two_people_share_opens_the_file_of_the_number_alone(elders: Elders) -> None:
    with_numbers(elders[1], OTHERS, HER_PHONE)
    assert "陈桂英" in text_of(inside(OTHERS, HER_PHONE).get(reverse("portal-mine")))
