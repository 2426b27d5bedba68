"""The page of components in a browser: readable by everyone, on a desk and on a phone, under the strict policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from tests.chromium import CHROMIUM, NO_CHROMIUM
from tests.pages import serving, sideways, violations

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

PAGES = ("components/", "components/file/", "components/sign-in/", "components/sheet/")
WIDTHS = (1440, 390)
TOUCH = 44
KIT_ONLY = {
    "ROOT_URLCONF": "songhe.ui.urls",
    "WHITENOISE_USE_FINDERS": True,
    "MIDDLEWARE": [
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "csp.middleware.CSPMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
}

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=NO_CHROMIUM)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with override_settings(**KIT_ONLY), serving() as url:
        yield f"{url}/"


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Any]:
    """A function that opens a page at a width; what the console complains about is on `.complaints`."""
    context: list[Any] = []

    def open_page(path: str = "components/", width: int = 1440, **options: Any) -> Any:
        context.append(browser.new_context(viewport={"width": width, "height": 844}, has_touch=width < 600, **options))
        page = context[-1].new_page()
        page.complaints = []
        page.on(
            "console", lambda said: page.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address + path, wait_until="networkidle")
        return page

    yield open_page
    for one in context:
        one.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_breaks_no_rule_of_accessibility_and_complains_of_nothing(opened: Any, path: str, width: int) -> None:
    page = opened(path, width)
    for place in page.locator("[data-sh-chart], [data-sh-map]").all():
        sync_api.expect(place.locator("svg").first).to_be_visible()
    assert violations(page) == []
    assert page.complaints == []


@pytest.mark.parametrize("width", [1440, 1024, 700, 390])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_does_not_scroll_sideways(opened: Any, path: str, width: int) -> None:
    page = opened(path, width)
    assert sideways(page) == 0


def test_what_a_finger_meets_on_a_phone_is_large_enough(opened: Any) -> None:
    page = opened(width=390)
    small = page.evaluate(
        """least => [...document.querySelectorAll(
                '.sh-button, .sh-input, .sh-tabs a, .sh-tabbar a, .sh-answer, .sh-chip, .sh-menu > summary'
            )].filter(one => one.offsetParent).map(one => [one.textContent.trim(), one.getBoundingClientRect().height])
            .filter(([, height]) => height > 0 && height < least)""",
        TOUCH,
    )
    assert small == []


def test_both_weights_of_the_font_come_from_here(opened: Any) -> None:
    page = opened()
    loaded = page.evaluate("[...document.fonts].filter(face => face.status === 'loaded').map(face => face.weight)")
    assert {"400", "600"} <= set(loaded)
    assert (
        page.evaluate("performance.getEntriesByType('resource').filter(e => !e.name.startsWith(location.origin))") == []
    )


def test_the_keyboard_finds_the_search_moves_through_rows_and_closes_the_panel(opened: Any) -> None:
    page = opened()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    sync_api.expect(page.locator("[data-sh-search]")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    sync_api.expect(page.get_by_role("link", name="刘金凤").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    sync_api.expect(page.get_by_role("link", name="李桂芳").first).to_be_focused()


def test_on_a_phone_the_answer_is_a_page_of_its_own(opened: Any) -> None:
    page = opened("components/file/", 390)
    sync_api.expect(page.get_by_role("heading", name="18 养老护理补贴")).to_be_visible()
    sync_api.expect(page.get_by_role("table", name="待遇")).to_be_hidden()


def test_escape_closes_the_answer_beside_the_list(opened: Any) -> None:
    page = opened("components/file/")
    page.keyboard.press("Escape")
    sync_api.expect(page).to_have_url(re.compile("#$"))


def test_escape_shuts_the_user_s_menu_first(opened: Any) -> None:
    page = opened()
    menu = page.locator("details[data-sh-menu]")
    menu.locator("summary").click()
    sync_api.expect(page.get_by_role("button", name="退出")).to_be_visible()
    page.keyboard.press("Escape")
    sync_api.expect(page.get_by_role("button", name="退出")).to_be_hidden()


def test_chosen_rows_are_counted_and_the_deeds_wait_for_them(opened: Any) -> None:
    page = opened()
    count = page.locator("[data-sh-count]")
    sync_api.expect(count).to_have_text("2")
    everything = page.get_by_role("checkbox", name="全选这一页")
    everything.check()
    sync_api.expect(count).to_have_text("6")
    everything.uncheck()
    sync_api.expect(count).to_have_text("0")
    sync_api.expect(page.locator("[data-sh-bulk] button").first).to_be_disabled()


def test_the_narrow_side_list_is_remembered(opened: Any) -> None:
    page = opened()
    page.get_by_role("button", name="收窄栏目").click()
    sync_api.expect(page.locator("#sh-app")).to_have_class("sh-app sh-app--rail")
    assert {one["name"]: one["value"] for one in page.context.cookies()}["sh-rail"] == "1"


def test_on_a_phone_a_figure_carries_the_words_of_its_column(opened: Any) -> None:
    page = opened(width=390)
    row = page.get_by_role("link", name="刘金凤").first.locator("xpath=ancestor::tr")
    sync_api.expect(row.locator("td[data-label='年龄']")).to_be_visible()
    sync_api.expect(row.locator("td[data-label='可享']")).to_be_hidden()


def test_a_password_can_be_looked_at(opened: Any) -> None:
    page = opened("components/sign-in/")
    page.get_by_role("button", name="显示").click()
    sync_api.expect(page.locator("#id_password")).to_have_attribute("type", "text")


def test_the_page_works_without_scripts(opened: Any) -> None:
    page = opened(java_script_enabled=False)
    sync_api.expect(page.get_by_role("button", name="筛选")).to_be_visible()
    sync_api.expect(page.get_by_role("link", name="刘金凤").first).to_be_visible()
    sync_api.expect(page.get_by_role("button", name="收窄栏目")).to_be_hidden()


def test_on_paper_the_frame_is_gone(opened: Any) -> None:
    page = opened()
    page.emulate_media(media="print")
    for gone in (".sh-top", ".sh-side", ".sh-tabbar", ".sh-filters", ".sh-head__actions"):
        sync_api.expect(page.locator(gone).first).to_be_hidden()
    sync_api.expect(page.get_by_role("heading", name="部件和状态")).to_be_visible()
