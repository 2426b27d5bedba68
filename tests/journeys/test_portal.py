"""An older person and whoever helps her use the portal; what the rules for older users ask for is measured."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

import pytest

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks.models import Task
from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import DESK, PHONE, Visitor

NARROW = 320
WIDTHS = (NARROW, PHONE, DESK)
FIRST_LOAD = 150_000  # bytes, compressed
PAGES = (
    "", "services/", "services/?group=poor", "services/elderly-service-subsidy/", "ask/", "contact/",
    "contact/?in=420704001002", "contact/kept/", "opinion/", "opinion/answer/", "policy/", "accessibility/", "verify/",
    "public-notice/", "public-notice/?in=420704001002",
)  # fmt: skip
# The texts smaller than allowed, the lines closer than allowed, the targets smaller than allowed. A link within a
# sentence is text; a picture of a letter is none.
MEASURED = """([text, main, other]) => {
  const seen = one => one.offsetParent !== null && one.getClientRects().length > 0;
  const small = [], close = [], tight = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.textContent.trim() || !seen(holder) || holder.closest("script, style, .sh-portal-skip")) continue;
    const style = getComputedStyle(holder), size = parseFloat(style.fontSize);
    if (size < text) small.push(node.textContent.trim().slice(0, 20) + " " + size);
    if (parseFloat(style.lineHeight) / size < 1.29) close.push(node.textContent.trim().slice(0, 20));
  }
  const touched = "a, button, summary, textarea, input:not([type=hidden]):not([type=radio]), label:has([type=radio])";
  for (const one of document.querySelectorAll(touched)) {
    if (!seen(one) || one.closest(".sh-portal-skip")) continue;
    const box = one.getBoundingClientRect();
    const least = one.closest(".sh-portal-paper") ? other : main;
    if (box.height < least - .5 || box.width < other - .5)
      tight.push([(one.textContent || one.name).trim().slice(0, 20), Math.round(box.width), Math.round(box.height)]);
  }
  return {small, close, tight};
}"""
NORMAL, CARE = (18, 44, 44), (24, 60, 60)


@pytest.fixture
def elder(enter: VisitorFor) -> Visitor:
    """Somebody who has not said who she is."""
    return enter()


def measured(visitor: Visitor, figures: tuple[int, int, int]) -> list[Any]:
    found = visitor.page.evaluate(MEASURED, list(figures))
    return [one for kind in ("small", "close", "tight") for one in found[kind]]


def care(visitor: Visitor) -> None:
    """Turns the care edition on, as a person does."""
    visitor.opens("/portal/", looking=False)
    visitor.page.get_by_role("button", name="关怀版").click()
    visitor.page.get_by_role("button", name="普通版").wait_for()


@pytest.mark.covers("NET-05")
@pytest.mark.parametrize("edition", ["normal", "care"])
def test_every_page_keeps_to_the_figures_for_older_users(elder: Visitor, edition: str) -> None:
    if edition == "care":
        care(elder)
    figures = CARE if edition == "care" else NORMAL
    for page in PAGES:
        assert elder.opens(f"/portal/{page}", looking=False).status == 200, page
        elder.looks(WIDTHS)
        for width in WIDTHS:
            elder.page.set_viewport_size({"width": width, "height": 844})
            assert (page, width, measured(elder, figures)) == (page, width, [])


@pytest.mark.covers("NET-05")
def test_high_contrast_and_large_letters_can_be_used(elder: Visitor) -> None:
    elder.opens("/portal/services/", looking=False)
    for what in ("黑白分明", "大字"):
        elder.page.get_by_role("button", name=what).click()
        elder.page.get_by_role("button", name=what, pressed=True).wait_for()
        elder.looks(WIDTHS)
    assert elder.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 22
    elder.opens("/portal/ask/", looking=False)
    elder.looks(WIDTHS)


def pages_of_keys(elder: Visitor) -> Iterator[str]:
    """Answers each question by keys alone: a birth date, then the last answer, which is 不清楚."""
    for _ in range(40):
        if elder.path() == "/portal/ask/result/":
            return
        if elder.page.locator("[name=year]").count():
            reach(elder, "[name=year]")
            for part in ("1940", "5", "1"):
                elder.page.keyboard.type(part)
                elder.page.keyboard.press("Tab")
        else:
            reach(elder, "[name=answer]")
            elder.page.keyboard.press("ArrowUp")
            assert elder.page.evaluate("document.activeElement.value") == "0"
        yield elder.page.locator("h1").inner_text()
        reach(elder, "button[value=next]")
        with elder.page.expect_navigation():
            elder.page.keyboard.press("Enter")


def reach(visitor: Visitor, selector: str) -> None:
    """Goes with the tabulator key until the thing has the focus, which can be seen."""
    for _ in range(60):
        if visitor.page.evaluate("one => document.activeElement.matches(one)", selector):
            box = visitor.page.evaluate(
                "() => { const box = document.activeElement.getBoundingClientRect(); return [box.top, box.bottom]; }"
            )
            assert box[1] > 0 and box[0] < visitor.page.viewport_size["height"]
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(selector)


@pytest.mark.covers("NET-05", "PER-03")
def test_by_the_keyboard_alone_at_double_size_one_is_asked_and_takes_a_sheet_home(elder: Visitor) -> None:
    elder.page.set_viewport_size({"width": DESK // 2, "height": 422})  # what is left of a window at 200 %
    elder.page.add_init_script("window.print = () => { window.printed = true; }")
    elder.opens("/portal/", looking=False)
    elder.page.keyboard.press("Tab")
    assert elder.page.evaluate("document.activeElement.textContent") == "跳到正文"
    reach(elder, ".sh-portal-first")
    with elder.page.expect_navigation():
        elder.page.keyboard.press("Enter")
    asked = list(pages_of_keys(elder))
    assert len(asked) == len(set(asked)) > 5
    elder.sees("带身份证就能用的8项", "这张纸不是审批决定，是按您的回答和清单算出来的。")
    elder.looks(WIDTHS)
    reach(elder, "[data-portal-print]")
    elder.page.keyboard.press("Enter")
    assert elder.page.evaluate("window.printed") is True
    elder.page.emulate_media(media="print")
    assert not elder.page.locator("header").is_visible()
    assert elder.page.locator(".sh-portal-paper__phone").is_visible()


@pytest.mark.covers("NET-05", "PER-03", "PER-06")
def test_without_scripts_somebody_helps_her_and_the_community_rings(
    browser: Any, enter: VisitorFor, town: Town
) -> None:
    context = browser.new_context(base_url=town.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/portal/ask/")
    page.fill("[name=year]", "1941")
    page.fill("[name=month]", "3")
    page.fill("[name=day]", "2")
    page.get_by_role("button", name="下一题").click()
    page.get_by_role("link", name="先看结果").click()
    page.get_by_role("link", name="请社区给我打电话").first.click()
    for name in ("鄂城区", "凤凰街道", "吴都社区"):
        page.get_by_role("link", name=name, exact=True).click()
    page.get_by_label("怎么称呼您").fill("李婆婆")
    page.get_by_label("电话").fill("138 0000 5521")
    page.get_by_role("button", name="交给社区").click()
    page.get_by_role("heading", name="交给社区了").wait_for()
    context.close()
    with scoped(Actor.system("测试", ""), "test"):
        task = Task.objects.get(kind="portal.contact")
    worker = enter("worker-420704001002")
    worker.opens(f"/tasks/{task.pk}/")
    worker.follows("去办", "打给谁")
    worker.clicks("看称呼和电话", "13800005521")
    worker.page.get_by_label("联系上了").check()
    worker.clicks("办结")
    worker.opens(f"/portal/requests/{task.subject}/")
    worker.sees("办结了，称呼和电话已经删了")


@pytest.mark.covers("POL-08")
def test_what_one_thinks_is_answered(elder: Visitor, enter: VisitorFor) -> None:
    elder.opens("/portal/opinion/", looking=False)
    elder.page.get_by_label("您想说什么").fill("助餐点太远")
    elder.page.get_by_role("button", name="交上去").click()
    code = elder.page.locator("main .sh-portal-number").inner_text()
    elder.looks(WIDTHS)
    officer = enter("city-officer")
    officer.opens("/policy/opinions/")
    officer.follows(code, "助餐点太远")
    officer.fill("答复", "明年加一个")
    officer.clicks("交上答复")
    elder.opens("/portal/opinion/answer/", looking=False)
    elder.page.get_by_label("编号").fill(code)
    elder.page.get_by_role("button", name="看答复").click()
    elder.sees("明年加一个")
    elder.looks(WIDTHS)


@pytest.mark.covers("NET-05")
def test_a_page_is_light_to_load(elder: Visitor) -> None:
    loaded: list[Any] = []
    elder.page.on("response", lambda one: loaded.append(one))  # noqa: PLW0108 what it is given must be a function
    for page in ("", "services/", "ask/"):
        loaded.clear()
        elder.page.context.clear_cookies()
        elder.page.goto(f"/portal/{page}", wait_until="networkidle")
        sizes = {one.url: len(gzip.compress(one.body())) for one in loaded}
        assert sizes and sum(sizes.values()) <= FIRST_LOAD, sizes
