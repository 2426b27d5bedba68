"""The reason sheet and the sheet taken home in a browser: read by everyone, on a desk, a phone and one sheet of A4."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from songhe.config.paths import policies_folder
from songhe.demo.cast import cast, cast_day, cast_list
from songhe.demo.divisions import region_name
from songhe.eligibility.reason_sheet.gather import Desk
from songhe.eligibility.reason_sheet.page import dossier_page, sheet_page
from songhe.eligibility.reason_sheet.result_page import result_page
from songhe.eligibility.reason_sheet.words import read_instruments
from songhe.rules.programme import bind
from songhe.rules.reading_packs import load_pack
from tests.chromium import CHROMIUM, NO_CHROMIUM
from tests.pages import sideways, violations
from tests.trace import covers

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

WIDTHS = (1440, 390)
SAID = [("您的出生日期是哪一天？", "1942年1月20日"), ("您的户口在哪里？", "鄂州市梁子湖区")]

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=NO_CHROMIUM)


@cache
def desk() -> Desk:
    sources = {name: "人员表" for elder in cast() for name in elder.facts}
    programme = bind(load_pack(policies_folder(), cast_list()), cast_day())
    return Desk(programme, instruments=read_instruments(policies_folder()), names=region_name, sources=sources)


@cache
def facts(person_id: str) -> dict[str, object]:
    return dict(next(elder.facts for elder in cast() if elder.person_id == person_id))


def one_sheet(person_id: str, item: str) -> str:
    items = (bind(load_pack(policies_folder(), cast_list()), cast_day()).item(item),)
    return sheet_page(desk().dossier(person_id, facts(person_id), items))


PAGES: dict[str, Callable[[], str]] = {
    "yes": lambda: one_sheet("C05", "20"),
    "no": lambda: one_sheet("C02", "3"),
    "unknown": lambda: one_sheet("C04", "3"),
    "all": lambda: dossier_page(desk().dossier("C05", facts("C05"))),
    "home": lambda: result_page(desk().dossier("本人", facts("C05")), SAID),
}


@pytest.fixture(params=[(name, width) for name in PAGES for width in WIDTHS], ids=lambda case: f"{case[0]}-{case[1]}")
def page(request: pytest.FixtureRequest, browser: sync_api.Browser, tmp_path: Path) -> Iterator[sync_api.Page]:
    """Each page at each width; fails when it logs, throws or asks for anything but itself."""
    name, width = request.param
    yield from opened(browser, tmp_path, PAGES[name](), width)


def opened(browser: sync_api.Browser, folder: Path, html: str, width: int) -> Iterator[sync_api.Page]:
    path = folder / "sheet.html"
    path.write_text(html, "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 844})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(("data:", path.as_uri())) else said.append(asked.url))
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    yield page
    page.close()
    assert said == []


@pytest.fixture(params=WIDTHS)
def everything(request: pytest.FixtureRequest, browser: sync_api.Browser, tmp_path: Path) -> Iterator[sync_api.Page]:
    yield from opened(browser, tmp_path, PAGES["all"](), request.param)


def test_axe_finds_no_violation(page: sync_api.Page) -> None:
    assert violations(page) == []


def test_nothing_scrolls_sideways(page: sync_api.Page) -> None:
    assert sideways(page) == 0


def test_the_embedded_letters_are_used(page: sync_api.Page) -> None:
    assert "400 loaded" in page.evaluate("[...document.fonts].map(face => face.weight + ' ' + face.status)")


@covers("ENT-01")
@pytest.mark.parametrize("item", range(1, 28))
def test_the_sheet_of_an_item_is_one_page_of_paper(browser: sync_api.Browser, tmp_path: Path, item: int) -> None:
    """For somebody of whom nothing is known the sheet is at its longest."""
    programme = bind(load_pack(policies_folder(), cast_list()), cast_day())
    html = sheet_page(desk().dossier("C00", {}, (programme.item(str(item)),)))
    assert paper_pages(browser, tmp_path, html) == 1


@pytest.mark.parametrize("elder", [elder for elder in cast() if elder.facts.get("death_date") is None][:4])
def test_the_sheet_taken_home_is_at_most_two_pages_of_paper(
    browser: sync_api.Browser, tmp_path: Path, elder: object
) -> None:
    assert paper_pages(browser, tmp_path, result_page(desk().dossier("本人", elder.facts), SAID)) <= 2  # type: ignore[attr-defined]


def paper_pages(browser: sync_api.Browser, folder: Path, html: str) -> int:
    path = folder / "sheet.html"
    path.write_text(html, "utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    printed: bytes = page.pdf(prefer_css_page_size=True)
    page.close()
    assert b"/MediaBox [0 0 594" in printed or b"/MediaBox [0 0 595" in printed, "not A4"
    return len(re.findall(rb"/Type\s*/Page[^s]", printed))


def test_the_reason_is_one_click_from_its_row(everything: sync_api.Page) -> None:
    everything.locator("#row-20 a").click()
    sync_api.expect(everything.locator("#item-20")).to_be_visible()
    sync_api.expect(everything.locator("#item-17")).to_be_hidden()
    sync_api.expect(everything.locator("#item-20")).to_contain_text("发第17项，本项不另发")


def test_on_a_phone_the_reason_is_a_page_of_its_own_with_a_way_back(browser: sync_api.Browser, tmp_path: Path) -> None:
    for page in opened(browser, tmp_path, PAGES["all"](), 390):
        sync_api.expect(page.locator(".panels")).to_be_hidden()
        page.locator("#row-20 a").click()
        sync_api.expect(page.locator(".matrix")).to_be_hidden()
        back = page.locator("#item-20 .back")
        assert back.bounding_box()["height"] >= 44
        back.click()
        sync_api.expect(page.locator(".matrix")).to_be_visible()


def test_an_answer_is_told_by_shape_and_word_not_by_colour_alone(everything: sync_api.Page) -> None:
    for row in everything.locator(".matrix tbody tr:not(.group)").all():
        assert row.locator("svg.mark").count() == 1
        assert re.search("可享|不可享|待核", row.inner_text())
