"""All measurements of the platform in one run."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from benchmarks.ground import Line, Say
from benchmarks.platform.building import from_nothing
from benchmarks.platform.ground import Sizes
from benchmarks.platform.linking import linking
from benchmarks.platform.lists import lists
from benchmarks.platform.pages import pages
from benchmarks.platform.results import results
from benchmarks.platform.told import told
from benchmarks.platform.walls import walls
from songhe.kernel.errors import SongheError

MEASUREMENTS: dict[str, tuple[str, Callable[[Path, Sizes, Say], list[Line]]]] = {
    "city": ("A city from nothing", from_nothing),
    "linking": ("Matching against the planted truth", linking),
    "walls": ("Row-level security", walls),
    "pages": ("Pages under many clients", pages),
    "lists": ("A department's list", lists),
    "results": ("A file of assessment results", results),
    "told": ("Assessment results through the API", told),
}


def run(
    folder: Path, sizes: Sizes, say: Say, show: Callable[[str, list[Line]], None], only: Collection[str] = (),
    judged: bool = True,
) -> dict[str, list[Line]]:  # fmt: skip
    """Every group of figures by its title, or those whose names are in `only`; `show` gets each as soon as it is there.

    Each group runs in a process of its own: Django is set up once a process, and every group has its own city.
    """
    from multiprocessing import get_context

    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, (title, measure) in MEASUREMENTS.items():
        if only and name not in only:
            continue
        with get_context("spawn").Pool(1) as apart:
            lines = apart.apply(_told, (measure, folder.resolve(), sizes, say))
        found[title] = lines if judged else [replace(line, met=None) for line in lines]
        show(title, found[title])
    return found


def _told(measure: Callable[[Path, Sizes, Say], list[Line]], folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """What goes wrong becomes words: not every error can go from one process to another."""
    try:
        return measure(folder, sizes, say)
    except SongheError as error:
        raise RuntimeError(str(error)) from None
