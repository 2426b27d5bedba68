"""Comparing two lists item by item: who gains, who loses, whose standard is lower, with a person to show it.

Both rules are asked about every kind of person the two can tell apart: each value of each fact they speak of, the days
around each age, inside and outside each area. Nothing is sampled, so `same` means the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any, Literal

import polars as pl

from songhe.kernel import regions
from songhe.kernel.days import age_on
from songhe.rules import nodes as n
from songhe.rules.answers import places_apart
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.lowering import lower
from songhe.rules.packs import PAYS_WORDS, Gift, Group, Item, Pack
from songhe.rules.programme import BoundItem, bind
from songhe.rules.readings.polars import SCHEMA, Polars

MOST_KINDS_OF_PERSON = 4_000_000
Verdict = Literal["same", "missing", "new", "narrower", "wider", "poorer", "better", "unclear"]
BELOW: frozenset[Verdict] = frozenset({"missing", "narrower", "poorer"})
_EARLIEST = date(1900, 1, 1)
_VERDICT_WORDS = {
    "narrower": "人变少：上级清单可享、这里不可享",
    "wider": "人变多：上级清单不可享、这里可享",
    "poorer": "标准变低",
    "better": "标准变高",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of an item between an upper and a lower list. `witness` are the facts of a person who shows it."""

    slug: str
    number: int
    name: str
    verdict: Verdict
    words: str
    witness: tuple[tuple[str, str], ...] = ()

    @property
    def below(self) -> bool:
        """Whether the lower list falls below the upper one here, which it may not."""
        return self.verdict in BELOW


@dataclass(frozen=True, slots=True)
class _Measure:
    """A figure both items give: the amount, or that of one more gift; `what` is empty for the amount itself.

    `alike` says that both reckon it in the same way, which the trees do not show once a figure nobody has set is in it.
    """

    what: str
    upper: n.Node
    lower: n.Node
    alike: bool


@dataclass(frozen=True, slots=True)
class _Pair:
    """An item of the upper list and its like in the lower one, with the words of their parameters."""

    upper: BoundItem
    lower: BoundItem
    labels: Mapping[str, str]

    def difference(self, verdict: Verdict, words: str, witness: tuple[tuple[str, str], ...] = ()) -> Difference:
        """A difference of the pair, named as the lower list names the item."""
        return _difference(self.lower.item, verdict, words, witness)

    def alike(self, upper: n.Node, below: n.Node) -> bool:
        """Whether two trees as written are the same with the figures of the day in them."""
        return self.upper.figures.bind(upper) == self.lower.figures.bind(below)

    def unset(self, *trees: n.Node) -> tuple[str, ...]:
        """The parameters in the trees that nobody has set, in words."""
        names = (part.name for tree in trees for part in n.walk(tree) if isinstance(part, n.Unset))
        return tuple(dict.fromkeys(self.labels[name] for name in names))


def compare_lists(upper: Pack, lower_list: Pack, on: date) -> list[Difference]:
    """Every item of both lists with its differences on a day; an item without any has one `same`."""
    above, below = bind(upper, on), bind(lower_list, on)
    found: list[Difference] = []
    for bound in above.items:
        other = next((b for b in below.items if b.item.slug == bound.item.slug), None)
        if other is None:
            found.append(_difference(bound.item, "missing", "没有这一项"))
        else:
            parameters = {**upper.parameters_of(bound.item), **lower_list.parameters_of(other.item)}
            pair = _Pair(bound, other, {name: parameter.label for name, parameter in parameters.items()})
            found += list(_compare(pair, upper, lower_list, on)) or [pair.difference("same", _same_words(pair))]
    known = {bound.item.slug for bound in above.items}
    return found + [_difference(b.item, "new", "上级清单没有这一项") for b in below.items if b.item.slug not in known]


def _difference(item: Item, verdict: Verdict, words: str, witness: tuple[tuple[str, str], ...] = ()) -> Difference:
    return Difference(item.slug, item.number, item.name, verdict, words, witness)


def _same_words(pair: _Pair) -> str:
    written = pair.upper.who == pair.lower.who and pair.upper.amount == pair.lower.amount
    return "一样" if written else "写法不同，人和标准一样"


def _compare(pair: _Pair, upper: Pack, lower_list: Pack, on: date) -> Iterator[Difference]:
    yield from _groups(pair, upper, lower_list)
    if _gift(pair.upper) != _gift(pair.lower):
        yield pair.difference("unclear", "给的方式不同，标准要人工比较")
    measures = []
    for measure in _measures(pair):
        settled = _without_figure(pair, measure)
        if settled is not None:
            yield settled
        elif measure.upper != measure.lower:
            measures.append(replace(measure, upper=lower(measure.upper, on), lower=lower(measure.lower, on)))
    yield from _fewer_gifts(pair)
    unset = pair.unset(pair.upper.who, pair.lower.who)
    if unset and not pair.alike(pair.upper.item.who, pair.lower.item.who):
        yield pair.difference("unclear", f"{'、'.join(unset)}没有定，这一部分不能比较")
    if pair.upper.who == pair.lower.who and not measures:
        return
    who = [lower(bound.who, on) for bound in (pair.upper, pair.lower)]
    people = _kinds_of_person([*who, *(tree for m in measures for tree in (m.upper, m.lower))], lower_list.region)
    if people is None:
        yield pair.difference("unclear", "条件太多，要人工比较")
        return
    yield from _verdicts(pair, people, (who[0], who[1]), measures, on)


def _gift(bound: BoundItem) -> tuple[str, str]:
    return bound.item.gives.kind, bound.unit


def _groups(pair: _Pair, upper: Pack, lower_list: Pack) -> Iterator[Difference]:
    """Of like items in one group not all are paid; a group on one side only has to be weighed by a person."""
    for bound, pack, words in ((pair.upper, upper, "上级"), (pair.lower, lower_list, "这里")):
        other = (pair.lower, lower_list) if bound is pair.upper else (pair.upper, upper)
        group = pack.groups.get(bound.item.group)
        if group is not None and _pays(group) != _pays(other[1].groups.get(other[0].item.group)):
            yield pair.difference("unclear", f"{words}归{group.title}，{PAYS_WORDS[group.pays]}，另一份清单不是这样")


def _pays(group: Group | None) -> tuple[str, str] | None:
    return None if group is None else (group.name, group.pays)


def _measures(pair: _Pair) -> Iterator[_Measure]:
    upper, below = pair.upper, pair.lower
    if upper.amount is not None and below.amount is not None and _gift(upper) == _gift(below):
        yield _Measure("", upper.amount, below.amount, _alike(pair, upper.item.gives, below.item.gives))
    for gift in upper.item.also:
        other = _like(gift, below.item)
        if gift.amount is not None and other is not None and other.amount is not None:
            trees = upper.figures.bound(gift.amount), below.figures.bound(other.amount)
            yield _Measure(gift.what, *trees, _alike(pair, gift, other))


def _alike(pair: _Pair, upper: Gift, below: Gift) -> bool:
    return upper.amount is not None and below.amount is not None and pair.alike(upper.amount, below.amount)


def _like(gift: Gift, item: Item) -> Gift | None:
    return next((g for g in item.also if (g.kind, g.what, g.unit) == (gift.kind, gift.what, gift.unit)), None)


def _fewer_gifts(pair: _Pair) -> Iterator[Difference]:
    for gift in pair.upper.item.also:
        if _like(gift, pair.lower.item) is None:
            yield pair.difference("poorer", f"没有“{gift.what}”")


def _without_figure(pair: _Pair, measure: _Measure) -> Difference | None:
    """What can be said of a figure that one list or both leave open; None when both print it or leave it alike."""
    above, below = pair.unset(measure.upper), pair.unset(measure.lower)
    if measure.alike or not (above or below):
        return None
    if above and below:
        return pair.difference("unclear", f"{'、'.join(dict.fromkeys(above + below))}没有定，标准不能比较")
    if above:
        return pair.difference("better", f"上级没有定{'、'.join(above)}，这里定了标准")
    return pair.difference("poorer", f"上级定了标准，这里没有定{'、'.join(below)}")


def _verdicts(
    pair: _Pair, people: pl.DataFrame, who: tuple[n.Node, n.Node], measures: list[_Measure], on: date
) -> Iterator[Difference]:
    """Every kind of person is asked; an answer that waits for a figure nobody has set counts for neither side."""
    reading = Polars(on)
    above, below = reading.read(who[0]), reading.read(who[1])
    conditions: list[tuple[Verdict, str, pl.Expr, list[pl.Expr]]] = [
        ("narrower", "", above & ~below, []),
        ("wider", "", below & ~above, []),
    ]
    for measure in measures:
        figures = [reading.read(tree).cast(pl.Float64) for tree in (measure.upper, measure.lower)]
        both = above & below
        conditions.append(("poorer", measure.what, both & (figures[1] < figures[0]), figures))
        conditions.append(("better", measure.what, both & (figures[1] > figures[0]), figures))
    for verdict, what, condition, figures in conditions:
        shown = [figure.alias(name) for figure, name in zip(figures, ("_upper", "_lower"), strict=False)]
        cases = people.filter(condition).with_columns(*shown).head(1)
        if cases.height:
            row = cases.row(0, named=True)
            words = _VERDICT_WORDS[verdict] + (f"：{row['_upper']:g}→{row['_lower']:g}" if figures else "")
            yield pair.difference(verdict, f"“{what}”{words}" if what else words, _witness(row, on))


def _witness(row: dict[str, Any], on: date) -> tuple[tuple[str, str], ...]:
    said = []
    for name, value in row.items():
        if value == _EARLIEST:  # no day in the trees: any will do
            continue
        if name == "birth_date":
            said.append(("年龄", f"{age_on(value, on)}周岁（{value}出生）"))
        elif name in PERSON_TABLE:
            said.append((PERSON_TABLE[name].label, PERSON_TABLE[name].say(value)))
    return tuple(said)


def _kinds_of_person(trees: list[n.Node], region: str) -> pl.DataFrame | None:
    """One row for every kind of person the trees can tell apart; None when there are too many."""
    names = dict.fromkeys(name for tree in trees for name in n.fact_names(tree))
    columns = [pl.Series(name, _values(name, trees, region), dtype=SCHEMA[name]) for name in names]
    if not columns:
        return pl.DataFrame({"_nobody": [0]})
    size = reduce(lambda total, column: total * len(column), columns, 1)
    if size > MOST_KINDS_OF_PERSON:
        return None
    frames = [column.to_frame() for column in columns]
    return reduce(lambda left, right: left.join(right, how="cross"), frames)


def _values(name: str, trees: list[n.Node], region: str) -> list[Any]:
    """What the fact may hold, the plainest first: no, none, the youngest; so the first witness is a plain one."""
    fact = PERSON_TABLE[name]
    if fact.kind is Kind.BOOL:
        return [False, True]
    if fact.kind is Kind.REGION:
        areas = [node.area for tree in trees for node in n.walk(tree) if isinstance(node, n.Within)]
        inside = [area for area in areas if regions.within(area, region)]
        return [place for place in places_apart([region, *inside]) if regions.within(place, region)]
    if fact.kind is Kind.DATE:
        days: set[date] = set()
        for node in (part for tree in trees for part in n.walk(tree)):
            if isinstance(node, n.Constant) and isinstance(node.value, date) and node.value > _EARLIEST:
                days |= {node.value + timedelta(days=distance) for distance in (-1, 0, 1)}
        return sorted(days, reverse=True) or [_EARLIEST]
    return list(fact.values)
