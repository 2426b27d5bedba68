"""Somebody at a browser: opens pages, clicks what is named, and has every page looked at.

A look is: axe finds no violation and nothing scrolls sideways, on a desk and on a phone. What the console says is kept
on `complaints`; the fixture that made the visitor fails when there is anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from songhe.demo.register.ground import demo_password
from tests.journeys.town import Town
from tests.pages import sideways, violations

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

DESK, PHONE, HEIGHT = 1440, 390, 844
_ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of (403|404|409|422)")
_SLOW = 30_000  # milliseconds; for machines that do other things besides


class Visitor:
    """One person's browser. `page` is Playwright's page, for whatever has no word here."""

    def __init__(self, browser: Any, town: Town, width: int = DESK) -> None:
        self.town = town
        self.context = browser.new_context(
            viewport={"width": width, "height": HEIGHT}, base_url=town.url, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        self.context.set_default_timeout(_SLOW)
        sync_api.expect.set_options(timeout=_SLOW)
        self.complaints: list[str] = []
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, said: Any) -> None:
        """A page that answers 404 to a stranger is reported as an error; that is the answer that was asked for."""
        own_page = urlsplit(said.location.get("url", "")).path == urlsplit(self.page.url).path
        if said.type in {"error", "warning"} and not (own_page and _ANSWERED.match(said.text)):
            self.complaints.append(f"{self.page.url}: {said.text}")

    def signed_in(self, login: str) -> Visitor:
        """Signed in without the sign-in page."""
        client = Client()
        client.force_login(self.town.account(login), backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.town.url}])
        return self

    def signs_in(self, login: str, password: str = "") -> Visitor:
        """Signed in as a person does it."""
        self.page.goto("/sign-in/")
        self.fill("登录名", login)
        self.fill("密码", password or demo_password())
        self.page.get_by_role("button", name="登录", exact=True).click()
        return self

    def opens(self, address: str, looking: bool = True) -> Any:
        """Goes to an address and looks at the page; gives the answer."""
        answer = self.page.goto(address)
        if looking:
            self.looks()
        return answer

    def clicks(self, name: str | re.Pattern[str], then: str = "", role: str = "button") -> None:
        """Clicks the thing of that name, waits for the words that say it worked, looks at the page."""
        exact = {"exact": True} if isinstance(name, str) else {}
        self.page.get_by_role(role, name=name, **exact).first.click()
        if then:
            self.sees(then)
        self.page.wait_for_load_state("load")
        self.looks()

    def follows(self, name: str | re.Pattern[str], then: str = "") -> None:
        """Clicks a link."""
        self.clicks(name, then, "link")

    def fill(self, label: str, text: str) -> None:
        """Types into the field whose label begins so."""
        self.field(label).fill(text)

    def field(self, label: str) -> Any:
        """The field whose label begins so."""
        return self.page.locator("input, select, textarea").and_(self.page.get_by_label(re.compile(f"^{label}"))).first

    def sees(self, *words: str | re.Pattern[str]) -> None:
        """Waits until the page shows each of these."""
        for one in words:
            sync_api.expect(self.page.locator("main, .sh-plain__sheet").get_by_text(one).first).to_be_visible()

    def sees_no(self, *words: str) -> None:
        """None of these is anywhere on the page, shown or not."""
        text = self.page.content()
        assert [one for one in words if one in text] == []

    def looks(self, widths: Sequence[int] = (DESK, PHONE)) -> None:
        """Whether everybody can use the page as it is now, at each width."""
        before = self.page.viewport_size
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            where = f"{urlsplit(self.page.url).path} at {width}"
            assert (where, violations(self.page)) == (where, [])
            assert (where, sideways(self.page)) == (where, 0)
        self.page.set_viewport_size(before)

    def path(self) -> str:
        """Where the browser is."""
        return urlsplit(self.page.url).path
