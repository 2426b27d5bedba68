"""The page of the rooms: their order as the contract has it, their imports as they are."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator

import grimp

from docs.generate.markdown import ROOT, finish, opening, table

PACKAGE = "songhe"
# What the rooms that are not there yet will hold.
TO_COME = {
    "indicators": "measures, targets, planning; only reads",
    "supervision": "inspections, complaints, incidents, credit",
    "payments": "settlement, batches, what the bank returns, recoveries",
    "alerts": "signals from device, hotline or neighbour, and the answer",
    "care": "plans, orders, visits, days attended, stays",
    "benefits": "applications, public notice, awards, quotas",
    "assessment": "ability assessments and grades",
    "workforce": "staff, qualifications, volunteers",
    "facilities": "organisations, their sites, beds, licences",
    "policy": "instruments, clauses, releases of lists",
}


def page() -> str:
    """The page."""
    graph = grimp.build_graph(PACKAGE, include_external_packages=True, cache_dir=None)
    lines = opening(
        "The rooms",
        "`pyproject.toml`, the imports, and the first line of each README",
        "A room imports only from rooms below it; rooms on one line do not meet. `make check` holds the code to it.",
    )
    rows = [_there(graph, room) if room in existing() else _to_come(room) for line in layers() for room in line]
    return finish(lines + table(("room", "holds", "imports", "libraries"), rows))


def layers() -> list[list[str]]:
    """The rooms from top to bottom; those that do not meet share a line."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    order = next(
        contract for contract in contracts if contract["type"] == "layers" and contract["containers"] == [PACKAGE]
    )
    return [[room.strip(" ()") for room in line.split("|")] for line in order["layers"]]


def existing() -> set[str]:
    """The rooms that are there."""
    return {path.parent.name for path in (ROOT / PACKAGE).glob("*/__init__.py")}


def title(room: str) -> str:
    """What a room is, from the first line of its README: `# kernel — values without a database`."""
    first = (ROOT / PACKAGE / room / "README.md").read_text(encoding="utf-8").split("\n", 1)[0]
    return first.partition("—")[2].strip()


def imports(graph: grimp.ImportGraph, room: str) -> list[str]:
    """The other rooms that a room imports."""
    return sorted({name.split(".")[1] for name in _imported(graph, room) if name.startswith(f"{PACKAGE}.")} - {room})


def libraries(graph: grimp.ImportGraph, room: str) -> list[str]:
    """The libraries that a room imports, Python's own left out."""
    return sorted({name for name in _imported(graph, room) if _third_party(name)}, key=str.lower)


def _there(graph: grimp.ImportGraph, room: str) -> tuple[str, ...]:
    link = f"[{room}](../../{PACKAGE}/{room}/README.md)"
    return link, title(room), ", ".join(imports(graph, room)), ", ".join(libraries(graph, room))


def _imported(graph: grimp.ImportGraph, room: str) -> Iterator[str]:
    root = f"{PACKAGE}.{room}"
    for module in {root, *graph.find_descendants(root)}:
        yield from graph.find_modules_directly_imported_by(module)


def _third_party(name: str) -> bool:
    return name != PACKAGE and "." not in name and name not in sys.stdlib_module_names


def _to_come(room: str) -> tuple[str, ...]:
    return f"*{room}*", f"*not there yet:* {TO_COME[room]}", "", ""
