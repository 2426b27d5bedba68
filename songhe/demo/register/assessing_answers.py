"""Answers that come to given points, as people answer: what is hard is lost first, each of us in an order of our own.

Every point of every item is a step with a hardness: that of its part, of its place within the item, of the item and
part for this person by chance; dementia makes the steps of the mind harder. Who has so many points has taken the
easiest so many steps. Steps of one item are climbed in their order, so answers, parts and total always agree.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from songhe.assessment.api import Scale, scale_of
from songhe.demo.chance import Bools, Floats, Ints
from songhe.demo.register.assessing_bodies import written

_SPREAD = 2.4  # of the steps of one item, from the first to the last


def points_by_item(scale: Scale, totals: Ints, demented: Bools, seed: np.random.SeedSequence) -> Ints:
    """Points of each item, one row a total."""
    generator = np.random.Generator(np.random.PCG64(seed))
    item_of, part_of, base = _steps(scale.key, "hardness")
    harder = _steps(scale.key, "hardness_if_dementia")[2] - base
    scatter = written()["scatter"]
    count, items, parts = len(totals), len(scale.items), len(scale.parts)
    own = _lying(generator, (count, items)) * scatter["item"]
    of_part = _lying(generator, (count, parts)) * scatter["part"]
    hardness = base + own[:, item_of] + of_part[:, part_of] + demented[:, None] * harder
    order = np.argsort(hardness, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
    taken = rank < totals[:, None]
    starts = np.flatnonzero(np.diff(item_of, prepend=-1))
    return np.asarray(np.add.reduceat(taken, starts, axis=1), dtype=np.int64)


def part_points(scale: Scale, points: Ints) -> Ints:
    """Points of each part."""
    starts = np.cumsum([0, *(len(part.items) for part in scale.parts)])[:-1]
    return np.asarray(np.add.reduceat(points, starts, axis=1), dtype=np.int64)


def answers_json(scale: Scale, points: Ints, chosen: Floats) -> pl.Series:
    """The answers as a form keeps them. Where two options have the same points, `chosen` says which; never a coma."""
    cells: list[Any] = []
    coma = scale.written.get("coma_option", {})
    for place, item in enumerate(scale.items):
        codes: dict[int, list[str]] = {}
        for option in item.options:
            if (item.code, option.code) != (coma.get("item"), coma.get("option")):
                codes.setdefault(option.points, []).append(option.code)
        first = pl.Series([codes[at][0] for at in range(item.most + 1)])
        last = pl.Series([codes[at][-1] for at in range(item.most + 1)])
        at = pl.Series(points[:, place].astype(np.uint32))
        text = first.gather(at).zip_with(pl.Series(chosen < 0.5), last.gather(at))
        cells += [pl.lit(f'{"," if place else "{"}"{item.code}":"'), text.alias(f"i{place}"), pl.lit('"')]
    frame = pl.DataFrame([cell for cell in cells if isinstance(cell, pl.Series)])
    names = [pl.col(cell.name) if isinstance(cell, pl.Series) else cell for cell in cells]
    return frame.select(pl.concat_str([*names, pl.lit("}")]).alias("answers")).to_series()


def _lying(generator: np.random.Generator, shape: tuple[int, int]) -> npt.NDArray[Any]:
    """About normal, made from uniform numbers only: a sum of three."""
    return np.asarray(2.0 * (sum(generator.random(shape) for _ in range(3)) - 1.5))


@cache
def _steps(key: str, which: str) -> tuple[Ints, Ints, Floats]:
    """Item, part and hardness of every step, in the order of the items."""
    item_of, part_of, base, number = [], [], [], 0
    for place, part in enumerate(scale_of(key).parts):
        for item in part.items:
            for step in range(item.most):
                item_of.append(number)
                part_of.append(place)
                base.append(written()[which][part.code] + _SPREAD * ((step + 1) / (item.most + 1) - 0.5))
            number += 1
    return np.array(item_of), np.array(part_of), np.array(base)
