"""A change of a list from the first letter to the tasks of the right streets."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from songhe.foundation.outbox.delivering import deliver
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import Visitor, sync_api

OFFERS = """
SELECT count(*) FROM decisions_matter m
 WHERE m.item = 'elderly-service-subsidy' AND m.kind = 'offer' AND m.closed_at IS NULL
"""
ELSEWHERE = OFFERS + " AND m.region_code NOT LIKE '4207%%'"
YOUNGER = """
SELECT count(*) FROM decisions_matter m JOIN people_person p ON p.id = m.person_id
 WHERE m.item = 'elderly-service-subsidy' AND m.kind = 'offer' AND m.closed_at IS NULL
   AND p.birth_date > current_date - interval '80 years'
"""
TASKS = "SELECT count(*) FROM tasks_task WHERE kind = 'policy.approve' AND state <> 'closed'"


def drafted(officer: Visitor, day: str) -> str:
    """A draft that lowers the age of the subsidy from the day on; a mistake is shown where it is."""
    officer.opens("/policy/")
    officer.follows("鄂州市基本养老服务清单", "起草新的一版")
    officer.fill("从哪一天施行", day)
    officer.clicks("起草", "草稿起好了")
    draft = officer.path()
    officer.follows("养老服务补贴", "没有不对的")
    page = officer.page
    page.locator("#id_who").fill("agee >= from_age")
    sync_api.expect(page.locator("#fault-who")).to_contain_text("agee")
    officer.looks()
    page.locator("#id_who").fill("age >= from_age AND assistance = 'minimum_living'")
    sync_api.expect(page.locator("#live")).to_contain_text("年满80周岁，且是低保家庭")
    sync_api.expect(page.locator("#fault-who")).to_be_empty()
    page.locator("#id_who").fill(
        "age >= from_age AND (assistance = 'minimum_living' OR (assistance = 'edge' AND hukou_kind = 'urban'))"
    )
    page.locator("#id_figure-0-until").fill(day)
    for name, value in (
        ("name", "from_age"), ("label", "起享年龄"), ("unit", "year"), ("from", day), ("value", "60"),
        ("clause", "ezhou-2023/annex-1/17"),
    ):  # fmt: skip
        page.locator(f"#id_figure-2-{name}").fill(value)
    sync_api.expect(page.locator("#live")).to_contain_text("年满60周岁")
    sync_api.expect(page.locator("#live")).to_contain_text("没有不对的")
    officer.clicks("存", "存了")
    return draft


@pytest.mark.covers("POL-01", "POL-03")
def test_a_change_is_drafted_refused_corrected_approved_issued_and_becomes_work(enter: VisitorFor, town: Town) -> None:
    before, day = town.one(OFFERS), timezone.localdate().isoformat()
    officer, leader = enter("city-officer"), enter("city-leader")
    draft = drafted(officer, day)
    officer.opens(draft)
    officer.follows("送审批", "送出以后不能再改")
    officer.fill("给审批人的说明", "起享年龄降到60周岁")
    officer.clicks(re.compile("^送审批第"), "等另一人审批")
    assert town.one(TASKS) == 1
    leader.opens(draft)
    leader.sees("起享年龄降到60周岁")
    leader.follows("改了什么", "value: 60")
    leader.follows("退回", "原因")
    leader.fill("原因", "写明依据")
    leader.clicks(re.compile("^退回第"), "写明依据")
    officer.opens(draft)
    officer.sees("写明依据")
    officer.follows("养老服务补贴", "没有不对的")
    officer.page.locator("#id_standard").fill("每人每月不低于100元；起享年龄依市里2026年的通知")
    officer.clicks("存", "存了")
    officer.opens(draft, looking=False)
    officer.follows("送审批", "送出以后不能再改")
    officer.clicks(re.compile("^送审批第"), "等另一人审批")
    leader.opens(draft, looking=False)
    leader.follows("批准", "批的就是这一份")
    leader.clicks(re.compile("^批准第"), "等印发")
    leader.follows("印发", "重新判定")
    leader.clicks(re.compile("^印发第"), "印发了")
    deliver(now=timezone.now())
    town.work()
    assert town.one(OFFERS) > before and town.one(YOUNGER) > 0 and town.one(ELSEWHERE) == 0
    leader.opens(f"{draft}?view=way")
    leader.sees("何俊", "退回", "印发")
