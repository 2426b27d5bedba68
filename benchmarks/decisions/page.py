"""The figures as a page for docs/reference/performance-decisions.md, with what they were measured on and leave out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from benchmarks.decisions.ground import BIG, Sizes
from benchmarks.ground import Line
from benchmarks.page import measured_on, tables
from benchmarks.platform.ground import SERVER

_PACKAGES = ("django", "psycopg", "polars", "numpy")
_INTRODUCTION = """\
# Performance of decisions

Made by `make bench-decisions` (`songhe bench --part decisions --out docs/reference/performance-decisions.md`); not
edited by hand. What is measured and how is in [benchmarks/README.md](../../benchmarks/README.md). What is decided is
compared with the reference reading, cell by cell, by `make test-agreement`.
"""
_FEWER = """
**Measured with {people:,} people. The targets are for a million and are judged with a million only.**
"""
_LEFT_OUT = """\
## What is not measured

- A run is the whole transaction as the worker makes it, as the application's role, behind row-level security, with
  write-ahead log and flushing as a new server has them. Vacuuming comes later by itself.
- The first run has nothing to compare with: it writes standings, matters and tasks, but no changes.
- With another list everybody's matters are looked for anew, and that day's birthdays and aged facts are in the run too.
- The ten thousand are told their facts outside the clock, as an import or a call does it; sheets are made with that.
- One person: telling the fact is outside the clock as well; a worker looks for what was told twice a second, and
  that waiting is in the last figure.
- **The loop** is what is written first: one person is read, decided in Python by the reference reading, compared,
  saved. It has all in one transaction, writes no changes, no matters, no tasks, and knows nothing of receipts, which is
  kind to it. Nobody waits for it over everybody: its seconds on a sample are multiplied by people. One that reads and
  writes a thousand at once stands beside it, and still would have to find what changed and whose task it is.
- The simulator's pages are measured with the platform's; here is what they wait for, in one process.
- People are invented, shaped like one city.
"""


def page(groups: Mapping[str, Sequence[Line]], sizes: Sizes, quick: bool, day: date) -> str:
    """The whole page as Markdown."""
    return "\n".join([_INTRODUCTION, _machine(sizes, quick, day), *tables(groups), _LEFT_OUT])


def _machine(sizes: Sizes, quick: bool, day: date) -> str:
    people = f"a city of {sizes.people:,}; {sizes.changed:,} changed at once; {sizes.sample:,} in the loop"
    note = _FEWER.format(people=sizes.people) if sizes.people < BIG else ""
    return measured_on(day, _PACKAGES, {"people": people}, quick=quick, server=SERVER, note=note)
