"""An adviser on the telephone: somebody without a file, somebody whose answer decides, a street that follows up."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils import timezone

from songhe.eligibility.decisions.api import redetermine
from songhe.foundation.access.scope import scoped
from songhe.people.grams import grams_of
from songhe.people.models import NameGram
from tests.decisions.doors import EVERYBODY, resident
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import PHONE, Visitor

COMMUNITY, STREET = "420704001002", "420704001000"
ADVISER, FOLLOWS, ELSEWHERE = "officer-420704", "street-420704001", "worker-420704002008"
TASK = "SELECT id, state, outcome FROM tasks_task WHERE kind = 'adviser.handover' AND region_code = %s"


def caller() -> UUID:
    """A woman on file of whom it is not known whether she lives alone."""
    now = timezone.now()
    with scoped(EVERYBODY, "test"):
        person = resident("欧阳秀珍", 83, now=now, lives_alone=None)
        grams = grams_of(person.name, person.address)
        NameGram.objects.bulk_create(NameGram(region_code=person.region_code, gram=one, person=person) for one in grams)
        redetermine(actor=EVERYBODY, persons=[person.pk], on=timezone.localdate(now), now=now)
    return UUID(str(person.pk))


def types(adviser: Visitor, answer: str) -> None:
    """Answers by the keyboard alone: the field has the focus."""
    adviser.page.keyboard.type(answer)
    with adviser.page.expect_navigation():
        adviser.page.keyboard.press("Enter")


@pytest.mark.covers("ENT-06")
def test_somebody_rings_who_does_not_say_her_name(enter: VisitorFor, town: Town) -> None:
    before, adviser = set(town.rows(TASK, COMMUNITY)), enter(ADVISER)
    adviser.opens("/adviser/")
    adviser.clicks("直接问", "没有档案的人")
    types(adviser, "1943-03-18")
    adviser.sees("可享，不用申请", "再弄清就能定")
    for _ in range(3):
        types(adviser, "0")
    adviser.looks()
    adviser.fill("谈了什么", "想知道能领什么")
    adviser.fill("交给谁跟进", "吴都社区")
    adviser.clicks("记下", "没有档案的人要留怎么联系")
    adviser.fill("联系方式", "欧阳女士 13800005521")
    adviser.clicks("记下", "等着跟进")
    adviser.sees_no("13800005521")
    assert [task[1:] for task in set(town.rows(TASK, COMMUNITY)) - before] == [("open", "")]


@pytest.mark.covers("ENT-06")
def test_what_she_answers_decides_and_the_street_follows_up(enter: VisitorFor, town: Town) -> None:
    person, before = caller(), set(town.rows(TASK, STREET))
    adviser = enter(ADVISER)
    adviser.opens("/adviser/")
    types(adviser, "欧阳秀珍")
    adviser.clicks("给欧阳秀珍咨询", "下一个问")
    types(adviser, "1")
    adviser.sees("独居记进了档案")
    said = "SELECT value, source FROM people_circumstance WHERE person_id = %s AND fact = 'lives_alone'"
    assert town.rows(said, person) == [("true", "self")]
    adviser.page.get_by_label("谈到居家探访关爱服务").check()
    adviser.page.get_by_label("交给谁跟进").select_option(STREET)
    adviser.clicks("记下", "居家探访关爱服务")

    street = enter(FOLLOWS, PHONE)
    street.opens("/tasks/?whose=all&kind=adviser.handover")
    street.sees("跟进一次电话咨询，谈到1项")
    ((task, *_open),) = set(town.rows(TASK, STREET)) - before
    street.opens(f"/tasks/{task}/")
    street.follows("去办", "居家探访关爱服务")
    street.page.get_by_text("上门办了", exact=True).click()
    street.clicks("记下跟进", "跟进记下了")
    assert (task, "closed", "visited") in town.rows(TASK, STREET)

    stranger = enter(ELSEWHERE)
    assert stranger.opens(street.path()).status == 404
