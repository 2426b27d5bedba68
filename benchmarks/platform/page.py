"""The figures as a page for docs/reference/performance-platform.md, with what they were measured on and leave out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from benchmarks.ground import Line
from benchmarks.page import measured_on, tables
from benchmarks.platform.ground import SERVER, Sizes

_PACKAGES = ("django", "psycopg", "granian", "polars")
_INTRODUCTION = """\
# Performance of the platform

Made by `make bench-platform` (`songhe bench --part platform --out docs/reference/performance-platform.md`); not edited
by hand. What is measured and how is in [benchmarks/README.md](../../benchmarks/README.md). Server, database and clients
share one machine.
"""
_LEFT_OUT = """\
## What is not measured

- **Network.** Clients, web server and database share the cores of one machine; nothing travels over a wire.
- Sixteen clients without a pause are as many as several hundred people who read what they open. Both are shown: without
  a pause a page waits for the fifteen before it, so its time is the machine's throughput.
- Every answer is looked at: status 200 and, for a person, the name. What stands beside it is shown by the tests.
- The first page of each kind is asked twice before the clock starts; pages and tables lie in memory then.
- Pages are measured without their pictures, styles and scripts, which a browser keeps.
- The clients of the portal are threads of one process and take about a millisecond of a processor for each page: a
  hundred without a pause measure them as much as the portal.
- The department's list is undone at the end; what the end of the transaction would check is checked within the time.
- The cost of row-level security is that of the statements alone. The free side is a superuser who sends the same
  statements, each with the region written out. Where the free side is slower, the planner chose another way for it.
- People are invented, shaped like one city; its planted truth is kinder than real lists may be.
"""


def page(groups: Mapping[str, Sequence[Line]], sizes: Sizes, quick: bool, day: date) -> str:
    """The whole page as Markdown."""
    return "\n".join([_INTRODUCTION, _machine(sizes, quick, day), *tables(groups), _LEFT_OUT])


def _machine(sizes: Sizes, quick: bool, day: date) -> str:
    told = {
        "people": f"{sizes.people:,} behind pages and lists, {sizes.city:,} in the city built from nothing",
        "clients": f"{sizes.clients}, each with its own account and region; {sizes.asked} questions of a kind each",
    }
    return measured_on(day, _PACKAGES, told, quick=quick, server=SERVER)
