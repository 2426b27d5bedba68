"""Comparing two lists item by item: who gains, who loses, whose standard is lower, with a person to show it.

Both rules are asked about every kind of person the two can tell apart: each value of each fact they speak of, the days
around each age, inside and outside each area. Nothing is sampled, so `same` means the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any, Literal

import polars as pl

from songhe.kernel import regions
from songhe.kernel.days import age_on
from songhe.rules import nodes as n
from songhe.rules.facts import PERSON_TABLE, Kind
from songhe.rules.lowering import lower
from songhe.rules.packs import Item, Pack
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


def compare_lists(upper: Pack, lower_list: Pack, on: date) -> list[Difference]:
    """Every item of both lists with its differences on a day; an item without any has one `same`."""
    above, below = bind(upper, on), bind(lower_list, on)
    found: list[Difference] = []
    for bound in above.items:
        other = next((b for b in below.items if b.item.slug == bound.item.slug), None)
        if other is None:
            found.append(_difference(bound.item, "missing", "没有这一项"))
        else:
            found += list(_compare(bound, other, on, lower_list.region))
    known = {bound.item.slug for bound in above.items}
    return found + [_difference(b.item, "new", "上级清单没有这一项") for b in below.items if b.item.slug not in known]


def _difference(item: Item, verdict: Verdict, words: str, witness: tuple[tuple[str, str], ...] = ()) -> Difference:
    return Difference(item.slug, item.number, item.name, verdict, words, witness)


def _compare(upper: BoundItem, lower_item: BoundItem, on: date, region: str) -> Iterator[Difference]:
    item = lower_item.item
    if upper.who == lower_item.who and upper.amount == lower_item.amount and _gift(upper) == _gift(lower_item):
        yield _difference(item, "same", "一样")
        return
    if _gift(upper) != _gift(lower_item):
        yield _difference(item, "unclear", "给的方式不同，标准要人工比较")
    who: list[n.Node] = [lower(bound.who, on) for bound in (upper, lower_item)]
    unset = sorted({name for bound in (upper, lower_item) for name in _unset(bound)})
    if unset:
        yield _difference(item, "unclear", f"{'、'.join(unset)}未定，不能比较")
    amounts = [lower(bound.amount, on) for bound in (upper, lower_item) if bound.amount is not None]
    comparable = len(amounts) == 2 and _gift(upper) == _gift(lower_item)
    people = _kinds_of_person([*who, *(amounts if comparable else [])], region)
    if people is None:
        yield _difference(item, "unclear", "条件太多，要人工比较")
        return
    reading = Polars(on)
    answers = people.with_columns(
        *[reading.read(node).alias(name) for name, node in zip(("_upper", "_lower"), who, strict=True)],
        *[
            reading.read(amount).cast(pl.Float64).alias(name)
            for name, amount in zip(("_upper_amount", "_lower_amount"), amounts, strict=True)
            if comparable
        ],
    )
    differences = list(_verdicts(item, answers, on, comparable))
    yield from differences
    if not differences and not unset and _gift(upper) == _gift(lower_item):
        yield _difference(item, "same", "写法不同，人和标准一样")


def _gift(bound: BoundItem) -> tuple[str, str]:
    return bound.item.gives.kind, bound.unit


def _unset(bound: BoundItem) -> list[str]:
    return [part.name for part in n.walk(bound.who) if isinstance(part, n.Unset)]


def _verdicts(item: Item, answers: pl.DataFrame, on: date, comparable: bool) -> Iterator[Difference]:
    upper, below = pl.col("_upper").fill_null(False), pl.col("_lower").fill_null(False)
    conditions: list[tuple[Verdict, pl.Expr]] = [("narrower", upper & ~below), ("wider", below & ~upper)]
    if comparable:
        more, less = pl.col("_upper_amount"), pl.col("_lower_amount")
        conditions += [("poorer", upper & below & (less < more)), ("better", upper & below & (less > more))]
    for verdict, condition in conditions:
        cases = answers.filter(condition)
        if cases.height:
            row = cases.row(0, named=True)
            words = _VERDICT_WORDS[verdict]
            if verdict in ("poorer", "better"):
                words += f"：{row['_upper_amount']:g}→{row['_lower_amount']:g}"
            yield _difference(item, verdict, words, _witness(row, on))


def _witness(row: dict[str, Any], on: date) -> tuple[tuple[str, str], ...]:
    said = []
    for name, value in row.items():
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
    fact = PERSON_TABLE[name]
    if fact.kind is Kind.BOOL:
        return [True, False]
    if fact.kind is Kind.REGION:
        areas = [node.area for tree in trees for node in n.walk(tree) if isinstance(node, n.Within)]
        inside = [area for area in areas if regions.within(area, region)]
        return sorted({region, *inside})
    if fact.kind is Kind.DATE:
        days = {_EARLIEST}
        for node in (part for tree in trees for part in n.walk(tree)):
            if isinstance(node, n.Constant) and isinstance(node.value, date) and node.value > _EARLIEST:
                days |= {node.value, node.value + timedelta(days=1)}
        return sorted(days)
    return list(fact.values)
