"""The assessment at the portal: asking, the appointment, the result in plain words, objecting; nothing of others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songhe.assessment.models import Assessment, Objection, Result
from songhe.assessment.operations.asking import accept
from songhe.assessment.operations.assigning import appoint, assign
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.tasks.models import Task
from songhe.people.models import Person
from tests.assessment.teams import assessor, organisation
from tests.portal.invented import DAUGHTERS_PHONE, HERS, OTHERS, OTHERS_PHONE, acting, inside, text_of

Elders = tuple[Person, Person]
OWN, ASK, OBJECT = "portal-assessment", "portal-assessment-ask", "portal-assessment-object"
DESK = Actor.system("test", "", ("assessment.accept", "tasks.do"))


def result_of(person: Person, **fields: object) -> Result:
    today = timezone.localdate()
    given: dict[str, object] = {
        "scale": "gbt42195-2022", "purpose": "care_subsidy", "source": "own", "state": "provisional", "total": 51,
        "level": 2, "level_by_points": 2, "assessed_date": today, "confirmed_at": timezone.now(), "confirmer": "何俊",
        "valid_until": today + timedelta(days=700), "objection_until": today + timedelta(days=15),
        "code": "ABCDEF234567",
        "organisation_name": "松泽老年评估中心", "assessor_names": ["胡静", "刘文斌"],
    } | fields  # fmt: skip
    return Result.objects.create(region_code=person.region_code, person=person, **given)


@pytest.mark.covers("ASM-01", "PER-03")
def test_she_asks_for_an_assessment_and_sees_when_who_comes(elders: Elders) -> None:
    client = inside()
    assert "准备什么" in text_of(client.get(reverse(OWN)))
    assert "想住养老院" in text_of(client.get(reverse(ASK)))
    asked = client.post(reverse(ASK), {"purpose": "care_subsidy", "changed": "on", "words": "上周出院"})
    assert (asked.status_code, asked["Location"]) == (302, reverse(OWN))
    row = Assessment.objects.get()
    assert (row.person_id, row.asked_by, row.reason, row.state) == (elders[0].pk, "self", "immediate", "asked")
    assert Task.objects.get(subject=row.pk).title == "受理评估申请"
    assert "正在看" in text_of(client.get(reverse(OWN)))
    body = organisation(phone="0711-5550123", district=row.region_code[:6].ljust(12, "0"))
    team = [assessor(body, "胡静"), assessor(body, "刘文斌", medical=False)]
    now = timezone.now()
    with scoped(DESK, "test"):
        accept(actor=DESK, assessment=row.pk, now=now)
        assign(actor=DESK, assessment=row.pk, assessors=[one.pk for one in team], now=now)
        appoint(actor=DESK, assessment=row.pk, visit_at=now + timedelta(days=1), place="", now=now)
    page = text_of(client.get(reverse(OWN)))
    for words in ("明天", "胡静", "刘文斌", "0711-5550123", "家里"):
        assert words in page, words


def test_a_second_one_for_the_same_is_refused_in_words(elders: Elders) -> None:
    client = inside()
    client.post(reverse(ASK), {"purpose": "own_wish"})
    again = client.post(reverse(ASK), {"purpose": "own_wish", "words": "走路不稳"})
    assert again.status_code == 422
    assert "已经有一件为“自己想评”的评估在办" in text_of(again) and "走路不稳" in again.content.decode()
    assert client.post(reverse(ASK), {}).status_code == 422
    assert Assessment.objects.count() == 1


@pytest.mark.covers("ASM-01", "ENT-03")
def test_the_result_is_told_in_plain_words_and_may_be_objected_to_once(elders: Elders) -> None:
    result_of(elders[0])
    client = inside()
    page = text_of(client.get(reverse(OWN)))
    for words in ("中度失能", "不少事要人帮着做", "松泽老年评估中心", "可以提异议"):
        assert words in page, words
    assert client.post(reverse(OBJECT), {"words": ""}).status_code == 422
    assert client.post(reverse(OBJECT), {"words": "写我能自己洗澡，其实要人帮"}).status_code == 302
    row = Objection.objects.get()
    assert (row.raised_by, row.state) == ("self", "raised")
    assert "写我能自己洗澡" in text_of(client.get(reverse(OWN)))
    assert client.get(reverse(OBJECT)).status_code == 302
    entry = Entry.objects.get(action="assessment.object")
    assert entry.subject == str(elders[0].pk) and "洗澡" not in str(entry.detail)


def test_after_the_days_for_it_nobody_objects(elders: Elders) -> None:
    result_of(elders[0], objection_until=timezone.localdate() - timedelta(days=1))
    client = inside()
    assert reverse(OBJECT) not in client.get(reverse(OWN)).content.decode()
    assert client.post(reverse(OBJECT), {"words": "不对"}).status_code == 302
    assert Objection.objects.count() == 0


def test_who_acts_for_her_is_written_down_as_such(elders: Elders) -> None:
    acting(elders[0], DAUGHTERS_PHONE)
    inside(HERS, DAUGHTERS_PHONE).post(reverse(ASK), {"purpose": "institution"})
    assert Assessment.objects.get().asked_by == "proxy"


@pytest.mark.covers("PER-06", "NET-02")
def test_she_sees_nothing_of_anothers_assessment(elders: Elders) -> None:
    result_of(elders[0])
    other = inside(OTHERS, OTHERS_PHONE)
    assert "中度失能" not in text_of(other.get(reverse(OWN)))
    assert other.post(reverse(OBJECT), {"words": "不对", "result": str(Result.objects.get().pk)}).status_code == 302
    assert Objection.objects.count() == 0


@pytest.mark.covers("PER-06")
def test_looking_is_written_down_and_kept_by_no_cache(elders: Elders) -> None:
    answer = inside().get(reverse(OWN))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert Entry.objects.filter(
        action="portal.view", subject=str(elders[0].pk), detail__page="portal_assessment"
    ).exists()


def test_without_signing_in_one_is_told_what_it_is_and_asks_to_be_rung(elders: Elders) -> None:
    page = Client().get(reverse(OWN))
    assert page.status_code == 200
    assert "准备什么" in text_of(page) and reverse("portal-contact") in page.content.decode()
    assert Client().get(reverse(ASK))["Location"] == reverse("portal-enter")
