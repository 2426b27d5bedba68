"""An item for who reads and does not write: figures, facts and clauses in words instead of the keys of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from songhe.kernel.errors import BadInput
from songhe.policy.item_form import PAIR
from songhe.policy.presenters import clause_words
from songhe.policy.presenters_form import Line, Shown
from songhe.rules.facts import PERSON_TABLE, Fact, Kind
from songhe.rules.units import in_words, parse_unit
from songhe.ui.formats import exact_day


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a figure."""

    label: str
    value: str
    unit: str
    since: str
    until: str
    clause: str


@dataclass(frozen=True, slots=True)
class Case:
    """One example of the file, and how it ran."""

    words: str
    day: str
    facts: str
    outcome: str
    line: Line


@dataclass(frozen=True, slots=True)
class Read:
    """What the page shows in words."""

    clause: str
    figures: list[Figure]
    cases: list[Case]


def read_of(page: Shown) -> Read:
    """The item of the page in words."""
    said, form = clause_words(), page.form
    return Read(
        clause=said(form.texts.get("clause", "")),
        figures=[
            Figure(
                row["label"] or row["name"], row["value"], _unit(row["unit"]), _day(row["from"]), _day(row["until"]),
                said(row["clause"]),
            )
            for row in form.figures
        ],
        cases=[_case(line, line.values) for line in page.examples if line.values["case"]],
    )  # fmt: skip


def facts_words(text: str) -> str:
    """The facts of an example: 救助类别：低保，户口性质：城镇."""
    said = []
    for name, given in PAIR.findall(text):
        fact, value = PERSON_TABLE.get(name), given.strip().strip("'\"")
        said.append(f"{fact.label}：{_value(fact, value)}" if fact else f"{name}：{value}")
    return "，".join(said)


def _case(line: Line, row: Mapping[str, str]) -> Case:
    return Case(row["case"], _day(row["on"]), facts_words(row["given"]), row["outcome"], line)


def _value(fact: Fact, value: str) -> str:
    if fact.kind is Kind.DATE:
        return _day(value)
    typed: Any = {"true": True, "false": False}.get(value, value)
    if fact.kind in (Kind.CODE, Kind.GRADE) and value.isascii() and value.isdigit():
        typed = int(value)
    return fact.say(typed)


def _day(text: str) -> str:
    try:
        return exact_day(date.fromisoformat(text))
    except ValueError:
        return text


def _unit(text: str) -> str:
    try:
        return in_words(parse_unit(text))
    except BadInput:
        return text
