"""A community worker with a phone at a door: asks what is missing, offers, is refused, and the visit is done."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.utils import timezone

from songhe.eligibility.decisions.api import redetermine
from songhe.foundation.access.scope import scoped
from tests.decisions.doors import EVERYBODY, house, resident
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import PHONE, Visitor

COMMUNITY, WORKER, SIBLING = "420704001002", "worker-420704001002", "worker-420704002008"
TASK = "SELECT state, outcome FROM tasks_task WHERE kind = 'decisions.visit' AND subject = %s"


def couple() -> UUID:
    """A household of two who may have the allowance; of her it is not known whether she lives alone."""
    now = timezone.now()
    with scoped(EVERYBODY, "test"):
        roof = house(COMMUNITY)
        persons = [
            resident("王德福", 84, household=roof, now=now),
            resident("余秀珍", 83, household=roof, now=now, lives_alone=None),
        ]
        keys = [one.pk for one in persons]
        redetermine(actor=EVERYBODY, persons=keys, on=timezone.localdate(now), now=now)
    return UUID(str(roof.pk))


def settles(worker: Visitor, whose: str, button: str, choice: str, **fields: str) -> None:
    """Opens a row of somebody's block, chooses, writes, sends."""
    block = worker.page.locator("section.sh-household", has_text=whose)
    block.get_by_role("link", name=button, exact=True).first.click()
    worker.page.wait_for_load_state("load")
    worker.looks()
    block.locator("label.sh-answer", has_text=re.compile(rf"^\s*{choice}")).first.click()
    for label, text in fields.items():
        worker.fill(label, text)
    worker.page.get_by_role("button", name="记下", exact=True).click()
    worker.page.wait_for_load_state("load")


@pytest.mark.covers("PER-03", "ENT-04")
def test_a_household_is_visited_once_and_its_task_is_done(enter: VisitorFor, town: Town) -> None:
    door = couple()
    worker = enter(WORKER, PHONE)
    worker.opens("/tasks/?whose=all")
    worker.page.get_by_role("link", name="上门一户，可享没享2项，要问1件").first.click()
    worker.follows("去办", "王德福")
    assert worker.path() == f"/decisions/doors/{door}/"

    settles(worker, "余秀珍", "去问", "是")
    worker.sees("记下了独居：可享居家探访关爱服务")
    worker.sees("居家探访关爱服务")

    settles(worker, "王德福", "去办", "不要")
    worker.sees("写一句为什么不要")
    worker.fill("说明", "儿子在管")
    worker.clicks("记下", "儿子在管")

    tomorrow = timezone.localdate().isoformat()
    while worker.page.get_by_role("link", name="去办", exact=True).count():
        settles(worker, "余秀珍", "去办", "要办", 从哪天起享=tomorrow)
    worker.sees("这一户都办了")
    worker.looks()
    assert town.rows(TASK, door) == [("closed", "done")]


@pytest.mark.covers("PER-03")
def test_an_answer_is_taken_back_at_once(enter: VisitorFor, town: Town) -> None:
    now = timezone.now()
    with scoped(EVERYBODY, "test"):
        alone = resident("陈秀英", 82, now=now, lives_alone=None)
        redetermine(actor=EVERYBODY, persons=[alone.pk], on=timezone.localdate(now), now=now)
    worker = enter(WORKER, PHONE)
    worker.opens(f"/decisions/doors/{alone.pk}/")
    settles(worker, "陈秀英", "去问", "否")
    worker.sees("记下了独居：不可享居家探访关爱服务")
    worker.clicks("撤回", "撤回了，还等着办")
    worker.sees("您是不是一个人住？")


@pytest.mark.covers("NET-02", "PER-03")
def test_another_community_sees_nothing_of_it(enter: VisitorFor, town: Town) -> None:
    now = timezone.now()
    with scoped(EVERYBODY, "test"):
        alone = resident("柯国强", 88, now=now)
        redetermine(actor=EVERYBODY, persons=[alone.pk], on=timezone.localdate(now), now=now)
    here = enter(WORKER)
    here.opens("/decisions/matters/")
    here.sees("柯国强")
    other = enter(SIBLING)
    other.opens("/decisions/matters/")
    other.sees_no("柯国强", str(alone.pk))
    answer = other.opens(f"/decisions/doors/{alone.pk}/", looking=False)
    assert answer.status == 404


@pytest.mark.covers("ENT-04")
def test_an_officer_goes_from_a_figure_to_its_people_and_decides_anew(enter: VisitorFor, town: Town) -> None:
    officer = enter("city-officer")
    officer.opens("/decisions/")
    officer.page.locator("a[href*='outcome=gap']").first.click()
    officer.sees("可享没享")
    officer.looks()
    officer.opens("/decisions/")
    officer.follows("重新判定", "的每一位老人？")
    officer.page.locator("form.sh-confirm").get_by_role("button", name="重新判定").click()
    officer.page.wait_for_url("**/jobs/**")
    town.work()
    officer.opens("/decisions/runs/")
    officer.page.locator("main table a").first.click()
    officer.sees("您这里变了")
    officer.looks()
