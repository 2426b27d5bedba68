"""The adviser's screen: find or describe somebody, ask, tell, note, hand over; the list of talks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from songhe.doors.console.adviser import conversation as kept
from songhe.eligibility.decisions.models import AdviceTalk
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks.models import Task
from songhe.people.api import facts_of
from songhe.people.grams import grams_of
from songhe.people.models import NameGram, Person
from songhe.regions.models import Division
from tests.decisions.crowd import TODAY
from tests.decisions.doors import ALLOWANCE, COMMUNITY, EVERYBODY, SIBLING, decided, receives, resident
from tests.platform_fixtures import ClientFor
from tests.policy.releases import issued_release

LATER = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
STREET = "420704001"


@pytest.fixture(autouse=True)
def at_work(everywhere: None) -> Iterator[None]:
    with time_machine.travel(LATER, tick=False), scoped(EVERYBODY, "test"):
        yield


@pytest.fixture
def person() -> Person:
    """A woman of 83 of whom it is not known whether she lives alone; she receives the allowance."""
    found = resident("余秀珍", 83, lives_alone=None)
    grams = grams_of(found.name, found.address)
    NameGram.objects.bulk_create(NameGram(region_code=found.region_code, gram=one, person=found) for one in grams)
    receives(found, ALLOWANCE)
    decided()
    return found


@pytest.fixture
def street(client_as: ClientFor) -> Client:
    return client_as("street_officer", STREET)


def begun(client: Client, person: Person | None = None) -> str:
    """The address of a talk that was just begun."""
    given = {"do": "person", "person": str(person.pk)} if person else {"do": "begin"}
    answer = client.post(reverse("adviser"), given)
    assert answer.status_code == 302
    return str(answer["Location"])


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def asked(text: str) -> str:
    """The fact that the page asks for."""
    return text.split('name="fact" value="')[1].split('"', maxsplit=1)[0]


def answers(client: Client, address: str, **given: str) -> str:
    fact = asked(page(client, address))
    answer = client.post(address, {"do": "answer", "fact": fact, **given})
    assert answer.status_code == 302, unescape(answer.content.decode())
    return fact


@pytest.mark.covers("ENT-06")
def test_an_officer_of_the_whole_city_asks_somebody_who_is_not_on_file(client_as: ClientFor, person: Person) -> None:
    officer = client_as("city_officer", "4207")
    assert asked(page(officer, begun(officer)))


def test_somebody_is_found_without_her_numbers_being_shown(street: Client, person: Person) -> None:
    answer = street.post(reverse("adviser"), {"do": "find", "find": "余秀珍"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "余秀珍" in text and str(person.pk) in text and "83岁" in text
    assert "没有找到" in street.post(reverse("adviser"), {"find": "王德福"}).content.decode()
    assert "写姓名" in street.post(reverse("adviser"), {"find": " "}).content.decode()


@pytest.mark.covers("ENT-06")
def test_the_page_says_what_she_may_have_why_and_what_to_ask(street: Client, person: Person) -> None:
    address = begun(street, person)
    text = page(street, address)
    assert asked(text) == "lives_alone" and "在享 1" in text and "再弄清就能定" in text
    assert "高龄津贴" in text and "牵头" in text and "本人说的，记进档案" in text
    assert "现在不可享的" in text
    other = next(part.split("#")[0] for part in text.split("?ask=")[1:] if not part.startswith("lives_alone"))
    assert asked(page(street, f"{address}?ask={other}")) == other  # the adviser may ask for another one first


@pytest.mark.covers("ENT-06")
def test_an_answer_goes_into_the_file_and_decides_at_once(street: Client, person: Person) -> None:
    address = begun(street, person)
    answers(street, address, typed="1", keep="1")
    said = facts_of(person.pk, TODAY)["lives_alone"].said
    assert said is not None and (said.value, said.telling.source) == (True, "self")
    text = page(street, address)
    assert "记进了档案" in text and "待核改可享" in text
    assert "收回最后一答" not in text  # what went into the file is not taken back here


def test_an_answer_for_this_talk_alone_leaves_the_file_as_it_is(street: Client, person: Person) -> None:
    address = begun(street, person)
    answers(street, address, choice="1")
    assert facts_of(person.pk, TODAY)["lives_alone"].said is None
    assert "收回最后一答" in page(street, address)
    street.post(address, {"do": "back"})
    assert asked(page(street, address)) == "lives_alone"


@pytest.mark.covers("ENT-06")
def test_somebody_without_a_file_is_asked_only_what_matters(street: Client) -> None:
    issued_release()
    address = begun(street)
    first = answers(street, address, typed="1943-03-18")
    assert first == "birth_date"
    seen = {first}
    for _ in range(60):
        text = page(street, address)
        if 'name="fact"' not in text:
            break
        seen.add(answers(street, address, choice="0"))
    assert "没有要问的了" in text and "这次答了" in text and "不清楚" in text
    assert first not in seen - {first} and "这次答了" in text


def test_what_cannot_be_read_is_said_at_the_field(street: Client) -> None:
    issued_release()
    address = begun(street)
    for given in ({"typed": "1943"}, {"typed": " "}, {"typed": "1", "fact": "no_such_fact"}):
        answer = street.post(address, {"do": "answer", "fact": "birth_date", **given})
        assert answer.status_code == 422


@pytest.mark.covers("ENT-06")
def test_a_talk_is_noted_handed_over_and_followed_up_by_the_street(
    street: Client, client_as: ClientFor, person: Person
) -> None:
    address = begun(street, person)
    assert street.post(address, {"do": "note", "channel": "phone"}).status_code == 422
    given = {"do": "note", "channel": "phone", "words": "想请人上门看看", "item": [ALLOWANCE], "hand_to": COMMUNITY}
    kept_at = street.post(address, given)["Location"]
    talk = AdviceTalk.objects.get()
    assert kept_at == reverse("advice-talk", args=[talk.pk]) and talk.person_id == person.pk
    assert street.get(address)["Location"] == reverse("adviser")  # it is over
    community = client_as("community_worker", COMMUNITY)
    task = Task.objects.get(kind="adviser.handover")
    assert kept_at in page(community, reverse("task", args=[task.pk]))
    text = page(community, kept_at)
    assert "想请人上门看看" in text and "高龄津贴" in text and "记下跟进" in text
    assert community.post(kept_at, {"do": "follow", "outcome": "none"}).status_code == 422
    assert community.post(kept_at, {"do": "follow", "outcome": "visited", "note": "说清楚了"}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("closed", "visited")
    assert "上门办了" in page(community, kept_at)
    assert community.post(kept_at, {"do": "follow", "outcome": "visited"}).status_code == 302  # said, not done twice


def test_how_to_reach_the_caller_is_sealed_and_its_opening_kept(street: Client) -> None:
    issued_release()
    address = begun(street)
    kept_at = street.post(
        address,
        {"do": "note", "channel": "phone", "words": "问高龄津贴", "contact": "余女士 13800005521", "hand_to": ""},
    )["Location"]
    assert "5521" not in page(street, kept_at)
    assert "余女士 13800005521" in unescape(street.post(kept_at, {"do": "contact"}).content.decode())


def test_who_lives_where_nobody_asked_is_handed_to_a_place_in_words(street: Client) -> None:
    issued_release()
    for code, name in ((COMMUNITY, "吴都社区"), (SIBLING, "四眼井社区"), ("420704001004", "四眼井社区")):
        Division.objects.update_or_create(
            code=code,
            defaults={"name": name, "level": 12, "parent": f"{STREET}000", "valid_from": date(2020, 1, 1)},
        )
    address = begun(street)
    given = {"do": "note", "channel": "phone", "words": "问高龄津贴", "contact": "余女士 13800005521"}
    for place, problem in (("没有的社区", "没有这个地名"), ("四眼井社区", "这个地名有2处")):
        answer = street.post(address, {**given, "place": place})
        assert answer.status_code == 422 and problem in unescape(answer.content.decode())
    street.post(address, {**given, "place": " 吴都 社区"})
    assert AdviceTalk.objects.get().handed_to == COMMUNITY


def test_a_talk_may_be_dropped_and_one_of_another_session_is_not_known(
    street: Client, client_as: ClientFor, person: Person
) -> None:
    address = begun(street, person)
    other = client_as("community_worker", COMMUNITY)
    assert other.get(address)["Location"] == reverse("adviser")
    assert "余秀珍" in page(street, reverse("adviser"))
    street.post(address, {"do": "drop"})
    assert AdviceTalk.objects.count() == 0 and street.get(address)["Location"] == reverse("adviser")
    assert street.get(reverse("adviser-sheet", args=[uuid4()]))["Location"] == reverse("adviser")


def test_the_sheet_on_paper_says_it_is_no_decision(street: Client, person: Person) -> None:
    text = page(street, begun(street, person) + "sheet/")
    assert "余秀珍可享什么" in text and "这不是审批决定" in text and "高龄津贴" in text


def test_nobody_next_door_is_advised_by_her_file(client_as: ClientFor, person: Person) -> None:
    neighbour = client_as("community_worker", SIBLING)
    answer = neighbour.post(reverse("adviser"), {"do": "person", "person": str(person.pk)})
    assert answer["Location"] == reverse("adviser")
    assert str(person.pk) not in neighbour.post(reverse("adviser"), {"find": "余秀珍"}).content.decode()


def test_without_a_list_there_is_no_conclusion(street: Client) -> None:
    address = begun(street)
    assert "没有清单就没有结论" in page(street, address)
    assert "没有清单就没有结论" in page(street, address + "sheet/")
    assert street.post(address, {"do": "answer", "fact": "birth_date", "typed": "1943-03-18"}).status_code == 422


@pytest.mark.covers("ENT-06")
def test_the_list_of_talks_narrows_counts_and_is_taken_along(
    street: Client, client_as: ClientFor, person: Person
) -> None:
    assert "还没有谈过的" in page(street, reverse("advice-talks"))
    street.post(begun(street, person), {"do": "note", "channel": "counter", "words": "=1+1", "item": ALLOWANCE})
    text = page(street, reverse("advice-talks"))
    assert "余秀珍" in text and "2026-11" in text and "没有交出去" in text
    assert "没有这样的咨询" in page(street, reverse("advice-talks") + "?state=waiting")
    assert street.get(reverse("advice-talks") + "?after=x").status_code == 302
    officer = client_as("district_officer", "420704")
    for kind in ("csv", "xlsx"):
        answer = officer.post(reverse("advice-talks-export"), {"kind": kind, "channel": "counter"})
        assert answer.status_code == 200 and f"advice.{kind}" in answer["Content-Disposition"]
    text = officer.post(reverse("advice-talks-export"), {"kind": "csv"}).content.decode()
    assert "余秀珍" in text and "1+1" not in text
    assert street.post(reverse("advice-talks-export")).status_code == 403


def test_conversations_are_sealed_and_the_oldest_of_many_is_forgotten() -> None:
    session: dict[str, Any] = {}
    first = kept.begin(session)
    kept.save(session, first.answered("birth_date", TODAY).answered("lives_alone", True).answered("dementia", None))
    again = kept.recall(session, first.key)
    assert again is not None and again.said == {"birth_date": "2026-11-18", "lives_alone": "true"}
    assert "lives_alone" not in str(session) and again.back().said == again.said
    for _ in range(6):
        kept.begin(session)
    assert kept.recall(session, first.key) is None and len(kept.going_on(session)) == 6
    session["adviser"][str(first.key)] = "00"
    assert kept.recall(session, first.key) is None


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [("lives_alone", "true", "是"), ("disability_level", "3", "三级"), ("birth_date", "x", "x")],
)
def test_an_answer_is_said_in_words(name: str, text: str, words: str) -> None:
    assert kept.answer_words(name, text) == words
