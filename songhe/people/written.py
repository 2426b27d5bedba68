"""Rows, boxes, tabs and heads of a list written out: hundreds of small pieces, too many for tags of a template.

They wear the dress of `c-tick`, `c-tab` and `c-th`. What comes from a file, a filter or a catalogue is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from songhe.people.presenters import Column, Row
from songhe.people.presenters_list import Box, Boxes, Head, Tab
from songhe.ui.formats import number
from songhe.ui.templatetags.songhe_ui import icon

_SORTED = {"up": ("ascending", "arrow-up"), "down": ("descending", "arrow-down")}


def rows(people: Iterable[Row], *, choose: bool) -> SafeString:
    """One `tr` a person, with a box to choose by on demand."""
    label = escape(_("选%(name)s"))
    written = []
    for row in people:
        name = escape(row.name)
        box = (
            f'<td class="sh-check"><input class="sh-choose" type="checkbox" name="person" value="{row.id}" '
            f'aria-label="{label % {"name": name}}"></td>'
            if choose
            else ""
        )
        written.append(f'<tr>{box}<td class="sh-main"><a href="{escape(row.url)}">{name}</a></td>{row.cells}</tr>\n')
    return SafeString("".join(written))


def boxes(those: Iterable[Box]) -> SafeString:
    """Ticks with what they say and how many they find; a part that has parts leads to them."""
    only = escape(_("只看%(words)s"))
    return SafeString("".join(_box(box, only) for box in those))


def _box(box: Box, only: str) -> str:
    words = escape(box.words)
    title = f' title="{escape(box.meaning)}"' if box.meaning else ""
    deeper = ""
    if box.url:
        said = only % {"words": words}
        arrow = icon("chevron-right")
        deeper = f' <a href="{escape(box.url)}" title="{said}" aria-label="{said}">{arrow}</a>'
    count = "" if box.count is None else f'<span class="sh-tick__count">{number(box.count)}</span>'
    return _tick(box.name, box.value, words + deeper, checked=box.checked, title=title, count=count)


def questions(groups: Iterable[Boxes]) -> SafeString:
    """The questions of the filter column, each with its boxes."""
    return SafeString(
        "".join(
            f'<fieldset class="sh-filters__group"><legend class="sh-filters__head"><span>{escape(group.title)}</span>'
            f"</legend>{boxes(group.boxes)}</fieldset>"
            for group in groups
        )
    )


def columns(those: Iterable[tuple[Column, bool]]) -> SafeString:
    """The columns one can choose, ticked where they are shown."""
    return SafeString(
        "".join(_tick("column", column.code, escape(_(column.head)), checked=shown) for column, shown in those)
    )


def _tick(name: str, value: str, words: str, *, checked: bool, title: str = "", count: str = "") -> str:
    tick = " checked" if checked else ""
    return (
        f'<label class="sh-tick"{title}><input type="checkbox" name="{name}" value="{escape(value)}"{tick}>'
        f'<span class="sh-tick__word">{words}</span>{count}</label>'
    )


def tabs(those: Iterable[Tab]) -> SafeString:
    """The views as tabs."""
    written = []
    for tab in those:
        current = ' aria-current="page"' if tab.current else ""
        count = "" if tab.count is None else f'<span class="sh-tabs__count">{number(tab.count)}</span>'
        written.append(f'<a href="{escape(tab.url)}"{current}>{escape(tab.words)}{count}</a>')
    return SafeString("".join(written))


def heads(those: Sequence[Head]) -> SafeString:
    """The heads of the columns."""
    return SafeString("".join(map(_head, those)))


def _head(head: Head) -> str:
    kind = ' class="sh-num"' if head.number else ""
    order, arrow = _SORTED.get(head.sorted, ("", ""))
    sort = f' aria-sort="{order}"' if order else ""
    words = escape(head.words)
    if head.url:
        words = f'<a href="{escape(head.url)}">{words}{icon(arrow) if arrow else ""}</a>'
    return f'<th scope="col"{kind}{sort}>{words}</th>'
