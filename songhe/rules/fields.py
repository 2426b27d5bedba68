"""Reading one mapping of a list or item file: each key taken once, each misfit a problem with file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from songhe.kernel.clauses import Clause
from songhe.kernel.errors import BadInput
from songhe.rules import located
from songhe.rules.parse import LARGEST, MAX_DECIMALS

T = TypeVar("T")
_CLAUSE = "文件编号/章节，如ezhou-2023/annex-1/3"


@dataclass(slots=True)
class Problems:
    """What is wrong with a list, in the order found. `instruments` are the documents a clause may name."""

    instruments: frozenset[str] = frozenset()
    found: list[BadInput] = field(default_factory=list)

    def add(self, where: str, problem: str, *, given: str = "", accepted: str = "") -> None:
        """Notes a problem."""
        self.found.append(BadInput(where, problem, given=given, accepted=accepted))

    def attempt(self, work: Callable[[], T]) -> T | None:
        """The result of `work`, or None with the problem noted when it was refused."""
        try:
            return work()
        except BadInput as error:
            self.found.append(error)
            return None


class Fields:
    """The keys of one mapping. What is not asked for by `only` is a problem of its own."""

    def __init__(self, values: located.Mapping, path: Path, problems: Problems) -> None:
        self._values = values
        self._path = path
        self.problems = problems

    def where(self, key: str) -> str:
        """File and line of a key."""
        return f"{self._path}:{self._values.line_of(key)}"

    def line(self, key: str) -> int:
        """The line of a key."""
        return self._values.line_of(key)

    def has(self, key: str) -> bool:
        """Whether the key is there and not empty."""
        return self._values.get(key) is not None

    def only(self, *known: str) -> None:
        """Notes every key that is not known."""
        for key in self._values:
            if key not in known:
                self.problems.add(self.where(key), f"没有“{key}”这个键", accepted="、".join(known))

    def refuse(self, key: str, problem: str, accepted: str) -> None:
        """Notes a problem with a key, its value shown."""
        value = self._values.get(key)
        self.problems.add(self.where(key), problem, given="" if value is None else str(value), accepted=accepted)

    def text(self, key: str, *, default: str | None = None, accepted: str = "文字") -> str:
        """A text; noted, with what is accepted, when it is missing and has no default."""
        value = self._values.get(key)
        if value is None:
            if default is None:
                self.problems.add(self.where(key), f"缺“{key}”", accepted=accepted)
            return default or ""
        if not isinstance(value, str):
            self.refuse(key, f"“{key}”应当是文字", "文字（像数的要加引号）")
        return str(value)

    def word(self, key: str, known: Mapping[str, object], *, default: str | None = None) -> str:
        """A text out of a closed set."""
        value = self.text(key, default=default)
        if self.has(key) and value not in known:
            self.refuse(key, f"“{key}”的值不认识", "、".join(known) or "（没有）")
        return value

    def whole(self, key: str) -> int:
        """A whole number; 0 with a note when it is missing."""
        value = self._values.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.refuse(key, f"“{key}”应当是整数", "整数")
        return 0

    def flag(self, key: str) -> bool:
        """True or false; false when not there."""
        value = self._values.get(key)
        if value is not None and not isinstance(value, bool):
            self.refuse(key, f"“{key}”应当是true或false", "true、false")
        return value is True

    def day(self, key: str, *, required: bool) -> date | None:
        """A day, None when not there; a missing required one is noted."""
        value = self._values.get(key)
        if isinstance(value, date):
            return value
        if value is not None or required:
            self.refuse(key, f"“{key}”应当是日期", "日期，如2024-05-01")
        return None

    def number(self, key: str) -> Fraction | None:
        """An exact number, None when not there."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            self.refuse(key, f"“{key}”应当是数", "数")
            return None
        number = Fraction(value)
        if abs(number) > LARGEST or number * 10**MAX_DECIMALS % 1:
            self.refuse(key, f"“{key}”太大或小数位太多", f"不超过{LARGEST}，最多{MAX_DECIMALS}位小数")
            return None
        return number

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when not there."""
        value = self._values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.refuse(key, f"“{key}”应当是一列文字", "[文字, 文字]，或每行以“- ”开头")
            return ()
        return tuple(value)

    def clause(self, key: str) -> str:
        """A clause in a known instrument."""
        text = self.text(key, accepted=_CLAUSE)
        clause = self.problems.attempt(lambda: Clause.parse(text)) if text else None
        if clause is None:
            if text:
                self.problems.found[-1] = BadInput(self.where(key), "依据写法不对", given=text, accepted=_CLAUSE)
            return ""
        if clause.instrument not in self.problems.instruments:
            self.refuse(key, "instruments.yaml里没有这个文件", "、".join(sorted(self.problems.instruments)))
        return text

    def below(self, key: str) -> Fields | None:
        """The mapping under a key, None when not there."""
        value = self._values.get(key)
        if isinstance(value, located.Mapping):
            return Fields(value, self._path, self.problems)
        if value is not None:
            self.refuse(key, f"“{key}”应当是“键: 值”", "键: 值")
        return None

    def each(self, key: str) -> dict[str, Fields]:
        """The mappings under the keys of a mapping, by name."""
        under = self.below(key)
        if under is None:
            return {}
        for name in under._values:
            if not under.has(name):
                under.refuse(name, f"“{name}”是空的", "键: 值")
        found = {name: under.below(name) for name in under._values}
        return {name: fields for name, fields in found.items() if fields is not None}

    def rows(self, key: str) -> list[Fields]:
        """A list of mappings; empty when not there."""
        value = self._values.get(key)
        if value is None:
            return []
        if not isinstance(value, located.Sequence) or not all(isinstance(row, located.Mapping) for row in value):
            self.refuse(key, f"“{key}”应当是一列“键: 值”", "[{…}, {…}]")
            return []
        return [Fields(row, self._path, self.problems) for row in value]

    def raw(self) -> Mapping[str, Any]:
        """The values as they are."""
        return self._values

    @property
    def first_line(self) -> int:
        """The line on which the mapping begins."""
        return self._values.line
