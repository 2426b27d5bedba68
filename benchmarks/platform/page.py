"""The figures as a page for docs/reference/performance-platform.md, with what they were measured on and leave out."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version

from benchmarks.ground import Line
from benchmarks.page import memory, processor, tables
from benchmarks.platform.ground import Sizes, busy
from songhe import __version__

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
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    rough = "\n**A quick run for trying out; its figures mean little.**\n" if quick else ""
    return f"""\
| | |
|---|---|
| measured | {day} |
| machine | {processor()}, {os.cpu_count()} cores, {memory()} |
| load at the end (1, 5, 15 minutes) | {busy()} |
| system | {platform.system()}, Python {platform.python_version()}, PostgreSQL 18 |
| versions | songhe {__version__}, {versions} |
| people | {sizes.people:,} behind pages and lists, {sizes.city:,} in the city built from nothing |
| clients | {sizes.clients}, each with its own account and region; {sizes.asked} questions of a kind each |
{rough}"""
