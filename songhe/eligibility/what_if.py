"""What a change of the law's figures would mean for the people on a roll: who gains, who loses, what it costs.

Each scenario is set beside the list as it is. Only items that a change touches are worked out, before and after
together, so that what they share is done once; conditions that stay as they are come from the roll.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

import numpy as np
import polars as pl

from songhe.eligibility.determining import monthly, pays_something
from songhe.eligibility.roll import BANDS, TILE, WORKERS, Ints, Roll, Tile
from songhe.eligibility.scenarios import Scenario
from songhe.eligibility.worth import Shifts, Worth, better_or_worse, joined, shifts, worth
from songhe.rules import nodes as n
from songhe.rules.lowering import lower
from songhe.rules.packs import Pack
from songhe.rules.programme import BoundItem, Programme, bind
from songhe.rules.readings.arrow_bits import bits_of
from songhe.rules.readings.bitmaps import Bits, Plan, Truth, Words

BEFORE, AFTER = "before", "after"
FIGURES = (
    "yes_before", "yes_after", "gained", "lost", "unknown_before", "unknown_after", "more", "less", "fen_before",
    "fen_after",
)  # fmt: skip
PEOPLE_FIGURES = ("better", "worse", "more", "less")
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by figure, district and age band, or of nothing yet."""

    names: tuple[str, ...]
    figures: Ints

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.names, self.figures + other.figures)

    def cells(self, name: str) -> Ints:
        """A figure by district and age band."""
        cells: Ints = self.figures[self.names.index(name)]
        return cells

    def total(self, name: str) -> int:
        """A figure of everyone."""
        return int(self.cells(name).sum())


@dataclass(frozen=True, slots=True)
class ItemEffect:
    """What a scenario does to one item.

    `gained` may have it now and might not or surely could not before, `lost` the other way round. `more` and `less`
    are those of whom it is known that they get a higher or lower amount (or discount) than before, nothing included.
    """

    before: BoundItem
    after: BoundItem
    tally: Tally

    @property
    def sets_money(self) -> tuple[bool, bool]:
        """Whether the list sets money for the item, before and after."""
        return pays_something(self.before), pays_something(self.after)

    @property
    def fen(self) -> int:
        """What it costs more, by month, year or once as the item is paid."""
        return self.tally.total("fen_after") - self.tally.total("fen_before")

    def unknown_change(self) -> Ints:
        """How many more are unknown, by district and age band."""
        return self.tally.cells("unknown_after") - self.tally.cells("unknown_before")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a scenario does to the items it touches and to people.

    Of people `better` gained an item or get more of one, `worse` lost one or get less of one, and both can be true;
    `more` and `less` compare all money of a month.
    """

    scenario: Scenario
    programme: Programme
    items: tuple[ItemEffect, ...]
    people: Tally

    @property
    def fen_month(self) -> int:
        """What it costs more a month, of what is paid every month."""
        return int(self.month_cells().sum())

    def month_cells(self) -> Ints:
        """The same by district and age band, in fen."""
        paid = [item.tally for item in self.items if item.after.pays and monthly(item.after)]
        nothing = np.zeros_like(self.people.figures[0])
        return sum((tally.cells("fen_after") - tally.cells("fen_before") for tally in paid), nothing)

    @property
    def fen_year(self) -> int:
        """What it costs more a year, monthly and yearly payments together."""
        return MONTHS * self.fen_month + sum(item.fen for item in self.items if item.after.item.gives.per == "year")


class WhatIf:
    """A list on a day and people on a roll, ready for one scenario after the other.

    `living` counts the people not known to be dead, `fen_month` what the list as it is pays every month.
    """

    def __init__(self, programme: Programme, people: pl.DataFrame, tile: int = TILE) -> None:
        self.programme = programme
        self.roll = roll_of(programme, people, tile=tile)
        self._look()

    @classmethod
    def over(cls, programme: Programme, roll: Roll) -> WhatIf:
        """A list and people who are on a roll already, made for this or another list of the same day."""
        found = cls.__new__(cls)
        found.programme, found.roll = programme, roll
        found._look()
        return found

    def _look(self) -> None:
        programme = self.programme
        self.living = _added_up(("people",), self.roll, lambda tile: np.stack([tile.count(_living(tile))]))
        paying = [bound for bound in programme.items if bound.pays and monthly(bound)]
        now = self._items([(bound, bound) for bound in paying])
        self.fen_month = sum(tally.total("fen_before") for tally in now[:-1])

    def effect(self, scenario: Scenario, workers: int = WORKERS) -> Effect:
        """What the scenario does, worked out by so many threads. Refused like `bind`."""
        return self.turned(bind(self.programme.pack, self.programme.on, scenario.changes), scenario, workers)

    def turned(self, after: Programme, scenario: Scenario, workers: int = WORKERS) -> Effect:
        """What another list of the same day would do in place of this one: items by their slug, also new and gone."""
        touched = touched_items(self.programme, after)
        *tallies, people = self._items(touched, workers)
        items = tuple(ItemEffect(*pair, tally) for pair, tally in zip(touched, tallies, strict=True))
        return Effect(scenario, after, items, people)

    def _items(self, pairs: Sequence[tuple[BoundItem, BoundItem]], workers: int = WORKERS) -> list[Tally]:
        """The tally of each item and, last, that of people."""
        comparing = Comparing(pairs, self.programme.on)
        names = FIGURES * len(pairs) + PEOPLE_FIGURES
        figures, width = _added_up(names, self.roll, comparing.tile, workers).figures, len(FIGURES)
        tallies = [Tally(FIGURES, figures[width * index : width * (index + 1)]) for index in range(len(pairs))]
        return [*tallies, Tally(PEOPLE_FIGURES, figures[width * len(pairs) :])]


def touched_items(before: Programme, after: Programme) -> list[tuple[BoundItem, BoundItem]]:
    """The items whose meaning another list changes, before and after, in the order of the new list.

    One that is new was nobody's before, one that is gone is nobody's after. What is paid otherwise (by the year instead
    of the month, a service instead of money) is the one that goes and the other that comes.
    """
    olds = {bound.item.slug: bound for bound in before.items}
    pairs = [_paired(olds.pop(new.item.slug, None), new) for new in after.items]
    gone = [(old, nobodys(old)) for old in olds.values()]
    return [(old, new) for old, new in chain(*pairs, gone) if _meaning(old) != _meaning(new)]


def _paired(old: BoundItem | None, new: BoundItem) -> list[tuple[BoundItem, BoundItem]]:
    if old is None:
        return [(nobodys(new), new)]
    if (old.item.gives.kind, old.item.gives.per) == (new.item.gives.kind, new.item.gives.per):
        return [(old, new)]
    return [(old, nobodys(old)), (nobodys(new), new)]


def nobodys(bound: BoundItem) -> BoundItem:
    """The item as if nobody had it."""
    return replace(bound, who=n.NO, outcome=n.NO, amount=None, payable=None)


def roll_of(programme: Programme, people: pl.DataFrame, facts: Iterable[str] = (), tile: int = TILE) -> Roll:
    """People made ready for a list: the answers to its conditions are kept. `facts` are columns to keep besides."""
    plan = Plan(_lowered(_trees(programme.items, BEFORE), programme.on))
    return Roll(people, programme.on, [*facts_of(programme.pack), *facts], plan.leaves, tile)


def _added_up(names: tuple[str, ...], roll: Roll, figures: Callable[[Tile], Ints], workers: int = WORKERS) -> Tally:
    nothing = np.zeros((len(names), len(roll.districts), BANDS), dtype=np.int64)
    return Tally(names, sum(roll.each(figures, workers), nothing))


def _living(tile: Tile) -> Words:
    died = tile.people.select((pl.col("death_date") <= tile.on).fill_null(False)).to_series()
    return tile.everyone & ~bits_of(died, tile.everyone).true


def _meaning(bound: BoundItem) -> tuple[n.Node | None, ...]:
    return bound.outcome, bound.payable, bound.amount


def facts_of(pack: Pack) -> tuple[str, ...]:
    """Every fact the list's rules and amounts speak of, whatever its figures."""
    trees = [tree for item in pack.items for tree in (item.who, item.gives.amount) if tree is not None]
    return tuple(dict.fromkeys(["death_date", *(name for tree in trees for name in n.fact_names(tree))]))


def _trees(items: Iterable[BoundItem], when: str) -> dict[str, n.Node]:
    """The outcome of each item and what it gives: money paid, or the discount or times of who may have it.

    Money that the list names without a figure counts as none.
    """
    trees: dict[str, n.Node] = {}
    for place, bound in enumerate(items):
        trees[f"{when} {place}"] = bound.outcome
        gift = bound.payable if bound.pays else bound.eligible_amount()
        if gift is not None and (pays_something(bound) or not bound.pays):
            trees[f"{when} {place} gift"] = gift
    return trees


def _lowered(trees: Mapping[str, n.Node], on: date) -> dict[str, n.Node]:
    return {name: lower(tree, on) for name, tree in trees.items()}


class Comparing:
    """Items before and after a change as one plan, to be run on one tile after the other."""

    def __init__(self, pairs: Sequence[tuple[BoundItem, BoundItem]], on: date) -> None:
        self._pairs = pairs
        before, after = zip(*pairs, strict=True) if pairs else ((), ())
        self._plan = Plan(_lowered(_trees(before, BEFORE) | _trees(after, AFTER), on))

    def tile(self, tile: Tile) -> Ints:
        """The figures of each item and then those of people, in a tile."""
        turns = self._turns(tile)
        figures: list[Ints] = []
        for turn, (_, new) in zip(turns, self._pairs, strict=True):
            fen = [own.fen(tile) if new.pays else np.zeros(tile.shape, dtype=np.int64) for own in turn.worths]
            figures += [tile.count(words) for words in turn.words] + fen
        return np.stack([*figures, *(tile.count(words) for words in self._people(tile, turns))])

    def who(self, tile: Tile, figure: str, place: int | None = None) -> Words:
        """Those behind a figure of the item at a place, or behind one of PEOPLE_FIGURES, in a tile."""
        turns = self._turns(tile)
        if place is None:
            return self._people(tile, turns)[PEOPLE_FIGURES.index(figure)]
        return turns[place].words[FIGURES.index(figure)]

    def _turns(self, tile: Tile) -> list[_Turn]:
        slots = self._plan.run(tile.leaves(self._plan.leaves), tile.everyone)
        return [self._turn(tile, slots, place) for place in range(len(self._pairs))]

    def _people(self, tile: Tile, turns: Sequence[_Turn]) -> tuple[Words, ...]:
        better = worse = np.zeros_like(tile.everyone)
        for turn in turns:
            better, worse = better | turn.gained | turn.more, worse | turn.lost | turn.less
        money = [turn.moves for turn, (_, new) in zip(turns, self._pairs, strict=True) if new.pays and monthly(new)]
        return better, worse, *better_or_worse(joined(money, tile.everyone), tile.everyone)

    def _turn(self, tile: Tile, slots: Sequence[Bits], place: int) -> _Turn:
        outcomes, worths = [], []
        for when in (BEFORE, AFTER):
            answer = self._plan.answers[f"{when} {place}"]
            assert isinstance(answer, Truth)  # noqa: S101
            outcomes.append(slots[answer.slot])
            worths.append(worth(tile, self._plan.answers.get(f"{when} {place} gift"), slots, outcomes[-1]))
        moves = shifts(worths[0], worths[1], tile.everyone)
        return _Turn(outcomes[0], outcomes[1], worths, moves, *better_or_worse(moves, tile.everyone))


@dataclass(frozen=True, slots=True)
class _Turn:
    """An item before and after, for the people of a tile."""

    before: Bits
    after: Bits
    worths: Sequence[Worth]
    moves: Shifts
    more: Words
    less: Words

    @property
    def gained(self) -> Words:
        return self.after.true & ~self.before.true

    @property
    def lost(self) -> Words:
        return self.before.true & ~self.after.true

    @property
    def words(self) -> tuple[Words, ...]:
        """In the order of FIGURES, up to the money."""
        unknown = self.before.unknown(), self.after.unknown()
        return self.before.true, self.after.true, self.gained, self.lost, *unknown, self.more, self.less
