"""A service list as written in `policies/<region>-<name>/<list>/`: one `list.yaml` and one file per item.

This module says what a list is; `reading_packs.py` reads it from files and names what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from songhe.rules.doubts import Doubt
from songhe.rules.nodes import Node
from songhe.rules.units import Unit

Outcome = Literal["yes", "no", "unknown"]
GiftKind = Literal["cash", "discount", "times", "service"]
Pays = Literal["highest", "first", "sum up to"]

TYPE_WORDS = {"material": "物资帮助", "care": "照护服务", "attention": "关爱服务"}
PAYS_WORDS = {"highest": "就高发一项", "first": "按序发一项", "sum up to": "合计封顶"}


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A figure from one day until another (excluded; None is open). `value` is a number or a formula of parameters."""

    from_date: date
    until_date: date | None
    value: Fraction | Node
    clause: str
    line: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated figure of the law. No values at all: the law names it and prints none.

    `unset_before` is the day from which a figure not printed at first is set: no gap, but unknown until then.
    """

    name: str
    label: str
    unit: Unit
    values: tuple[DatedValue, ...]
    line: int
    unset_before: date | None = None

    def at(self, day: date) -> DatedValue | None:
        """The value in force on a day, None when there is none."""
        for value in reversed(self.values):
            if value.from_date <= day:
                return value if value.until_date is None or day < value.until_date else None
        return None


@dataclass(frozen=True, slots=True)
class Gift:
    """What an item gives. `amount` is None for a service; `per` is month, year or once for cash."""

    kind: GiftKind
    amount: Node | None
    unit: Unit | None
    per: str
    what: str


@dataclass(frozen=True, slots=True)
class Example:
    """A case of the item: on a day, given some facts, the outcome, the missing facts, perhaps the amounts."""

    case: str
    on: date
    given: Mapping[str, Any]
    outcome: Outcome
    missing: frozenset[str] | None
    amount: Fraction | None
    payable: Fraction | None
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a service list. `also` is what it gives besides `gives`, never money.

    `applied_for` says whether somebody has to be put down for it; what is open to everybody entitled needs nobody.
    """

    slug: str
    number: int
    name: str
    category: str
    type: str
    lead: tuple[str, ...]
    clause: str
    audience: str
    standard: str
    parameters: Mapping[str, Parameter]
    who: Node
    who_text: str
    gives: Gift
    group: str
    notes: tuple[str, ...]
    examples: tuple[Example, ...]
    unconfirmed: bool
    path: Path
    lines: Mapping[str, int] = field(default_factory=dict)
    also: tuple[Gift, ...] = ()
    applied_for: bool = False

    def where(self, key: str = "item") -> str:
        """File and line of one of the item's keys, for messages."""
        return f"{self.path}:{self.lines.get(key, 1)}"


@dataclass(frozen=True, slots=True)
class Group:
    """Items of which not all are paid. `limit` is the parameter that caps `sum up to`."""

    name: str
    title: str
    pays: Pays
    limit: str
    clause: str
    notes: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Pack:
    """A service list with its items in the order of their numbers, inherited ones included.

    `type_words` says the types of service as this list prints them; `doubts` are those its notes may cite.
    """

    id: str
    title: str
    region: str
    region_name: str
    instrument: str
    from_date: date
    until_date: date | None
    extends: Pack | None
    categories: Mapping[str, str]
    groups: Mapping[str, Group]
    parameters: Mapping[str, Parameter]
    items: tuple[Item, ...]
    own_items: frozenset[str]
    unconfirmed: bool
    path: Path
    digest: str
    notes: tuple[str, ...] = ()
    type_words: Mapping[str, str] = field(default_factory=lambda: TYPE_WORDS)
    doubts: Mapping[str, Doubt] = field(default_factory=dict)

    def item(self, slug: str) -> Item | None:
        """The item with this slug or this number, None when there is none."""
        for item in self.items:
            if slug in (item.slug, str(item.number)):
                return item
        return None

    def type_word(self, item: Item) -> str:
        """The type of service of an item as this list prints it."""
        return self.type_words[item.type]

    def in_force(self, day: date) -> bool:
        """Whether the list applies on the day."""
        return self.from_date <= day and (self.until_date is None or day < self.until_date)

    def parameters_of(self, item: Item) -> Mapping[str, Parameter]:
        """All parameters an item may use: the list's and its own."""
        return {**self.parameters, **item.parameters}
