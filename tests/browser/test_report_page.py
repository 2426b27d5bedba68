"""The report page in a browser: readable by everyone, on a desk and on a phone, and shut to the outside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from songhe.eligibility.report.model import AgeSummary, DistrictSummary, FactQuality, ItemSummary, ParameterLine, Report
from songhe.eligibility.report.page import write_report
from tests.chromium import CHROMIUM, NO_CHROMIUM
from tests.pages import VENDOR, sideways, violations

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

WIDTHS = (1440, 390)

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=NO_CHROMIUM)


def _item(number: int, name: str, fen: int | None, period: str) -> ItemSummary:
    return ItemSummary(
        number=number,
        slug=f"item-{number}",
        name=name,
        category="保障",
        type_word="物质帮助",
        lead=("市民政局",),
        clause=f"ezhou-2023/annex-1/{number}",
        sentence="年满80周岁，且（救助类别为低保；或（救助类别为低保边缘（低收入），且户口性质为城镇））。",
        gift="发100元/月",
        standard="每人每月不低于100元",
        notes=("没有写明从哪个月起算。", "另一处疑问。"),
        yes=30_146 * (number % 3),
        no=182_848,
        unknown=2_370 * (number % 4),
        fen=fen,
        period=period,
        missing=(("救助类别", 2_000), ("户口性质", 370)) if number % 4 else (),
        unconfirmed=number % 2 == 0,
        parameters=(ParameterLine("起享年龄", "80周岁", "", False), ParameterLine("每月津贴", "未定", "", True)),
    )


def _report() -> Report:
    names = ("参观公园、人文纪念馆和风景区", "农村留守老年人智能照护", "高龄津贴", "困难残疾人生活补贴")
    return Report(
        title="鄂州市基本养老服务清单判定报告",
        list_id="420700-ezhou/basic-list-2023",
        list_title="鄂州市基本养老服务清单",
        region_name="鄂州市",
        on=date(2026, 11, 24),
        digest="c38c426719c5" * 5,
        people=215_364,
        alive=212_761,
        dead=2_603,
        entitled=28_099,
        items=tuple(
            _item(number, names[number % 4], (None, 1_234_567_800)[number % 2], ("月", "")[number % 3 == 0])
            for number in range(1, 28)
        ),
        districts=tuple(
            DistrictSummary(name, 131_383, 17_297, 9_136_770_000, {3: 10}) for name in ("鄂城区", "梁子湖区", "不知道")
        ),
        ages=tuple(AgeSummary(f"{start}–{start + 4}", 68_426, 5_847_000, 11_498) for start in range(60, 100, 5)),
        quality=(
            FactQuality("有能力的赡养人", "capable_supporter", 25_429, 0.12),
            FactQuality("留守", "left_behind", 0, 0),
        ),
        total_fen_month=21_797_000_000,
        engine="polars",
        version="0.1.0",
        made_at="2026-11-24 06:10",
        warnings=("3行被跳过。",),
        demo=True,
    )


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: sync_api.Browser, tmp_path: Path) -> Iterator[sync_api.Page]:
    """The page opened from the disk at a width; fails when it logs, throws or asks for anything but itself."""
    path = tmp_path / "report.html"
    write_report(_report(), path)
    opened = browser.new_page(viewport={"width": request.param, "height": 844})
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on(
        "request", lambda asked: None if asked.url.startswith(("data:", path.as_uri())) else said.append(asked.url)
    )
    opened.goto(path.as_uri())
    opened.evaluate("document.fonts.ready")
    yield opened
    opened.close()
    assert said == []


def test_axe_finds_no_violation(page: sync_api.Page) -> None:
    assert violations(page) == []


def test_nothing_scrolls_sideways(page: sync_api.Page) -> None:
    assert sideways(page) == 0


def test_the_embedded_letters_are_used(page: sync_api.Page) -> None:
    assert page.evaluate("[...document.fonts].map(face => face.weight + ' ' + face.status)") == [
        "400 loaded",
        "600 loaded",
    ]


def test_the_styles_pass_the_policy(page: sync_api.Page) -> None:
    assert page.evaluate("getComputedStyle(document.querySelector('.bar-top')).backgroundColor") == "rgb(15, 51, 39)"


def test_the_policy_stops_scripts_and_outside_loads(browser: sync_api.Browser, tmp_path: Path) -> None:
    path, asked = tmp_path / "report.html", []
    write_report(_report(), path)
    intruder = '<script>document.title="taken"</script><img src="http://localhost:9/x.png"></main>'
    path.write_text(path.read_text("utf-8").replace("</main>", intruder), "utf-8")
    page = browser.new_page()
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.title() == "鄂州市基本养老服务清单判定报告"
    assert not [url for url in asked if url.startswith("http")]
    page.close()


def test_a_rule_is_one_click_from_its_row(page: sync_api.Page) -> None:
    page.locator('.items a[href="#item-7"]').click()
    sync_api.expect(page.locator("#item-7")).to_be_in_viewport()


def test_the_vendored_checker_is_the_listed_one() -> None:
    listed = [
        line.split() for line in (VENDOR / "MANIFEST").read_text("utf-8").splitlines() if not line.startswith("#")
    ]
    assert len(listed) == 2
    for digest, name in listed:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
