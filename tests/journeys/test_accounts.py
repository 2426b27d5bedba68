"""An account from its opening to the first sign-in with a code: two administrators, one new colleague."""

from __future__ import annotations

import base64
import re
import time

from django_otp.oath import totp

from tests.journeys.conftest import VisitorFor
from tests.journeys.town import Town
from tests.journeys.visitor import Visitor, sync_api

LOGIN, NAME, PASSWORD = "worker-new", "沈玉兰", "pine-crane-stands-1"


def code_of(secret: str, ahead: int = 0) -> str:
    """What the phone shows now, or `ahead` periods from now."""
    letters = secret.replace(" ", "")
    key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    return f"{totp(key, t0=int(-30 * ahead)):06d}"


def opened(admin: Visitor) -> str:
    """A new account; gives its first password, which is shown once."""
    admin.opens("/accounts/")
    admin.follows("开账号", "登录名")
    admin.fill("登录名", LOGIN)
    admin.fill("姓名", NAME)
    admin.fill("单位", "吴都社区")
    admin.clicks("开账号", "只显示这一次")
    password = str(admin.page.locator(".sh-onetime code").inner_text()).strip()
    admin.follows("记下了", "还没有权限")
    return password


def test_a_right_needs_two_administrators_and_a_code_follows_the_password(enter: VisitorFor, town: Town) -> None:
    admin = enter("security-admin")
    first = opened(admin)
    admin.field("角色").select_option(label="社区工作者")
    admin.fill("在哪里", "420704001002")
    admin.fill("为什么", "吴都社区新来的同事")
    admin.clicks("提出", "等另一位安全管理员批准")
    assert admin.page.get_by_role("button", name="批准").count() == 0, "who proposes does not approve"

    second = enter("security-second")
    second.opens("/")
    second.opens("/accounts/")
    second.clicks("批准", "批准了")

    person = enter()
    person.signs_in(LOGIN, first)
    person.sees("先换一个自己的密码")
    person.looks()
    person.opens("/people/", looking=False)
    person.sees("先换一个自己的密码")
    person.fill("现在的密码", first)
    person.fill("新密码", PASSWORD)
    person.fill("再写一遍新密码", PASSWORD)
    person.clicks("改密码", "密码改好了")
    person.opens("/people/")
    person.sees("吴都")

    person.opens("/own/second-factor/")
    shown = person.page.locator("main code").all_inner_texts()
    secret = next(text for text in shown if re.fullmatch("[A-Z2-7 ]+", text))
    person.fill("动态码", "000000")
    person.clicks("绑定", "不对，或者过了时间")
    time.sleep(1.1)  # a wrong code is followed by a pause
    person.fill("动态码", code_of(secret))
    person.clicks("绑定", "动态码开好了")
    person.page.get_by_text(NAME).first.click()
    person.page.get_by_role("button", name="退出").click()

    sync_api.expect(person.field("密码")).to_be_visible()
    person.signs_in(LOGIN, PASSWORD)
    sync_api.expect(person.field("动态码")).to_be_visible()
    person.looks()
    person.fill("动态码", code_of(secret, ahead=1))  # each code counts once
    person.clicks("登录", "今天")


def test_a_right_that_is_taken_back_is_gone_at_the_next_click(enter: VisitorFor, town: Town) -> None:
    worker = enter("worker-420704002008")
    worker.opens("/people/")
    admin = enter("security-admin")
    admin.opens(f"/accounts/{town.account('worker-420704002008').pk}/")
    admin.follows("收回社区工作者", "办到一半的也停下")
    admin.clicks("收回权限", "收回了")
    answer = worker.opens("/people/")
    assert answer.status in (403, 404) or "/people/" not in worker.path()
    worker.sees_no("四眼井")
