"""What a reason sheet says. Everything is prepared words and answers; pages and terminals only lay them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TO_DO, YES, NO, UNSET = "要办的", "可享", "不可享", "等清单定数的"
GROUPS = (TO_DO, YES, UNSET, NO)
DEAD = "已去世"
VERDICTS = {True: "可享", False: "不可享", None: "待核"}
KINDS = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition: what it asks, its answer, what is known of the person, from where, and the clause.

    `decides` is false where another condition settled the matter without this one. Above the leaves `words` says how
    the conditions below go together, `meaning` what they say, and there is no `value`.
    """

    words: str
    answer: bool | None
    decides: bool
    meaning: str = ""
    value: str = ""
    source: str = ""
    clause: str = ""
    children: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """What some answers to a question would give: 一级、二级：可享."""

    words: str
    answer: bool | None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The one question that settles most of an item, and what each answer gives.

    `wanted` says the answers that make it a yes, as part of a sentence. `settles` are the numbers of other open items
    that any answer settles too, `touches` of those that may then still hang on something else.
    """

    label: str
    question: str
    options: tuple[Option, ...]
    wanted: str
    settles: tuple[int, ...]
    touches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """Where an item is written. `gist` is the rule in our words, never a quotation."""

    document: str
    place: str
    clause: str
    gist: str
    standard: str
    lead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One item for one person.

    `amount` and `gap` are the short words of the overview: how much, and what is given, missing or in the way. `gift`
    is all that the item gives.
    `coordination` says what happens between items of which not all are paid. `changes` are single changes that would
    turn the answer, `keeps` what would end a yes, `missing` the names of the facts an open answer hangs on.
    """

    number: int
    slug: str
    name: str
    group: str
    answer: bool | None
    headline: str
    sentence: str
    amount: str
    gap: str
    gift: str
    amounts: tuple[tuple[str, str], ...]
    coordination: tuple[str, ...]
    tree: Branch
    inquiry: Inquiry | None
    waiting: str
    changes: tuple[str, ...]
    keeps: tuple[str, ...]
    basis: Basis
    notes: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact of the person as it was used; `known` is false where nobody knows."""

    label: str
    value: str
    source: str
    known: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """A person's sheets with what they stand on: the list release, the day, the facts."""

    person_id: str
    on: date
    list_id: str
    list_title: str
    region_name: str
    digest: str
    from_date: date
    unconfirmed: bool
    facts: tuple[FactLine, ...]
    sheets: tuple[Sheet, ...]
    total: str
    version: str

    def of_group(self, group: str) -> tuple[Sheet, ...]:
        """The sheets of a group of the overview in the order of their numbers."""
        return tuple(sheet for sheet in self.sheets if sheet.group == group)

    def count(self, answer: bool | None) -> int:
        """How many items have this answer."""
        return sum(sheet.answer is answer for sheet in self.sheets)
