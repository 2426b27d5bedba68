"""What all measurements stand on: the list with every figure set, invented people, and clocks."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import polars as pl

from songhe.config.paths import policies_folder
from songhe.demo.people import stream_people
from songhe.eligibility.scenarios import read_scenario
from songhe.eligibility.what_if import facts_of
from songhe.rules.facts import KEY
from songhe.rules.packs import Pack
from songhe.rules.programme import Programme, bind
from songhe.rules.reading_packs import load_pack

ON = date(2024, 5, 1)
MONTH = "2024-05"
LIST = "420700-ezhou/basic-list-2023"
CITY = "420700"
# The list names these and prints no figure. The peer knows no unknown, so both are given the same invented ones.
OPEN_FIGURES = (
    "advanced-age-allowance.monthly_amount=100,list.urban_minimum_standard=700,list.local_minimum_standard=650,"
    "list.advanced_age=80"
)
CHANGE = "advanced-age-allowance.from_age=75"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many people and rounds. `quick` is for trying the benchmarks out, not for figures."""

    people: int
    bulk: int
    country: int
    stream: int
    rounds: int

    @classmethod
    def of(cls, people: int, quick: bool) -> Sizes:
        """The sizes of a run with this many people resident."""
        if quick:
            return cls(people, people, 31 * people, 4 * people, 3)
        return cls(people, max(people, 10_000_000), 310_000_000, 100_000_000, 7)


@dataclass(frozen=True, slots=True)
class Line:
    """A measured figure. `target` is what was aimed at, if anything; `met` is None where it is not judged."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None


@cache
def pack() -> Pack:
    """The list as published."""
    return load_pack(policies_folder(), LIST)


def programme(change: str = "") -> Programme:
    """The list on the day with its open figures set and perhaps one more change."""
    text = f"{OPEN_FIGURES},{change}" if change else OPEN_FIGURES
    return bind(pack(), ON, read_scenario(pack(), text).changes)


def changes(text: str) -> Mapping[str, Fraction]:
    """A change on top of the open figures."""
    return read_scenario(pack(), f"{OPEN_FIGURES},{text}").changes


def facts() -> tuple[str, ...]:
    """The facts the list speaks of."""
    return facts_of(pack())


def people_file(folder: Path, count: int, known: bool, say: Say) -> Path:
    """Invented people in a file, made once: with everything known, or as the offices know them."""
    path = folder / f"{'known' if known else 'offices'}-{count}.parquet"
    if path.exists():
        return path
    say(f"造{count:,}人（{'什么都知道' if known else '部门知道的'}）")
    beside = path.with_suffix(".part")
    pieces = [piece for both in stream_people(CITY, count, 1, ON) for piece in [both[1 if known else 0]]]
    pl.concat(pieces).select(KEY, *facts()).write_parquet(beside)
    beside.replace(path)
    return path


def timed(work: Callable[[], Any]) -> float:
    """Seconds that the work takes."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def in_turns(rounds: int, **works: Callable[[], Any]) -> dict[str, float]:
    """The median seconds of each work; they take turns, after one round that is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            seconds = timed(work)
            if turn:
                taken[name].append(seconds)
    return {name: median(seconds) for name, seconds in taken.items()}


def seconds(value: float) -> str:
    """A time with three significant figures."""
    return f"{value:.3g} s" if value >= 1 else f"{value * 1e3:.3g} ms"
