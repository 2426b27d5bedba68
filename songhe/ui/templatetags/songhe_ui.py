"""Tags that write figures, times and icons. They are builtins of the engine: no `{% load %}` is needed.

`day`, `moment`, `since` and `day_with_week` read `today` from the context; without it a page with a time is a bug.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from html import unescape
from typing import Any

from django import forms, template
from django.template.context import Context
from django.template.engine import Engine
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from songhe.kernel.told import phrase
from songhe.ui import formats, quick
from songhe.ui.shell import Shell, unwrapped
from songhe.ui.words import said

register = template.Library()
_TOKEN = "the token of the form stands here"  # noqa: S105 the place of one
SPRITE = "ui/vendor/tabler-icons/sprite.svg"

register.tag("translate", quick.translate)
register.tag("url", quick.address)
register.tag("cotton", quick.component)
register.filter("masked_id", formats.masked_id)
register.filter("masked_phone", formats.masked_phone)
register.filter("yuan", formats.yuan)
register.filter("ten_thousand_yuan", formats.ten_thousand_yuan)
register.filter("percent", formats.percent)


@register.filter
def number(value: Any, places: int = 0) -> str:
    """12,486, or – for None and the empty string; text that is not a whole number passes unchanged."""
    if value in (None, ""):
        return formats.NOTHING
    if isinstance(value, str) and value.isdecimal() and not value.startswith("0"):
        value = int(value)
    return formats.number(value, places) if isinstance(value, int | float | Decimal) else str(value)


@register.filter
def change(value: Any, places: int = 0) -> str:
    """+25,973 or −1,846."""
    return formats.change(None if value == "" else value, places)


@register.filter
def part(of: Any, whole: Any) -> str:
    """The share of the whole in percent."""
    return formats.part(of, whole)


@register.filter
def or_dash(value: Any) -> Any:
    """The value, or – when there is none: zero stays zero."""
    return formats.NOTHING if value in (None, "") else value


@register.simple_tag
def money_fen(fen: int | None, unit: str = phrase("元")) -> SafeString | str:
    """186.40元; the unit may be 元/月."""
    if fen is None:
        return formats.NOTHING
    return format_html("{}<span class='sh-unit'>{}</span>", formats.yuan(fen), said(unit))


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | datetime | None) -> SafeString | str:
    """今天, 昨天, 11月18日 or 2024年10月15日, with the exact day on hover."""
    if value is None:
        return formats.NOTHING
    plain = _local(value).date() if isinstance(value, datetime) else value
    return _time(plain.isoformat(), formats.exact_day(plain), formats.day(plain, _today(context)))


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None) -> SafeString | str:
    """今天 14:30, with the exact time on hover."""
    if value is None:
        return formats.NOTHING
    local = _local(value)
    exact = formats.exact_moment(local)
    return _time(local.isoformat(timespec="seconds"), exact, formats.moment(local, _today(context)))


@register.simple_tag(takes_context=True)
def since(context: Context, value: date | datetime | None) -> SafeString | str:
    """2个月前, with the exact day on hover."""
    if value is None:
        return formats.NOTHING
    plain = _local(value).date() if isinstance(value, datetime) else value
    return _time(plain.isoformat(), formats.exact_day(plain), formats.since(plain, _today(context)))


@register.simple_tag(takes_context=True)
def day_with_week(context: Context, value: date | None = None) -> str:
    """11月23日 星期一; today when no day is given."""
    today = _today(context)
    return formats.day_with_week(value or today, today)


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A drawing of the sprite, silent for screen readers unless it has a label; size "", "18", "28" or "48"."""
    kind = f"sh-icon sh-icon--{size}" if size else "sh-icon"
    address = f"{static(SPRITE)}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', kind, label, address)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', kind, address)


@register.simple_tag(takes_context=True)
def framed(context: Context, name: str) -> SafeString:
    """A part of the frame. It says the same as long as the shell does, so it is drawn once and kept."""
    template_engine = context.template.engine if context.template is not None else Engine.get_default()
    drawn = _drawn(template_engine, name, unwrapped(context["shell"]), get_language())
    return SafeString(drawn.replace(_TOKEN, str(context.get("csrf_token") or "")))


@lru_cache(maxsize=400)
def _drawn(engine: Engine, name: str, shell: Shell, _language: str) -> str:
    return engine.get_template(name).render(Context({"shell": shell, "csrf_token": _TOKEN}))


@register.simple_tag(takes_context=True)
def block_again(context: Context, name: str) -> str:
    """The words of a block once more, without its tags: the page's title in the window's title."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    return " ".join(unescape(strip_tags(block.render(context))).split()) if block is not None else ""


@register.simple_tag
def options_of(options: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    """The options of a select, value and word each, with the chosen one: some have dozens."""
    value = str(chosen)
    return SafeString("".join(_option(str(key), word, chosen=str(key) == value) for key, word in options))


def _option(key: str, word: Any, *, chosen: bool) -> str:
    selected = " selected" if chosen else ""
    return f'<option value="{conditional_escape(key)}"{selected}>{conditional_escape(word)}</option>'


@register.simple_tag
def widget(field: forms.BoundField, kind: str = "") -> SafeString:
    """A form field's control in the kit's dress; hint and error are wired by `c-bound`."""
    own = field.field.widget
    attributes: dict[str, str | bool] = {}
    described = [f"{field.auto_id}-hint"] if field.help_text else []
    described += [f"{field.auto_id}-error"] if field.errors else []
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if not isinstance(own, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        attributes["class"] = f"sh-input {own.attrs.get('class', '')} {kind}".strip()
    return field.as_widget(attrs=attributes)


@register.filter
def is_kind(field: forms.BoundField, kinds: str) -> bool:
    """Whether the field's control is one of `checkbox,radio,checks,hidden,file,password`."""
    own = field.field.widget
    known: dict[str, type[forms.Widget]] = {
        "checks": forms.CheckboxSelectMultiple,
        "radio": forms.RadioSelect,
        "checkbox": forms.CheckboxInput,
        "hidden": forms.HiddenInput,
        "file": forms.FileInput,
        "password": forms.PasswordInput,
    }
    named = next((name for name, kind in known.items() if isinstance(own, kind)), "")
    return named in kinds.split(",")


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _today(context: Context) -> date:
    today = context.get("today")
    if not isinstance(today, date):
        raise template.TemplateSyntaxError("a page that says a time needs `today` in its context")
    return today


def _time(machine: str, exact: str, said: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, said)
