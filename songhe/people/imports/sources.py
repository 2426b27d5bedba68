"""The lists that departments send, as `sources.yaml` declares them, checked against the person table when read."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from songhe.kernel.errors import BadInput, NotFound
from songhe.people.terms import Source
from songhe.people.trust import trusted
from songhe.rules.facts import PERSON_TABLE, Fact, Kind

_FILE = Path(__file__).with_name("sources.yaml")
IDENTITY, NAME, BIRTH, SEX, REGION, ADDRESS, PHONE = (
    "identity", "name", "birth_date", "sex", "region", "address", "phone",
)  # fmt: skip
DEATH = "death_date"
KINDS = ("identity", "name", "date", "sex", "region", "address", "phone", "value", "death")
_WRITTEN = {True: "true", False: "false"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a list may have.

    `spellings` gives the fact's value, as text, for each way to write it (see `plain`). `begins` marks the day from
    which the row's facts are true.
    """

    key: str
    label: str
    kind: str
    headers: tuple[str, ...]
    required: bool = False
    fact: str = ""
    begins: bool = False
    accepted: str = ""
    spellings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class List:
    """One department's list. `gone` is what is true of people who are no longer on a complete list."""

    key: str
    name: str
    department: Source
    complete: bool
    registers: bool
    columns: Mapping[str, Column]
    gone: Mapping[str, str]

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the list tells."""
        return tuple(column.fact for column in self.columns.values() if column.fact)

    @property
    def tells_deaths(self) -> bool:
        """Whether its rows are deaths."""
        return DEATH in self.columns

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns without which no row can be used."""
        return tuple(column for column in self.columns.values() if column.required)


@cache
def lists() -> Mapping[str, List]:
    """All lists by key. BadInput names what `sources.yaml` has wrong."""
    entries: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {key: _list(key, entry) for key, entry in entries.items() if not key.startswith("_")}


def list_of(key: str) -> List:
    """One list. NotFound when there is none of that key."""
    found = lists().get(key)
    if found is None:
        raise NotFound("这种名册", accepted="、".join(each.name for each in lists().values()))
    return found


def plain(text: str) -> str:
    """What is written, without what people vary: width, case, blanks, brackets and what stands in them."""
    narrow = unicodedata.normalize("NFKC", text).casefold()
    while "(" in narrow and ")" in narrow[narrow.index("(") :]:
        start = narrow.index("(")
        narrow = narrow[:start] + narrow[narrow.index(")", start) + 1 :]
    return "".join(letter for letter in narrow if letter.isalnum() or letter in "√✓×")


def _list(key: str, entry: dict[str, Any]) -> List:
    columns = {name: _column(key, name, column) for name, column in entry["columns"].items()}
    gone = {fact: _value(key, PERSON_TABLE.get(fact), value) for fact, value in entry.get("gone", {}).items()}
    complete = entry["list"] == "complete"
    if complete != bool(gone) or entry["list"] not in ("complete", "changes"):
        raise BadInput(f"{_FILE.name}，{key}", "只有完整名册说得出谁不在了", accepted="complete有gone，changes没有")
    department = Source(entry["department"])
    for column in columns.values():
        if column.fact:
            trusted(column.fact, department)
    return List(key, entry["name"], department, complete, entry.get("registers", False), columns, gone)


def _column(list_key: str, key: str, entry: dict[str, Any]) -> Column:
    where = f"{_FILE.name}，{list_key}.{key}"
    kind, name = entry["kind"], entry.get("fact", "")
    if kind not in KINDS or (kind == "value") != bool(name):
        raise BadInput(where, "列的种类不对", given=str(kind), accepted="、".join(KINDS))
    spellings: dict[str, str] = {}
    for value, words in entry.get("spellings", {}).items():
        written = _value(where, PERSON_TABLE.get(name), value)
        spellings |= {plain(str(word)): written for word in words}
    headers = tuple(plain(header) for header in entry["headers"])
    return Column(
        key, entry["label"], kind, headers, entry.get("required", False), name, entry.get("begins", False),
        entry.get("accepted", ""), spellings,
    )  # fmt: skip


def _value(where: str, fact: Fact | None, value: object) -> str:
    """A value of the fact as text of the person table. BadInput for what the fact does not accept."""
    text = _WRITTEN.get(value, str(value)) if isinstance(value, bool) else str(value)
    if fact is not None:
        accepted = ("true", "false") if fact.kind is Kind.BOOL else tuple(map(str, fact.values))
        if text in accepted:
            return text
    raise BadInput(where, "没有这个事实或取值", given=text, accepted=fact.accepted if fact else "、".join(PERSON_TABLE))


def say(fact: str, value: str | None) -> str:
    """A value written as text, in Chinese."""
    known = PERSON_TABLE.get(fact)
    if known is None or value is None:
        return value or "不知道"
    if known.kind is Kind.BOOL:
        return known.say(value == "true")
    typed = int(value) if value.isdigit() and known.kind in (Kind.CODE, Kind.GRADE) else value
    return known.say(typed)
