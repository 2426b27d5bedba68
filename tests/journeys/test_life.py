"""What a street's officer does all day: register, record a death and take it back; by the keyboard alone too."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from songhe.kernel.identity_numbers import check_character
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import sync_api

STREET = "420704001%"
SOMEBODY = """
SELECT id::text, name FROM people_person
 WHERE region_code LIKE %s AND standing = 'present' AND identity_tail <> '' ORDER BY birth_date, id LIMIT 1
"""
STANDING = "SELECT standing FROM people_person WHERE id = %s"


def number(first: str = "42999919480102001") -> str:
    """An identity number of an area that does not exist."""
    return first + check_character(first)


@pytest.mark.covers("PER-02")
def test_a_death_is_recorded_and_taken_back(enter: VisitorFor, town: Town) -> None:
    ((key, name),) = town.rows(SOMEBODY, STREET)
    officer = enter("street-420704001")
    officer.opens(f"/people/{key}/")
    officer.page.get_by_text("更多", exact=True).click()
    officer.follows("登记去世", f"登记{name}去世？")
    officer.fill("去世日期", (timezone.localdate() + timedelta(days=1)).isoformat())
    officer.clicks(f"登记{name}去世")
    assert town.one(STANDING, key) == "present", "nobody dies tomorrow"
    officer.fill("去世日期", (timezone.localdate() - timedelta(days=2)).isoformat())
    officer.fill("说明", "殡仪馆来电")
    officer.clicks(f"登记{name}去世", "去世已登记")
    assert town.one(STANDING, key) == "dead"

    officer.follows("撤回去世", f"撤回{name}的去世登记")
    officer.fill("撤回的原因", "同名，弄错了人")
    officer.clicks("撤回去世登记", "去世已撤回")
    assert town.one(STANDING, key) == "present"
    officer.follows("记录", "同名，弄错了人")


@pytest.mark.covers("PER-01")
def test_a_wrong_number_is_told_and_what_was_typed_stays(enter: VisitorFor, town: Town) -> None:
    officer = enter("street-420704001")
    officer.opens("/people/")
    officer.follows("登记老人", "身份证号")
    right = number()
    officer.fill("姓名", "沈玉兰")
    officer.fill("身份证号", right[:15])
    officer.sees("现在15位，要18位")
    officer.fill("身份证号", right[:-1] + ("0" if right[-1] != "0" else "1"))
    officer.fill("住址", "寿昌大道118号")
    officer.field("居住地").select_option(value="420704001002")
    officer.clicks("登记")
    sync_api.expect(officer.page.get_by_role("alert").first).to_be_visible()
    sync_api.expect(officer.field("姓名")).to_have_value("沈玉兰")
    sync_api.expect(officer.field("住址")).to_have_value("寿昌大道118号")
    sync_api.expect(officer.field("居住地")).to_have_value("420704001002")

    officer.fill("身份证号", right)
    officer.sees("1948年1月2日生")
    officer.clicks("登记", "登记好了")
    officer.sees("沈玉兰")
    officer.sees_no(right)

    officer.opens("/people/new/")
    officer.fill("姓名", "沈玉兰")
    officer.fill("身份证号", right)
    officer.sees("已有")
    officer.field("居住地").select_option(value="420704001002")
    officer.clicks("登记", "名册里已有这个证件号")


@pytest.mark.covers("PER-01")
def test_the_keyboard_alone_signs_in_finds_somebody_and_shows_a_number_with_a_reason(
    enter: VisitorFor, town: Town
) -> None:
    ((key, name),) = town.rows(SOMEBODY, STREET)
    officer = enter()
    page, keys = officer.page, officer.page.keyboard
    page.goto("/sign-in/")
    for text in ("street-420704001", "songhe-demo-2024"):
        for _ in range(12):
            keys.press("Tab")
            if page.evaluate("document.activeElement.matches('input:not([type=hidden])')"):
                break
        keys.type(text)
    keys.press("Enter")
    officer.sees("今天")
    page.wait_for_load_state("networkidle")
    keys.press("/")
    sync_api.expect(page.locator("[data-sh-search]")).to_be_focused()
    keys.type(name)
    keys.press("Enter")
    sync_api.expect(page).to_have_url(re.compile("/people/"))
    officer.looks()
    if f"/people/{key}/" not in page.url:
        sync_api.expect(page.get_by_role("link", name=name).first).to_be_visible()
        for _ in range(30):
            keys.press("j")
            if key in (page.evaluate("document.activeElement.getAttribute('href')") or ""):
                break
        keys.press("Enter")
    sync_api.expect(page).to_have_url(re.compile(f"/people/{key}/"))
    page.wait_for_load_state("load")
    for _ in range(60):
        keys.press("Tab")
        if (page.evaluate("document.activeElement.getAttribute('href')") or "").endswith("?show=identity"):
            break
    keys.press("Enter")
    sync_api.expect(officer.field("为什么要看")).to_be_focused()
    officer.looks()
    keys.type("打电话约上门评估")
    keys.press("Enter")
    officer.sees("只显示这一次")
    shown = page.locator(".sh-figure__value").inner_text().strip()
    assert re.fullmatch(r"\d{17}[\dX]", shown)
    officer.looks()
    page.goto(f"/people/{key}/seen/")
    officer.sees("打电话约上门评估")
    officer.sees_no(shown)
    assert shown not in page.url
