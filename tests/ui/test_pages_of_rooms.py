"""What the pages of all rooms take from the kit: components there are, attributes they know, classes with a style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "songhe"
COMPONENTS = {f"c-{path.stem.replace('_', '-')}": path for path in (PACKAGE / "ui/templates/cotton").glob("*.html")}
PAGES = sorted(path for path in PACKAGE.rglob("templates/**/*.html") if path.parent.name != "cotton")
STYLES = "".join(
    path.read_text(encoding="utf-8") for path in PACKAGE.rglob("static/**/*.css") if "vendor" not in path.parts
)
STYLED = set(re.findall(r"\.(sh-[\w-]+)", STYLES))
SCRIPTS = "".join(
    path.read_text(encoding="utf-8") for path in PACKAGE.rglob("static/**/*.js") if "vendor" not in path.parts
)
# Attributes of the element itself, which a component passes on.
HTML = re.compile(
    r"(hx|data|aria)-[\w-]+|id|class|hidden|name|value|title|form|type|role|autocomplete|inputmode|min|max|step|maxlength|"
    r"minlength|pattern|placeholder|required|readonly|autofocus|target|rel|rows|multiple|formaction|download|spellcheck|"
    r"disabled|accept|accesskey|lang|attrs|formnovalidate"
)


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def uses(text: str) -> list[tuple[str, list[str]]]:
    """Each component with the names of its attributes."""
    bare = re.sub(r"{%.*?%}|{{.*?}}", "x", text, flags=re.DOTALL)
    tags = re.findall(r"<(c-[\w-]+)((?:\s+[:\w-]+(?:=(?:\"[^\"]*\"|'[^']*'))?)*)\s*/?>", bare)
    return [(tag, re.findall(r"([:\w-]+)(?:=(?:\"[^\"]*\"|'[^']*'))?", inside)) for tag, inside in tags]


def declared(tag: str) -> set[str]:
    found = re.search(r"<c-vars (.*?)/>", COMPONENTS[tag].read_text(encoding="utf-8"))
    own = set(re.findall(r":?([a-z_]+)=", found[1])) if found else set()
    return own | declared("c-field") if tag == "c-date-field" else own


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_uses_components_as_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    asked = set(re.findall(r"<(c-[\w-]+)", text)) - {"c-slot", "c-vars"}
    assert asked <= set(COMPONENTS)
    unknown = [
        (tag, attribute)
        for tag, attributes in uses(text)
        if tag in COMPONENTS
        for attribute in (one.lstrip(":") for one in attributes)
        if attribute not in declared(tag) and not HTML.fullmatch(attribute)
    ]
    assert unknown == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_s_classes_are_styled(path: Path) -> None:
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    classes = {one for found in re.findall(r'class="([^"]*)"', text) for one in found.split() if one.startswith("sh-")}
    complete = {one for one in classes if not one.endswith("-")}
    assert complete - STYLED == set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_asks_the_scripts_for_what_they_do(path: Path) -> None:
    asked = set(re.findall(r"\bdata-sh-[\w-]+", path.read_text(encoding="utf-8")))
    assert {one for one in asked if one not in SCRIPTS} == set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_has_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|javascript:|hx-on|<style", text)
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text) == []
