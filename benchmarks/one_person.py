"""One person at a counter: an answer with the facts in hand, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter_ns
from typing import Any

import numpy as np
import polars as pl

from benchmarks import ground
from benchmarks.ground import Line, Say, Sizes
from songhe.rules.lowering import lower
from songhe.rules.readings.reference import Reference
from songhe.rules.reasons import Explainer

PERSONS = 20_000
_EXPLAINED = 2_000
_MS = 1e6
Person = Mapping[str, Any]


def one_person(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """How long one answer takes, in the middle and at worst of a hundred."""
    people = pl.read_parquet(ground.people_file(folder, sizes.people, False, say), n_rows=PERSONS).to_dicts()
    say("一个人：判定和说明理由")
    programme, reading = ground.programme(), Reference(ground.ON)
    items = [reading.read(lower(bound.outcome, ground.ON)) for bound in programme.items]
    explainer = Explainer(programme)

    def everything(person: Person) -> None:
        for item in items:
            item(person)

    each = [_percentiles(item, people) for item in items]
    slowest = max(each, key=lambda pair: pair[1])
    every = _percentiles(everything, people)
    turns = [
        _percentiles(lambda person, bound=bound: explainer.explain(bound, person), people[:_EXPLAINED])  # type: ignore[misc]
        for bound in programme.items
    ]
    why = max(turns, key=lambda pair: pair[1])
    return [
        Line("one person, one item, facts in hand: the slowest item's median", _ms(slowest[0])),
        Line("… and p99", _ms(slowest[1]), "≤ 0.02 ms", slowest[1] <= 0.02),
        Line("one person, all 27 items: median", _ms(every[0])),
        Line("… and p99", _ms(every[1])),
        Line("explanation of one item on demand: the slowest item's median", _ms(why[0])),
        Line("… and p99", _ms(why[1]), "≤ 0.2 ms", why[1] <= 0.2),
    ]


def _percentiles(work: Callable[[Person], object], people: list[dict[str, Any]]) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds, each call timed by itself, after a round that is not counted."""
    for person in people[:_EXPLAINED]:
        work(person)
    taken = np.empty(len(people))
    for index, person in enumerate(people):
        start = perf_counter_ns()
        work(person)
        taken[index] = perf_counter_ns() - start
    middle, worst = np.percentile(taken, [50, 99]) / _MS
    return float(middle), float(worst)


def _ms(value: float) -> str:
    return f"{value:.4f} ms"
