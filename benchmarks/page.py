"""The figures as a page for docs/reference/performance.md, with what they were measured on and what they leave out."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.ground import CHANGE, LIST, ON, OPEN_FIGURES, Line, Sizes
from songhe import __version__

_PACKAGES = ("polars", "numpy", "nanoarrow", "openfisca-core")
_INTRODUCTION = """\
# Performance

Made by `make bench` (`songhe bench --out docs/reference/performance.md`); not edited by hand. What is measured and how
is in [benchmarks/README.md](../../benchmarks/README.md). All engines ran in turn in one run on one machine; a figure is
the median of the rounds. Compare ratios, not seconds: those are this machine's.
"""
_LEFT_OUT = """\
## What is not measured

- **OpenFisca has no unknown.** It is compared on people of whom everything is known, with the figures the list leaves
  open set to invented ones for both sides. Songhe's times with unknowns stand beside, without a peer.
- OpenFisca is given region codes as whole numbers and words as encoded enums, which is kinder than texts. It works on
  one core; from file to file it gets as many processes as there are cores.
- Reading a file strictly (every cell checked, every key unique), as `songhe determine` does, is not in the figures
  from Parquet to Parquet: both sides trust the file.
- The country is the same people several times over. It shows the time for so many persons, not the memory they take.
- People are invented, shaped like one city. Other cities have other shares of unknowns.
- No database, no network, no web page.
"""


def page(groups: Mapping[str, Sequence[Line]], sizes: Sizes, quick: bool, day: date) -> str:
    """The whole page as Markdown."""
    return "\n".join([_INTRODUCTION, _machine(sizes, quick, day), *tables(groups), _LEFT_OUT])


def tables(groups: Mapping[str, Sequence[Line]]) -> list[str]:
    """One table a group, under its title."""
    parts = []
    for title, lines in groups.items():
        rows = "\n".join(f"| {line.what} | {line.measured} | {line.target} | {_verdict(line)} |" for line in lines)
        parts.append(f"## {title}\n\n| | measured | target | |\n|---|---:|---:|---|\n{rows}\n")
    return parts


def _verdict(line: Line) -> str:
    return "" if line.met is None else "reached" if line.met else "**not reached**"


def _machine(sizes: Sizes, quick: bool, day: date) -> str:
    told = {
        "list": f"`{LIST}` on {ON}, with `{OPEN_FIGURES}`",
        "change": f"`{CHANGE}`",
        "people": f"{sizes.people:,} resident, {sizes.bulk:,} in files; {sizes.rounds} rounds",
    }
    return measured_on(day, _PACKAGES, told, quick=quick)


def measured_on(
    day: date, packages: Sequence[str], told: Mapping[str, str], *, quick: bool, server: str = "", note: str = ""
) -> str:
    """The table of what was measured on which machine, with what else is told; `server` when a database stands beside.

    Beside a server the load of the machine is shown. `note` is a paragraph below.
    """
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    rows = {
        "measured": str(day),
        "machine": f"{processor()}, {os.cpu_count()} cores, {memory()}",
        **({"load at the end (1, 5, 15 minutes)": busy()} if server else {}),
        "system": ", ".join(filter(None, (platform.system(), f"Python {platform.python_version()}", server))),
        "versions": f"songhe {__version__}, {versions}",
        **told,
    }
    table = "\n".join(f"| {name} | {words} |" for name, words in rows.items())
    rough = "\n**A quick run for trying out; its figures mean little.**\n" if quick else ""
    return f"| | |\n|---|---|\n{table}\n{note}{rough}"


def busy() -> str:
    """How much else the machine does, as the system tells it."""
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def processor() -> str:
    """The name of the processor."""
    found = [line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return found[0] if found else platform.processor() or platform.machine()


def memory() -> str:
    """How much memory the machine has."""
    found = [int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
    return f"{found[0] / 2**20:.0f} GiB" if found else "memory not known"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text("utf-8").splitlines() if file.exists() else []
