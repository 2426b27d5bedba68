"""One's own part of the portal: by a code to the telephone, or his wife does it for him, until she no longer may."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import VisitorFor
from tests.journeys.test_portal import CARE, NORMAL, WIDTHS, care, measured, reach
from tests.journeys.visitor import DESK, Visitor

HIS, HERS = "15400000110", "15400000162"
PAGES = (
    "", "file/", "decisions/", "decisions/home-visits/", "questions/", "questions/ability_grade/", "seen/", "say/",
    "say/?about=fact&code=ability_grade", "sayings/", "other/", "stay/",
)  # fmt: skip


@pytest.fixture
def elder(enter: VisitorFor) -> Visitor:
    """Somebody at the portal."""
    return enter()


def comes_in(visitor: Visitor, phone: str) -> None:
    """By the numbers that the demonstration shows; the code stands on the page because it sends none."""
    visitor.opens("/portal/mine/enter/", looking=False)
    row = visitor.page.get_by_role("row").filter(has_text=phone).first
    number = row.get_by_text(re.compile(r"^\d{17}[\dX]$")).inner_text()
    visitor.fill("老人的身份证号", number)
    visitor.fill("登记过的电话", phone)
    visitor.page.get_by_role("button", name="要验证码").click()
    visitor.fill("短信里的6位数字", visitor.page.locator("[data-demo-code]").inner_text())
    visitor.page.get_by_role("button", name="登录", exact=True).click()
    visitor.page.get_by_role("button", name="退出").wait_for()


@pytest.mark.covers("NET-05")
@pytest.mark.parametrize("edition", ["normal", "care"])
def test_ones_own_pages_keep_to_the_figures_for_older_users(elder: Visitor, edition: str) -> None:
    if edition == "care":
        care(elder)
    figures = CARE if edition == "care" else NORMAL
    elder.opens("/portal/mine/enter/")
    comes_in(elder, HIS)
    for page in PAGES:
        assert elder.opens(f"/portal/mine/{page}", looking=False).status == 200, page
        elder.looks(WIDTHS)
        for width in WIDTHS:
            elder.page.set_viewport_size({"width": width, "height": 844})
            assert (page, width, measured(elder, figures)) == (page, width, [])
    elder.page.get_by_role("button", name="退出").click()
    elder.page.wait_for_url("**/portal/")
    elder.opens("/portal/mine/file/", looking=False)
    assert elder.path() == "/portal/mine/enter/"


@pytest.mark.covers("NET-05", "PER-03")
def test_one_is_asked_whether_one_is_still_there_and_loses_nothing(elder: Visitor) -> None:
    comes_in(elder, HIS)
    elder.page.clock.install()
    elder.opens("/portal/mine/say/", looking=False)
    elder.fill("您想说什么", "我搬到女儿家了")
    elder.page.clock.run_for(8 * 60 * 1000 + 1000)
    elder.sees("还在看吗？再过2分钟就自动退出了。")
    elder.clicks("还在，接着用")
    elder.page.get_by_role("alert").wait_for(state="hidden")
    assert elder.field("您想说什么").input_value() == "我搬到女儿家了"


@pytest.mark.covers("NET-05", "PER-03", "ENT-01")
def test_his_wife_does_it_for_him_by_keys_alone_and_the_decision_changes(elder: Visitor) -> None:
    elder.page.set_viewport_size({"width": DESK // 2, "height": 422})  # what is left of a window at 200 %
    comes_in(elder, HERS)
    elder.sees("您在代方明清办", re.compile("件事想问您"))
    elder.follows(re.compile("^我能享什么"), "还差一样，弄清就能定的")
    elder.opens("/portal/mine/questions/ability_grade/", looking=False)
    reach(elder, "[name=answer]")
    elder.page.keyboard.press("ArrowUp")  # around to 不清楚
    elder.page.keyboard.press("ArrowUp")
    reach(elder, "form .sh-portal-button--primary")
    with elder.page.expect_navigation():
        elder.page.keyboard.press("Enter")
    elder.sees("记下了", re.compile("原来还没定，现在可享"))
    elder.looks(WIDTHS)
    elder.opens("/portal/mine/file/", looking=False)
    elder.sees(re.compile("本人说"))
    elder.opens("/portal/mine/seen/", looking=False)
    elder.sees("您的代办人")


@pytest.mark.covers("PER-03")
def test_what_she_says_is_wrong_is_answered_by_the_community(elder: Visitor, enter: VisitorFor) -> None:
    comes_in(elder, HERS)
    elder.opens("/portal/mine/file/", looking=False)
    elder.page.locator("a[href$='code=hukou_kind']").click()
    elder.fill("您想说什么", "户口去年迁到城里了")
    elder.clicks("交给社区", "社区在查，还没有答复")
    (key,) = [row[0] for row in elder.town.rows("SELECT id FROM portal_saying WHERE words <> ''")]
    officer = enter("city-officer")
    officer.opens(f"/portal/sayings/{key}/")
    officer.sees("户口去年迁到城里了", "方明清")
    officer.page.get_by_label("查了，没有错").check()
    officer.page.locator("textarea[name=answer]").fill("公安那里还是农村户口，先去派出所问")
    officer.page.get_by_role("button", name="答复", exact=True).click()
    officer.page.wait_for_url("**/tasks/**")
    assert elder.town.one("SELECT outcome FROM tasks_task WHERE subject = %s", key) == "kept"
    elder.opens("/portal/mine/sayings/")
    elder.sees("公安那里还是农村户口，先去派出所问")


@pytest.mark.covers("PER-03", "PER-06")
def test_once_she_no_longer_acts_for_him_she_sees_nothing(elder: Visitor) -> None:
    comes_in(elder, HERS)
    elder.town.rows("UPDATE people_contact SET until_date = current_date WHERE name = '吴爱珍' RETURNING id")
    elder.opens("/portal/mine/file/", looking=False)
    assert elder.path() == "/portal/mine/enter/"
    elder.sees("现在不能看这份档案了。")
    elder.looks(WIDTHS)
    elder.sees_no("方明清，您好", "您在代方明清办")
