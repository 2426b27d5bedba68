"""The form of a draft's list itself: its name, its time, the figures its items share, its groups and its notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from songhe.policy.item_form import FIGURE, Row, figure_lines, figure_rows, sent_rows, words_of
from songhe.policy.writing import list_lines, read_blocks, rewritten, scalar_lines, text_word, word_again

ORDER = (
    "list title region region_name instrument from until extends items unconfirmed categories types parameters groups "
    "notes"
).split()
TEXTS = ("title", "instrument", "from", "until", "items")
GROUP = ("name", "title", "pays", "limit", "clause")
CATEGORY = ("name", "title")
TABLES: Mapping[str, Sequence[str]] = {"figure": FIGURE, "group": GROUP, "category": CATEGORY}
_BARE = frozenset({"from", "until", "items"})


@dataclass(slots=True)
class ListForm:
    """The values as words; a shared figure has a row for each dated value."""

    texts: Row = field(default_factory=dict)
    figures: list[Row] = field(default_factory=list)
    groups: list[Row] = field(default_factory=list)
    categories: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def parts(self) -> dict[str, Any]:
        """What is compared to tell which keys of the file are to be written anew."""
        return {
            **{key: self.texts.get(key, "") for key in TEXTS}, "parameters": self.figures, "groups": self.groups,
            "categories": self.categories, "notes": self.notes,
        }  # fmt: skip

    def rows(self, table: str) -> list[Row]:
        """The rows of one of `TABLES`."""
        return {"figure": self.figures, "group": self.groups, "category": self.categories}[table]


def list_form_of_text(text: str) -> ListForm:
    """The values in list.yaml; BadInput when it cannot be taken apart."""
    values = {block.key: block.value for block in read_blocks(text)[1]}
    return ListForm(
        texts={key: _word(values.get(key)) for key in TEXTS},
        figures=list(figure_rows(values.get("parameters"))),
        groups=list(_group_rows(values.get("groups"))),
        categories=list(_category_rows(values.get("categories"))),
        notes=words_of(values.get("notes")),
    )


def list_form_of_post(sent: QueryDict) -> ListForm:
    """The values as they were sent; rows in which nothing stands are left out."""
    return ListForm(
        texts={key: " ".join(sent.get(key, "").split()) for key in TEXTS},
        figures=sent_rows(sent, "figure", FIGURE),
        groups=sent_rows(sent, "group", GROUP),
        categories=sent_rows(sent, "category", CATEGORY),
        notes=[line.strip() for line in sent.get("notes", "").splitlines() if line.strip()],
    )


def text_of_list_form(form: ListForm, text: str) -> str:
    """The text of list.yaml with what the form says otherwise."""
    old = list_form_of_text(text).parts()
    known = {block.key: block.value for block in read_blocks(text)[1]}
    changed = {key: _lines(key, value, known.get(key)) for key, value in form.parts().items() if value != old[key]}
    return rewritten(text, changed, ORDER)


def _lines(key: str, value: Any, known: Any) -> list[str]:
    if not value:
        return []
    writer = _WRITERS.get(key)
    return scalar_lines(key, value, as_text=key not in _BARE) if writer is None else writer(value, known)


def _group_lines(rows: Sequence[Row], known: Any) -> list[str]:
    """The groups one after another; what the form does not know of one stays with it."""
    kept = known if isinstance(known, dict) else {}
    lines = ["groups:"]
    for row in rows:
        lines.append(f"  {row['name']}:")
        for key in GROUP[1:]:
            lines += scalar_lines(key, row[key], indent="    ")
        before = kept.get(row["name"])
        for key, value in before.items() if isinstance(before, dict) else ():
            if key not in GROUP:
                lines += _kept_lines(key, value)
    return lines


def _kept_lines(key: str, value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return [f"    {line}" for line in list_lines(key, value)]
    return [f"    {key}: {word_again(value)}"]


_WRITERS: Mapping[str, Callable[[Any, Any], list[str]]] = {
    "parameters": figure_lines,
    "groups": _group_lines,
    "categories": lambda rows, _: ["categories:", *(f"  {row['name']}: {text_word(row['title'])}" for row in rows)],
    "notes": lambda notes, _: list_lines("notes", notes),
}


def _group_rows(value: Any) -> Iterator[Row]:
    for name, group in value.items() if isinstance(value, dict) else ():
        known = group if isinstance(group, dict) else {}
        yield {"name": name, **{key: _word(known.get(key)) for key in GROUP[1:]}}


def _category_rows(value: Any) -> Iterator[Row]:
    for name, title in value.items() if isinstance(value, dict) else ():
        yield {"name": name, "title": _word(title)}


def _word(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
