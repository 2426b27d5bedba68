"""A phone that goes from hand to hand: it opens only for whom it was filled, and keeps nothing after signing out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from songhe.foundation.access.scope import scoped
from tests.decisions.doors import EVERYBODY, resident
from tests.journeys.conftest import VisitorFor
from tests.journeys.test_field import ASSESSOR, SECOND, Phone, appointed, asked_and_sent, kept_on, phone
from tests.journeys.town import Town


@pytest.mark.covers("ASM-03")
def test_a_phone_opens_only_for_whom_it_was_filled_and_keeps_nothing_after_signing_out(
    browser: Any, enter: VisitorFor, town: Town, tmp_path: Path
) -> None:
    with scoped(EVERYBODY, "test"):
        person = resident("佘知望", 81, now=timezone.now())
    appointed(asked_and_sent(enter, person.pk))
    with phone(browser, town, tmp_path / "profile") as one:
        one.enters(ASSESSOR)
        one.takes_along("佘知望")
        one.page.route("**/assessments/field/*/save/", lambda route: route.abort())
        one.opens("佘知望")
        one.clicks("接着评")
        one.answers(1, 1)
        another_finds_nothing(one)
        one.enters(ASSESSOR)
        one.page.goto("/assessments/field/")
        one.sees("佘知望", "1处没交")
        signs_out(one, "/")
        one.sees("还没交到平台的：佘知望")
        one.looks()
        one.clicks("不要了，退出", "button")
        one.page.wait_for_url("**/sign-in/")
        assert left_on(one) == [0, 0, 0]

        one.enters(ASSESSOR)
        one.takes_along("佘知望")
        signs_out(one, "/notices/")
        one.page.wait_for_url("**/sign-in/")
        assert left_on(one) == [0, 0, 0]

        one.enters(ASSESSOR)
        one.takes_along("佘知望")
        session_ends(one)
        one.enters("street-420704001")
        one.page.goto("/assessments/field/")
        one.sees("手机里没有要评的")
        assert kept_on(one) == []


def another_finds_nothing(one: Phone) -> None:
    """The session ends, somebody else comes: without signal and with it, no name and no way to open it."""
    session_ends(one)
    one.context.set_offline(True)
    one.page.goto("/assessments/field/")
    one.sees("登录以后才打开")
    assert "佘知望" not in one.page.content()
    one.looks()
    with one.page.expect_navigation():  # it looks again by itself
        one.context.set_offline(False)
    one.sees("登录以后才打开")
    one.enters(SECOND)
    one.page.goto("/assessments/field/")
    one.sees("别人没交的1份评估")
    assert "佘知望" not in one.page.content()
    one.clicks("不要了，清掉", "button")
    one.sees("找不回来")
    one.looks()
    one.clicks("不清", "button")
    one.page.goto("/assessments/day/")
    one.page.wait_for_load_state("networkidle")
    assert one.page.get_by_role("link", name="打开手机里的").count() == 0


def session_ends(one: Phone) -> None:
    """By itself: the next page is the sign-in, which locks what lies on the phone."""
    one.leaves()
    one.page.goto("/")
    one.page.wait_for_url("**/sign-in/")
    for _turn in range(100):
        if "locked" in kept_on(one):
            return
        one.page.wait_for_timeout(100)
    pytest.fail("the phone is not locked")


def signs_out(one: Phone, address: str) -> None:
    """From some page of the console."""
    one.page.goto(address)
    one.page.locator(".sh-menu > summary").click()
    one.clicks("退出")


_LEFT = "async () => [(await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]"


def left_on(one: Phone) -> list[int]:
    """Records, caches and service workers that are on the phone."""
    return [len(kept_on(one)), *one.page.evaluate(_LEFT)]
