"""What the report of a determination says: counts and words only, no person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A figure of an item as it stands on the day; `value` is 未定 when the law names the figure and prints none."""

    label: str
    value: str
    clause: str
    unset: bool


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """One item of the list. `fen` is what is payable a `period`, None where the list sets no money.

    `missing` counts, among the persons whose answer is unknown, those for whom the labelled fact could still decide:
    one person may be counted under several facts. `unconfirmed` marks a reading of the list nobody has confirmed.
    """

    number: int
    slug: str
    name: str
    category: str
    type_word: str
    lead: tuple[str, ...]
    clause: str
    sentence: str
    gift: str
    standard: str
    notes: tuple[str, ...]
    yes: int
    no: int
    unknown: int
    fen: int | None
    period: str
    missing: tuple[tuple[str, int], ...]
    unconfirmed: bool
    parameters: tuple[ParameterLine, ...] = ()


@dataclass(frozen=True, slots=True)
class DistrictSummary:
    """The living of one district of residence. `entitled` have at least one cash item; `fen` is a month's money."""

    name: str
    people: int
    entitled: int
    fen: int
    yes_by_item: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class AgeSummary:
    """The living of one band of ages; `entitled` and `fen` as for a district."""

    label: str
    people: int
    fen: int
    entitled: int


@dataclass(frozen=True, slots=True)
class FactQuality:
    """How often a fact the list asks for is not known among the living; `share` is between 0 and 1."""

    label: str
    column: str
    unknown: int
    share: float


@dataclass(frozen=True, slots=True)
class Report:
    """A list, a day and how it came out for a population.

    `entitled` counts the persons with at least one cash item, `total_fen_month` the money a month of the items for
    which the list sets an amount. `demo` says that the people are invented.
    """

    title: str
    list_id: str
    list_title: str
    region_name: str
    on: date
    digest: str
    people: int
    alive: int
    dead: int
    entitled: int
    items: tuple[ItemSummary, ...]
    districts: tuple[DistrictSummary, ...]
    ages: tuple[AgeSummary, ...]
    quality: tuple[FactQuality, ...]
    total_fen_month: int
    engine: str
    version: str
    made_at: str
    warnings: tuple[str, ...] = ()
    demo: bool = False

    @property
    def unknown_answers(self) -> int:
        """Answers that hang on a fact nobody knows: one a person and item."""
        return sum(item.unknown for item in self.items)

    @property
    def unset_money(self) -> tuple[ItemSummary, ...]:
        """Cash items for which the list prints no amount: their money is in no sum."""
        return tuple(item for item in self.items if item.period and item.fen is None)
