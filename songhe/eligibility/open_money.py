"""What could come on top: the money of those of whom a missing fact still decides whether they may have an item.

Each counts with the full amount, as if the fact turned out in their favour and no other item stood before it; so the
sum is a bound. An amount that is itself not known counts as none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from songhe.eligibility.determining import pays_something
from songhe.eligibility.roll import BANDS, WORKERS, Ints, Roll, Tile
from songhe.eligibility.worth import worth
from songhe.rules import nodes as n
from songhe.rules.folding import fold
from songhe.rules.lowering import lower
from songhe.rules.programme import BoundItem
from songhe.rules.readings.bitmaps import Plan, Truth


def open_fen(roll: Roll, items: Sequence[BoundItem], on: date, workers: int = WORKERS) -> list[Ints]:
    """For each item the most that its unknowns could cost more, in fen, by district and age band."""
    trees: dict[str, n.Node] = {}
    for place, bound in enumerate(items):
        trees[f"{place}"] = open_now = n.all_of((n.possibly(bound.outcome), n.negation(n.surely(bound.outcome))))
        if bound.pays and bound.amount is not None and pays_something(bound):
            trees[f"{place} gift"] = fold(n.Case(((open_now, bound.amount),)))
    plan = Plan({name: lower(tree, on) for name, tree in trees.items()})

    def figures(tile: Tile) -> Ints:
        slots = plan.run(tile.leaves(plan.leaves), tile.everyone)
        found = []
        for place in range(len(items)):
            answer = plan.answers[f"{place}"]
            assert isinstance(answer, Truth)  # noqa: S101
            found.append(worth(tile, plan.answers.get(f"{place} gift"), slots, slots[answer.slot]).fen(tile))
        return np.stack(found)

    if not items:
        return []
    nothing = np.zeros((len(items), len(roll.districts), BANDS), dtype=np.int64)
    return list(sum(roll.each(figures, workers), nothing))
