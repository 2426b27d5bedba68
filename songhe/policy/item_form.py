"""The form of an item: its values out of the file's text or out of what was sent, and the text they make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from songhe.policy.writing import (
    bare_word,
    flow,
    list_lines,
    read_blocks,
    rewritten,
    scalar_lines,
    text_word,
    word_again,
)
from songhe.rules.facts import PERSON_TABLE, Kind

ORDER = (
    "item number name category type applied_for lead clause audience standard unconfirmed parameters who gives also "
    "group notes examples"
).split()
TEXTS = ("item", "name", "category", "type", "clause", "audience", "standard", "who", "group")
GIFT_KINDS = ("cash", "discount", "times", "service")
FIGURE = ("name", "label", "unit", "from", "until", "value", "clause")
EXAMPLE = ("case", "on", "given", "outcome", "missing", "amount", "payable")
MOST_ROWS = 60
NOTHING = "无"
_SPLIT = re.compile(r"[、,，;；\s]+")
PAIR = re.compile(r"\s*([A-Za-z_]+)\s*[:=：]\s*('[^']*'|\"[^\"]*\"|[^,，;；\n]*)")
_NAMED = {"groups": "group", "categories": "category"}
Row = dict[str, str]


@dataclass(slots=True)
class ItemForm:
    """The values as words. A figure with several dated values has a row each; an example's facts are one text."""

    texts: Row = field(default_factory=dict)
    number: str = ""
    applied_for: bool = False
    lead: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gift: Row = field(default_factory=dict)
    figures: list[Row] = field(default_factory=list)
    examples: list[Row] = field(default_factory=list)

    def parts(self) -> dict[str, Any]:
        """What is compared to tell which keys of the file are to be written anew."""
        return {
            **{key: self.texts.get(key, "") for key in TEXTS}, "number": self.number,
            "applied_for": self.applied_for, "lead": self.lead, "notes": self.notes, "gives": self.gift,
            "parameters": self.figures, "examples": self.examples,
        }  # fmt: skip


def form_of_text(text: str) -> ItemForm:
    """The values in a file; BadInput when it cannot be taken apart."""
    _, blocks = read_blocks(text)
    values = {block.key: block.value for block in blocks}
    return ItemForm(
        texts={key: _joined(values.get(key)) for key in TEXTS},
        number=_word(values.get("number")),
        applied_for=_word(values.get("applied_for")) == "true",
        lead=words_of(values.get("lead")),
        notes=words_of(values.get("notes")),
        gift=_gift(values.get("gives")),
        figures=list(figure_rows(values.get("parameters"))),
        examples=[_example(row) for row in _rows(values.get("examples"))],
    )


def form_of_post(sent: QueryDict) -> ItemForm:
    """The values as they were sent; rows in which nothing stands are left out."""
    return ItemForm(
        texts={key: " ".join(sent.get(key, "").split()) for key in TEXTS},
        number=sent.get("number", "").strip(),
        applied_for=sent.get("applied_for") == "true",
        lead=[part for part in _SPLIT.split(sent.get("lead", "")) if part],
        notes=[line.strip() for line in sent.get("notes", "").splitlines() if line.strip()],
        gift={
            "kind": sent.get("gift_kind", ""), "amount": " ".join(sent.get("gift_amount", "").split()),
            "per": sent.get("gift_per", ""), "of": sent.get("gift_of", "").strip(),
        },
        figures=sent_rows(sent, "figure", FIGURE),
        examples=sent_rows(sent, "example", EXAMPLE),
    )  # fmt: skip


def text_of_form(form: ItemForm, text: str) -> str:
    """The file's text with what the form says otherwise."""
    old = form_of_text(text).parts() if text.strip() else ItemForm().parts()
    known = {block.key: block.value for block in read_blocks(text)[1]} if text.strip() else {}
    changed = {key: _lines(key, value, known) for key, value in form.parts().items() if value != old[key]}
    return rewritten(text, changed, ORDER) if text.strip() else _new(changed)


def _new(changed: Mapping[str, Sequence[str]]) -> str:
    return "\n".join(line for key in ORDER for line in changed.get(key, ())) + "\n"


def fields_by_line(text: str) -> list[tuple[int, str]]:
    """From which line on a field of the form is spoken of: (12, "who"), (20, "figure-0"), (31, "example-2")."""
    found: list[tuple[int, str]] = []
    for block in read_blocks(text)[1]:
        found.append((block.first, block.key))
        if block.key == "examples" and isinstance(block.value, list):
            found += [(node.start_mark.line + 1, f"example-{index}") for index, node in enumerate(block.node.value)]
        elif block.key == "parameters" and isinstance(block.value, dict):
            found += _figures_by_line(block.node.value)
        elif block.key in _NAMED and isinstance(block.value, dict):
            named = enumerate(block.node.value)
            found += [(name.start_mark.line + 1, f"{_NAMED[block.key]}-{index}") for index, (name, _) in named]
    return found


def _figures_by_line(children: Sequence[Any]) -> Iterator[tuple[int, str]]:
    """A figure and, if it has several, each of its dated values."""
    figure = 0
    for name, parameter in children:
        yield name.start_mark.line + 1, f"figure-{figure}"
        rows = [value for key, value in getattr(parameter, "value", []) if key.value == "values"]
        dated = rows[0].value if rows and isinstance(rows[0].value, list) else []
        yield from ((node.start_mark.line + 1, f"figure-{figure + index}") for index, node in enumerate(dated))
        figure += max(1, len(dated))


def field_at(marks: Sequence[tuple[int, str]], line: int) -> str:
    """The field to which a line belongs, "item" for what stands before all."""
    return next((name for first, name in reversed(marks) if first <= line), "item")


def _lines(key: str, value: Any, known: Mapping[str, Any]) -> list[str]:
    if key == "parameters":
        return figure_lines(value, known.get("parameters"))
    writer = _WRITERS.get(key, lambda word: scalar_lines(key, word))
    return writer(value) if value else []


def _gift_lines(gift: Row) -> list[str]:
    kind = gift["kind"]
    if kind not in GIFT_KINDS:
        return []
    if kind == "service":
        return [f"gives: {flow([('service', text_word(gift['amount']))])}"]
    rest = [(key, text_word(gift[key])) for key in ("per", "of") if gift[key]]
    line = f"gives: {flow([(kind, bare_word(gift['amount'])), *rest])}"
    if len(line) <= 112:
        return [line]
    amount = scalar_lines(kind, gift["amount"], indent="  ", as_text=False)
    return ["gives:", *amount, *(f"  {key}: {word}" for key, word in rest)]


_WRITERS: Mapping[str, Callable[[Any], list[str]]] = {
    "number": lambda value: scalar_lines("number", value, as_text=False),
    "applied_for": lambda _: ["applied_for: true"],
    "lead": lambda value: [f"lead: [{', '.join(map(text_word, value))}]"],
    "notes": lambda value: list_lines("notes", value),
    "gives": _gift_lines,
    "examples": lambda rows: ["examples:", *(f"  - {_example_line(row)}" for row in rows)],
}


def figure_lines(rows: Sequence[Row], known: Any) -> list[str]:
    """The figures one after another, each with its dated values; what the form does not know of one stays."""
    names = list(dict.fromkeys(row["name"] for row in rows))
    kept = known if isinstance(known, dict) else {}
    lines = ["parameters:"] if names else []
    for name in names:
        own = [row for row in rows if row["name"] == name]
        lines.append(f"  {name}:")
        lines += scalar_lines("unit", own[0]["unit"], indent="    ")
        lines += scalar_lines("label", own[0]["label"], indent="    ")
        before = kept.get(name)
        for key, value in before.items() if isinstance(before, dict) else ():
            if key not in ("unit", "label", "values"):
                lines.append(f"    {key}: {word_again(value)}")
        dated = [row for row in own if row["from"] or row["value"] or row["until"]]
        lines.append("    values:" if dated else "    values: []")
        lines += [f"      - {_figure_line(row)}" for row in dated]
    return lines


def _figure_line(row: Row) -> str:
    days = [(key, bare_word(row[key])) for key in ("from", "until", "value") if row[key]]
    return flow([*days, ("clause", text_word(row["clause"]) if row["clause"] else "")])


def _example_line(row: Row) -> str:
    missing = [part for part in _SPLIT.split(row["missing"]) if part and part != NOTHING]
    pairs = [
        ("case", text_word(row["case"]) if row["case"] else ""), ("on", bare_word(row["on"]) if row["on"] else ""),
        ("given", flow(_given(row["given"])) or "{}"), ("outcome", row["outcome"]),
    ]  # fmt: skip
    if missing or row["missing"] == NOTHING or row["outcome"] == "unknown":
        pairs.append(("missing", f"[{', '.join(map(text_word, missing))}]"))
    return flow([*pairs, *((key, bare_word(row[key])) for key in ("amount", "payable") if row[key])])


def _given(text: str) -> Iterator[tuple[str, str]]:
    """The facts of an example: 事实: 值, one after another; texts of the person table get their quotes."""
    for name, given in PAIR.findall(text):
        value = given.strip().strip("'\"")
        fact = PERSON_TABLE.get(name)
        as_text = fact is not None and fact.kind in (Kind.REGION, Kind.WORD)
        yield name, (text_word(value) if as_text else bare_word(value)) or "''"


def _gift(value: Any) -> Row:
    gift = {"kind": "", "amount": "", "per": "", "of": ""}
    if isinstance(value, dict):
        kind = next((key for key in GIFT_KINDS if key in value), "")
        gift |= {"kind": kind, "amount": _joined(value.get(kind)), "per": _word(value.get("per"))}
        gift["of"] = _joined(value.get("of"))
    return gift


def figure_rows(value: Any) -> Iterator[Row]:
    """The figures under `parameters`, a row for each dated value; one row for a figure without any."""
    for name, parameter in value.items() if isinstance(value, dict) else ():
        if not isinstance(parameter, dict):
            continue
        shared = {"name": name, "label": _word(parameter.get("label")), "unit": _word(parameter.get("unit"))}
        for row in _rows(parameter.get("values")) or [{}]:
            yield {**shared, **{key: _word(row.get(key)) for key in ("from", "until", "value", "clause")}}


def _example(row: Mapping[str, Any]) -> Row:
    given = row.get("given")
    facts = given.items() if isinstance(given, dict) else ()
    found = {key: _word(row.get(key)) for key in EXAMPLE}
    found["given"] = ", ".join(f"{name}: {_word(value)}" for name, value in facts)
    found["missing"] = "、".join(words_of(row.get("missing"))) or (NOTHING if row.get("missing") == [] else "")
    return found


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def words_of(value: Any) -> list[str]:
    """The texts of a list; none for what is no list."""
    return [str(part) for part in value if isinstance(part, str)] if isinstance(value, list) else []


def _word(value: Any) -> str:
    return str(value) if isinstance(value, str) else ""


def _joined(value: Any) -> str:
    return " ".join(_word(value).split())


def sent_rows(sent: QueryDict, name: str, keys: Sequence[str]) -> list[Row]:
    """The rows of a table: `figure-0-value`, and so on; without those in which nothing stands."""
    return [row for _, row in _numbered(sent, name, keys)]


def sent_places(sent: QueryDict, name: str, keys: Sequence[str]) -> list[int]:
    """The number that each of `sent_rows` has on the page."""
    return [index for index, _ in _numbered(sent, name, keys)]


def _numbered(sent: QueryDict, name: str, keys: Sequence[str]) -> list[tuple[int, Row]]:
    """Rows that are filled, with their numbers; those of one figure together, as its file will have them."""
    rows = []
    for index in range(MOST_ROWS):
        row = {key: " ".join(sent.get(f"{name}-{index}-{key}", "").split()) for key in keys}
        if any(row.values()):
            rows.append((index, row))
    named = [row.get("name", "") for _, row in rows]
    return sorted(rows, key=lambda one: named.index(one[1].get("name", "")))
