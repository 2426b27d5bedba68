"""The quick tags write what Django's and Cotton's own write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import NoReverseMatch
from django.utils import translation

from songhe.ui import gallery
from songhe.ui.templatetags.songhe_ui import register
from tests.ui.rendering import shown

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
OWN = ("translate", "url", "cotton")
PAGES = ("ui/gallery/components.html", "ui/gallery/file.html", "ui/gallery/sheet.html", "ui/gallery/plain.html")
KEY = uuid4()
PIECES = (
    "{% translate '老人' %}",
    "{% translate '还有100%%' %}",
    "{% translate '列' context 'to choose' %}",
    "{% translate words %}",
    "{% translate '老人' as said %}[{{ said }}]",
    "{% translate '老人'|upper %}",
    "{% url 'people' %}",
    "{% url 'person' key %}",
    "{% url 'person' key|stringformat:'s' %}",
    "{% url 'person' pk=key %}",
    "{% url 'nowhere' as none %}[{{ none }}]",
    "{% url name %}",
    '<c-button href="{% url \'people\' %}" icon="plus" data-x="1">{{ evil }}</c-button>',
    '<c-fact label="{{ evil }}" value="{{ words }}" :unknown="nothing" :stale="key" />',
    '<c-fact label="{% if key %}{{ words }}{% endif %}" value=words conflict />',
    '<c-panel title="a" :more_url="unheard.of" flush><c-slot name="head">{{ evil }}</c-slot><c-tag>b</c-tag></c-panel>',
    '<c-tabs><c-tab href="#" :count="3" current="1">{{ words }}</c-tab></c-tabs>',
)  # fmt: skip


@contextmanager
def slow() -> Iterator[None]:
    """The tags as Django and Cotton have them."""
    kept = {name: register.tags.pop(name) for name in OWN}
    _forget()
    try:
        yield
    finally:
        register.tags.update(kept)
        _forget()


def _forget() -> None:
    """What was compiled is compiled anew."""
    for loader in engines["django"].engine.template_loaders:  # type: ignore[attr-defined]
        for cached in loader.loaders:
            cached.reset()


def page(name: str) -> str:
    written = render_to_string(name, gallery.context(NOW) | {"shell": gallery.SHELL}, RequestFactory().get("/"))
    return re.sub(r'(X-CSRFToken": |csrfmiddlewaretoken" value=)"\w+"', "", written)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_of_the_kit_are_the_same(name: str, language: str) -> None:
    with translation.override(language):
        quick = [page(name), page(name)]
        with slow():
            assert [page(name)] * 2 == quick


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("piece", PIECES)
def test_pieces_are_the_same(piece: str, language: str) -> None:
    context: dict[str, Any] = {
        "words": "老人", "key": KEY, "evil": '"><script>', "nothing": None, "name": "people", "none": "",
    }  # fmt: skip
    with translation.override(language):
        quick = shown(piece, **context)
        with slow():
            assert shown(piece, **context) == quick


def test_what_is_kept_is_kept_by_language() -> None:
    template = engines["django"].from_string("{% translate '老人' %}")
    with translation.override("en"):
        english = template.render()
    with translation.override("zh-hans"):
        assert template.render() == "老人" != english


def test_a_name_that_nothing_has_is_still_a_mistake() -> None:
    with pytest.raises(NoReverseMatch):
        shown("{% url 'nowhere' %}")
    with pytest.raises(NoReverseMatch):
        shown("{% url 'people' key %}", key=KEY)
