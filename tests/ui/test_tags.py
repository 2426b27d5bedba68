"""Template tags: times with the exact one on hover, icons that keep silent, controls wired to their hint and error."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.template import TemplateSyntaxError

from tests.ui import rendering

TODAY = date(2026, 11, 23)


def shown(text: str, **context: Any) -> str:
    return rendering.shown(text, **{"today": TODAY, **context})


def test_a_time_shows_the_exact_one_on_hover() -> None:
    at = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    assert shown("{% moment at %}", at=at) == (
        '<time datetime="2026-11-23T14:30:00+08:00" title="2026年11月23日 14:30:00">今天 14:30</time>'
    )
    assert shown("{% day at %}", at=at) == '<time datetime="2026-11-23" title="2026年11月23日">今天</time>'
    assert ">25个月前<" in shown("{% since at %}", at=date(2024, 10, 15))
    assert shown("{% day_with_week %}") == "11月23日 星期一"


def test_the_evening_of_utc_is_the_next_day_here() -> None:
    assert ">明天 00:30<" in shown("{% moment at %}", at=datetime(2026, 11, 23, 16, 30, tzinfo=UTC))


def test_nothing_is_a_dash() -> None:
    tags = "{% day n %}{% moment n %}{% since n %}{% money_fen n %}{{ n|number }}{{ ''|number }}{{ n|or_dash }}"
    assert shown(tags, n=None) == "–" * 7
    assert shown("{{ 0|or_dash }}") == "0"


def test_a_time_without_a_today_is_a_mistake() -> None:
    with pytest.raises(TemplateSyntaxError, match="today"):
        shown("{% day at %}", at=TODAY, today=None)


def test_money_has_its_unit() -> None:
    assert shown("{% money_fen 18640 '元/月' %}") == "186.40<span class='sh-unit'>元/月</span>"


def test_figures_in_text_are_figures_unless_they_begin_with_zero() -> None:
    assert shown("{{ '9418'|number }} {{ '0027'|number }} {{ '41 / 52'|number }} {{ -3|change }} {{ 1|part:8 }}") == (
        "9,418 0027 41 / 52 −3 12.5%"
    )


def test_an_icon_is_silent_unless_it_has_a_word() -> None:
    assert 'aria-hidden="true"' in shown('{% icon "phone" %}')
    assert 'role="img" aria-label="办完"' in shown('{% icon "check" "18" "办完" %}')
    assert "sprite.svg#phone" in shown('{% icon "phone" %}')


def test_what_is_put_into_a_tag_is_escaped() -> None:
    assert "<script>" not in shown('{% icon name "" label %}', name="<script>", label='"><script>')


def test_the_words_of_a_block_can_be_said_again_without_its_tags() -> None:
    page = '{% extends "ui/print.html" %}{% block title %}<b>名单</b> {{ n }}{% endblock %}'
    text = shown(page, n="<3")
    assert "<title>名单 &lt;3 · 松鹤</title>" in text
    assert "<h1><b>名单</b> &lt;3</h1>" in text


class Visit(forms.Form):
    """A control of each kind."""

    who = forms.CharField(label="谁", help_text="写姓名")
    kind = forms.ChoiceField(label="怎么", choices=[("a", "上门")], widget=forms.RadioSelect)
    again = forms.BooleanField(label="再去", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    word = forms.CharField(label="密码", widget=forms.PasswordInput, required=False)


def test_a_control_is_wired_to_its_hint_and_error() -> None:
    form = Visit({"kind": "b"})
    text = shown('<c-bound :field="form.who" />', form=form)
    assert 'aria-describedby="id_who-hint id_who-error"' in text
    assert 'aria-invalid="true"' in text
    assert 'id="id_who-hint"' in text
    assert 'id="id_who-error"' in text
    assert 'for="id_who"' in text


def test_radios_become_answers_and_a_box_keeps_its_word() -> None:
    form = Visit()
    radios = shown('<c-bound :field="form.kind" />', form=form)
    assert radios.startswith("<fieldset") and "<legend>怎么" in radios and "checked" not in radios
    assert 'type="checkbox"' in shown('<c-bound :field="form.again" />', form=form)
    assert 'data-sh-show="id_word"' in shown('<c-bound :field="form.word" />', form=form)
    assert 'type="hidden"' in shown('<c-bound :field="form.key" />', form=form)
