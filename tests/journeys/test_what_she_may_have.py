"""What one person may have: the matrix, a reason, an earlier day, a pause and its end, and the sheet on paper."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import sync_api

STREET = "420704001%"
OFFERED = """
SELECT p.id::text, p.name FROM decisions_matter m JOIN people_person p ON p.id = m.person_id
 WHERE m.region_code LIKE %s AND m.closed_at IS NULL AND m.kind = 'offer' AND p.standing = 'present'
 ORDER BY p.birth_date, p.id LIMIT 1
"""
ITEM = """
SELECT item FROM decisions_matter WHERE person_id = %s AND closed_at IS NULL AND kind = 'offer' ORDER BY item LIMIT 1
"""
PAUSED = "SELECT count(*) FROM decisions_pause WHERE person_id = %s AND until_date IS NULL"
OPEN = "SELECT count(*) FROM decisions_matter WHERE person_id = %s AND item = %s AND closed_at IS NULL"


@pytest.mark.covers("ENT-01", "ENT-03", "ENT-04")
def test_a_street_looks_at_reasons_and_earlier_days_pauses_and_resumes(enter: VisitorFor, town: Town) -> None:
    ((key, name),) = town.rows(OFFERED, STREET)
    item = town.one(ITEM, key)
    officer = enter("street-420704001")
    officer.opens(f"/people/{key}/")
    officer.follows("待遇", "现状，缺什么")
    officer.page.locator(f"#row-{item}").click()
    officer.sees("最省事的办法" if officer.page.get_by_text("最省事的办法").count() else "依据")
    sync_api.expect(officer.page).to_have_url(re.compile(f"item={item}"))
    officer.looks()
    officer.page.keyboard.press("Escape")
    sync_api.expect(officer.page.locator("#reason")).to_have_count(0)

    officer.opens(f"/decisions/people/{key}/?item={item}")
    officer.follows("暂停这一项", f"暂停{name}的")
    officer.fill("为什么暂停", "住到外地女儿家去了")
    officer.clicks(re.compile("^暂停"), "暂停了")
    assert (town.one(PAUSED, key), town.one(OPEN, key, item)) == (1, 0)
    officer.sees("住到外地女儿家去了")
    officer.follows("恢复这一项", f"恢复{name}的")
    officer.clicks(re.compile("^恢复"), "恢复了")
    assert (town.one(PAUSED, key), town.one(OPEN, key, item)) == (0, 1)

    officer.page.get_by_text("看以前的", exact=True).click()
    officer.fill("哪一天的判定", "2025-03-01")
    officer.clicks("看", "这是2025年3月1日的判定")
    officer.follows("回到现在", "判定到")
    officer.follows("打印理由", f"{name}的待遇和理由")


def test_on_a_phone_the_reason_is_a_page_of_its_own(enter: VisitorFor, town: Town) -> None:
    ((key, _),) = town.rows(OFFERED, STREET)
    item = town.one(ITEM, key)
    officer = enter("street-420704001", width=390)
    officer.opens(f"/decisions/people/{key}/")
    sync_api.expect(officer.page.locator(f"#row-{item}")).to_be_visible()
    officer.page.locator(f"#row-{item}").click()
    sync_api.expect(officer.page.locator("#reason")).to_be_visible()
    sync_api.expect(officer.page.locator(f"#row-{item}")).to_be_hidden()
    officer.page.get_by_role("link", name="关闭").click()
    sync_api.expect(officer.page.locator(f"#row-{item}")).to_be_visible()
