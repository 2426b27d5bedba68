"""The examples of each item hold its rule fast: change any condition or figure a little, and an example fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from songhe.config.paths import policies_folder
from songhe.rules import nodes as n
from songhe.rules.examples import OUTCOMES
from songhe.rules.facts import PERSON_TABLE
from songhe.rules.packs import Item, Pack
from songhe.rules.programme import BoundItem, bind
from songhe.rules.reading_packs import list_ids, load_pack
from songhe.rules.readings.reference import Reference
from tests.trace import covers

PACKS = [load_pack(policies_folder(), list_id) for list_id in list_ids(policies_folder())]
ITEMS = [pytest.param(pack, item, id=f"{pack.region}-{item.slug}") for pack in PACKS for item in pack.items]


@dataclass(frozen=True)
class Slip:
    """A way to write a rule slightly wrong: one condition in place of another."""

    right: n.Node
    wrong: n.Node
    words: str


def conditions(node: n.Node) -> Iterator[n.Node]:
    """The conditions a rule joins with AND, OR, NOT."""
    if isinstance(node, n.And | n.Or | n.Not):
        for child in node.children:
            yield from conditions(child)
    else:
        yield node


def slips(rule: n.Node) -> Iterator[Slip]:
    for right in dict.fromkeys(conditions(rule)):
        yield Slip(right, n.YES, "left out")
        yield Slip(right, n.NO, "never true")
        if isinstance(right, n.OneOf):
            for gone in right.options:
                rest = tuple(option for option in right.options if option != gone)
                yield Slip(right, n.OneOf(right.value, rest), f"without {gone}")
        if isinstance(right, n.Compare):
            yield from compared_wrongly(right)


def compared_wrongly(right: n.Compare) -> Iterator[Slip]:
    """A figure one too low or too high, and `>` or `=` for `>=`; nothing where nobody has set the figure."""
    figure = right.right
    if not isinstance(figure, n.Constant) or isinstance(figure.value, str) or right.operator not in (">=", "="):
        return
    for step in (-1, 1):
        yield Slip(right, n.Compare(right.operator, right.left, n.Constant(figure.value + step)), f"{step:+d}")
    if right.operator == ">=":
        yield Slip(right, n.Compare(">", right.left, figure), ">")
        yield Slip(right, n.Compare("=", right.left, figure), "=")


def put(slip: Slip) -> Callable[[n.Node], n.Node]:
    """Replaces the right condition by the wrong one wherever it stands."""

    def change(node: n.Node) -> n.Node:
        return slip.wrong if node == slip.right else n.rebuild(node, change)

    return change


def noticed(bound: BoundItem, on: date, slip: Slip) -> bool:
    """Whether an example of the day comes out otherwise."""
    decide = Reference(on).read(put(slip)(bound.outcome))
    examples = [example for example in bound.item.examples if example.on == on]
    return any(OUTCOMES[decide(example.given)] != example.outcome for example in examples)


@covers("POL-01", "ENT-01")
@pytest.mark.parametrize(("pack", "item"), ITEMS)
def test_an_example_fails_when_a_condition_is_written_wrong(pack: Pack, item: Item) -> None:
    on = item.examples[0].on
    bound = bind(pack, on).item(item.slug)
    tried = list(slips(bound.who))
    assert tried
    assert [(slip.words, slip.right) for slip in tried if not noticed(bound, on, slip)] == []


@covers("ENT-01")
@pytest.mark.parametrize(("pack", "item"), ITEMS)
def test_an_example_asks_for_each_fact_of_the_rule(pack: Pack, item: Item) -> None:
    asked = {name for example in item.examples for name in example.missing or ()}
    facts = set(n.fact_names(item.who))
    assert facts <= asked
    assert asked <= set(PERSON_TABLE) | {f"parameter:{name}" for name in pack.parameters_of(item)}
