"""One line an item of what a sheet says, for tables that hold all items: quick enough to be made while a page waits."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass

from songhe.eligibility.coming_of_age import DaysAhead
from songhe.eligibility.reason_sheet import sentences
from songhe.eligibility.reason_sheet.gather import Desk
from songhe.eligibility.reason_sheet.model import FactLine
from songhe.eligibility.reason_sheet.words import Instrument, short_amount_words
from songhe.rules.programme import BoundItem, Programme
from songhe.rules.readings.reference import Person
from songhe.rules.sentence import RegionNames

_YEARS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """An item for a person: the words of `Sheet` that fit into a row. `askable` says that a person can be asked."""

    number: int
    slug: str
    name: str
    applied_for: bool
    answer: bool | None
    amount: str
    gap: str
    askable: bool


class QuickDesk(Desk):
    """A desk that also gives lines, and serves persons whose facts come from different sources."""

    def __init__(
        self, programme: Programme, *, instruments: Mapping[str, Instrument], names: RegionNames = str
    ) -> None:
        super().__init__(programme, instruments=instruments, names=names)
        self._near = DaysAhead(programme.pack, programme.on, years=_YEARS)

    @property
    def programme(self) -> Programme:
        """The list on the day."""
        return self._programme

    def for_one(self, sources: Mapping[str, str]) -> QuickDesk:
        """The same desk for a person whose facts come from these sources."""
        desk = copy(self)
        desk._sources = sources
        return desk

    def lines(self, person: Person) -> tuple[Line, ...]:
        """Every item of the list in its order."""
        return tuple(self._line(bound, person) for bound in self._programme.items)

    def fact_lines(self, person: Person) -> tuple[FactLine, ...]:
        """The facts that the list looks at."""
        return tuple(self._fact_line(name, person) for name in self._facts_of(self._programme.items, person))

    def total(self, person: Person) -> str:
        """What is payable a month of all items that are decided and have a figure; empty when there is none."""
        return self._total(person)

    def _line(self, bound: BoundItem, person: Person) -> Line:
        item, answer = bound.item, self._reading.read(bound.outcome)(person)
        facts, figures = self._missing(bound, person) if answer is None else ([], [])
        coordination = self._coordination(bound, person) if answer else ()
        day = self._near.first_day_entitled(item.slug, person) if answer is False else None
        tree = self._branch(bound, self._explainer.explain(bound, person), person)
        gap = sentences.gap(
            bound, answer, tree, facts, figures, self._soon(day), coordination, self._besides(bound, person)
        )
        short = short_amount_words(item.gives, self._value(bound.amount, person))
        amount = sentences.short_amount(bound, answer, short)
        return Line(item.number, item.slug, item.name, item.applied_for, answer, amount, gap, bool(facts))
