"""The pages of divisions in a browser: readable by everyone, on a desk and on a phone, under the strict policy."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from songhe.config.roles import standard_roles
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant
from songhe.regions.operations import altering
from songhe.regions.operations.altering import decide
from songhe.regions.seeding import load_divisions
from tests.chromium import CHROMIUM, NO_CHROMIUM
from tests.pages import serving, sideways, violations

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PHONE = 600
PICTURES = os.environ.get("SONGHE_PICTURES", "")
CITY, FENGHUANG, WUDU, ANOTHER = "420700000000", "420704001000", "420704001002", "420704001003"
FAR = "420704001008"

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=NO_CHROMIUM)


@pytest.fixture(scope="module")
def signed_in(database: None) -> Client:
    """A system administrator of the city, in which one community was merged and another is to end."""
    load_divisions("420700", date(2023, 7, 1))
    now, today = timezone.now(), timezone.localdate()
    actions = frozenset(standard_roles()["system_admin"]["actions"])
    done: dict[str, Any] = {"now": now, "today": today, "document": "鄂州政函〔2026〕5号"}
    done["actor"] = Actor(None, "何俊", "4207", actions)
    with transaction.atomic():
        decide(planned=altering.merging([WUDU], ANOTHER), on_date=date(2026, 3, 1), **done)
        decide(planned=altering.ending(FAR), on_date=date(today.year + 1, 1, 1), **done)
    people = [Account.objects.create(login=login, name="何俊", created_at=now) for login in ("admin", "second")]
    Grant.objects.create(
        account=people[0], role_id="system_admin", region=CITY, from_date=date(2020, 1, 1),
        proposed_by=people[0], proposed_at=now, approved_by=people[1], approved_at=now,
    )  # fmt: skip
    client = Client()
    client.force_login(people[0], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(scope="module")
def address(signed_in: Client) -> Iterator[str]:
    plain = override_settings(WHITENOISE_USE_FINDERS=True, SESSION_COOKIE_SECURE=False, CSRF_COOKIE_SECURE=False)
    with plain, serving() as url:
        yield url


@pytest.fixture
def opened(browser: Any, address: str, signed_in: Client) -> Iterator[Callable[..., Any]]:
    """A function that opens a page at a width, signed in; what the console complains about is on `.complaints`."""
    contexts: list[Any] = []

    def open_page(path: str, width: int) -> Any:
        contexts.append(browser.new_context(viewport={"width": width, "height": 844}, has_touch=width < PHONE))
        context = contexts[-1]
        cookies = [{"name": name, "value": one.value, "url": address} for name, one in signed_in.cookies.items()]
        context.add_cookies(cookies)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address + path, wait_until="networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()


def checked(page: Any, name: str, width: int) -> None:
    broken = violations(page)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
    assert broken == [], name
    assert page.complaints == [], name
    assert sideways(page) == 0, name


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_readable_and_fits(opened: Callable[..., Any], address: str, width: int) -> None:
    pages = {
        "city": reverse("region", args=[CITY]),
        "found": reverse("region", args=[CITY]) + "?find=东沟",
        "street": reverse("region", args=[FENGHUANG]),
        "street-then": reverse("region", args=[FENGHUANG]) + "?day=2026-01-01",
        "gone": reverse("region", args=[WUDU]),
        "changes": reverse("region-alterations"),
        **{deed: reverse("region-change", args=[FENGHUANG, deed]) for deed in ("add", "merge", "split")},
    }
    page = opened(reverse("home"), width)
    for name, path in pages.items():
        page.goto(address + path, wait_until="load")
        for place in page.locator("[data-sh-map]").all():
            sync_api.expect(place.locator("svg").first).to_be_visible()
        checked(page, name, width)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_split_is_filled_in_looked_at_and_confirmed(opened: Callable[..., Any], width: int) -> None:
    code = f"420704{91 if width > PHONE else 92:03}"
    page = opened(reverse("region", args=[FENGHUANG]), width)
    page.get_by_role("link", name="拆分").click()
    page.get_by_label("新代码").fill(code)
    page.get_by_label("名称").fill("新凤街道")
    page.locator("input[name=children]").first.check()
    page.get_by_label("文号").fill("鄂州政函〔2026〕9号")
    page.get_by_role("button", name="看后果").click()
    sync_api.expect(page.get_by_role("heading", name=f"从凤凰街道拆出新凤街道（{code}）？")).to_be_visible()
    checked(page, "confirm", width)
    page.get_by_role("button", name="确认拆分").click()
    sync_api.expect(page.get_by_role("heading", name="新凤街道")).to_be_visible()
    checked(page, "done", width)
    page.goto(page.url.split("/regions/")[0] + reverse("region-alterations"))
    page.get_by_role("link", name="从凤凰街道拆出新凤街道").first.click()
    checked(page, "change", width)
