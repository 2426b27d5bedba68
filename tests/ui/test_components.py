"""Every component renders, says what it takes, and lets nothing through that a page must not hold."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from songhe.ui import gallery, pictures, screens
from songhe.ui.templatetags.songhe_ui import SPRITE
from tests.ui.rendering import shown

UI = Path(screens.__file__).parent
COMPONENTS = sorted((UI / "templates" / "cotton").glob("*.html"))
TEMPLATES = sorted((UI / "templates").rglob("*.html"))
NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
EVIL = '"><script>alert(1)</script>'
VOID = {"meta", "link", "img", "input", "br", "hr", "path", "use"}
ICON = re.compile(r"""{% icon "([\w-]+)\"|icon="([\w-]+)\"""")


def tag_of(path: Path) -> str:
    return f"c-{path.stem.replace('_', '-')}"


@pytest.fixture(scope="module")
def page() -> str:
    return render_to_string("ui/gallery/components.html", gallery.context(NOW), RequestFactory().get("/"))


class Balance(HTMLParser):
    """Finds tags that are not closed in order, and ids that stand twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("name", ["components", "file", "plain", "sheet"])
def test_a_page_is_well_formed_without_inline_style_or_script(name: str) -> None:
    response = getattr(screens, name)(RequestFactory().get("/"))
    text = response.content.decode()
    parser = Balance()
    parser.feed(text)
    assert (response.status_code, parser.wrong, parser.open) == (200, [], [])
    assert sorted(one for one in parser.ids if parser.ids.count(one) > 1) == []
    assert not {one for one in parser.attributes if one == "style" or one.startswith("on")}
    assert all(kind == "application/json" for kind in re.findall(r"<script(?! src)[^>]* type=\"([^\"]+)\"", text))


@pytest.mark.parametrize("path", COMPONENTS, ids=tag_of)
def test_a_component_says_what_it_takes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("{% comment %}")
    said = text.split("{% endcomment %}")[0]
    declared = re.search(r"<c-vars (.*?)/>", text)
    names = re.findall(r":?([a-z_]+)=", declared[1]) if declared else []
    assert [name for name in names if name not in said and name not in COMMON] == []


# Said once in BUILDING.md: what several components take and what has a good default.
COMMON = {
    "id",
    "hint",
    "error",
    "optional",
    "level",
    "label",
    "button",
    "value",
    "name",
    "mode",
    "every",
    "type",
    "more",
}


@pytest.mark.parametrize("path", COMPONENTS, ids=tag_of)
def test_a_component_is_shown_in_the_gallery_or_within_another(path: Path) -> None:
    used = "".join(one.read_text(encoding="utf-8") for one in TEMPLATES if one != path)
    assert f"<{tag_of(path)}" in used or tag_of(path) in ALONE


# Shown by the pages of rooms only: the head of a page within its columns.
ALONE = {"c-page-head"}


@pytest.mark.parametrize("tag", ["c-page-head", "c-person-head"])
def test_a_head_renders_by_itself(tag: str) -> None:
    text = shown(
        f'<{tag} title="老人" name="李桂芳" :age="84"><c-slot name="tags"><c-tag>独居</c-tag></c-slot>做</{tag}>'
    )
    assert "<h1" in text and "做" in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_icon_named_is_in_the_sprite(path: Path) -> None:
    sprite = (UI / "static" / SPRITE).read_text(encoding="utf-8")
    named = {first or second for first, second in ICON.findall(path.read_text(encoding="utf-8"))}
    assert {name for name in named if f'id="{name}"' not in sprite} == set()


def test_the_building_page_names_every_component() -> None:
    text = (UI / "BUILDING.md").read_text(encoding="utf-8")
    assert [tag_of(path) for path in COMPONENTS if f"{tag_of(path)}" not in text] == []


@pytest.mark.parametrize(
    "text",
    [
        '<c-button :href="evil" icon="plus">{{ evil }}</c-button>',
        '<c-field label="{{ evil }}" name="a" :value="evil" :hint="evil" :error="evil" />',
        '<c-tab :href="evil" :count="evil">{{ evil }}</c-tab>',
        '<c-fact :label="evil" :value="evil" :source="evil" />',
        '<c-figure :label="evil" :value="evil" :unit="evil" />',
        '<c-confirm :title="evil" :text="evil" :action="evil" :button="evil" />',
        '<c-tick name="a" :value="evil">{{ evil }}</c-tick>',
        '<c-diff :old="evil" :new="evil" />',
        '<c-household :names="evil" :where="evil" :phone="evil"></c-household>',
        '<c-button title="{{ evil }}">a</c-button>',
    ],
)
def test_what_a_person_wrote_stays_text(text: str) -> None:
    assert "<script" not in shown(text, evil=EVIL)


def test_a_chart_s_figures_cannot_end_the_script() -> None:
    chart = gallery.Chart("c", "t", "bar", ("</script><b>",), (gallery.Series("a", (1,)),))
    assert "</script><b>" not in shown('<c-chart :chart="chart" />', chart=chart)


def test_attributes_that_are_not_declared_reach_the_element() -> None:
    assert 'hx-get="/a/"' in shown('<c-button hx-get="/a/" id="x">a</c-button>')
    assert 'data-sh-print="1"' in shown('<c-button type="button" data-sh-print="1">a</c-button>')


def test_progress_asks_again_only_with_an_address() -> None:
    assert "hx-get" not in shown('<c-progress done="1" total="2" text="在算" />')
    text = shown('<c-progress :done="done" :total="total" text="在算" poll_url="/jobs/1/" />', done=1, total=4)
    assert 'hx-get="/jobs/1/"' in text and "25.0%" in text and 'value="1" max="4"' in text


def test_a_day_that_is_not_known_stays_empty() -> None:
    assert 'value=""' in shown('<c-date-field label="哪天" name="on" :value="day" />', day=None)
    text = shown('<c-date-field label="哪天" name="on" value="2026-11-23" min="2026-01-01" error="太早" />')
    assert 'type="date"' in text and 'value="2026-11-23"' in text and 'min="2026-01-01"' in text and "太早" in text


def test_a_choice_is_found_whether_it_is_text_or_a_number() -> None:
    text = shown('<c-select label="等级" name="level" :options="pairs" value="2" />', pairs=[(1, "一级"), (2, "二级")])
    assert '<option value="2" selected>' in text and '<option value="1">' in text


def test_nothing_is_chosen_beforehand(page: str) -> None:
    assert 'type="radio" name="kind" value="home"' in page
    assert not re.search(r'name="kind"[^>]*checked', page)


def test_the_frame_shows_who_where_and_whom_to_ring(page: str) -> None:
    for said in ("周敏", "吴都社区", 'href="tel:12345"', 'aria-current="page"', 'action="#"', "退出"):
        assert said in page


def test_a_page_outside_the_frame_needs_no_shell() -> None:
    assert "<h1>没有这一页</h1>" in shown(
        '{% extends "ui/plain.html" %}{% block title %}没有这一页{% endblock %}', shell=None
    )


@pytest.mark.parametrize("name", ["chart", "map"])
def test_a_picture_keeps_its_figures_in_a_part_from_which_htmx_takes_the_scripts(name: str) -> None:
    """The pages forbid htmx scripts in what it swaps in, and that takes out the data that stand in a script too."""
    series = (pictures.Series('甲"区', (1, None)),)
    made = {
        "chart": pictures.Chart("by-age", "按年龄", "bar", ("80–84", "85–89"), series),
        "map": pictures.Map("by-place", "按区", "区", "人", (pictures.Area("4299", "甲区", "5", 1),), ((1, "不到9"),)),
    }
    text = shown('<c-chart :chart="one" />' if name == "chart" else '<c-map :map="one" />', one=made[name])
    assert "<script" not in text
    kept = re.search(r'data-sh-figures="([^"]*)"', text)
    assert kept is not None and json.loads(unescape(kept[1])) == made[name].drawn
