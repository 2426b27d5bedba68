"""All measurements in one run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.bulk import from_file_to_file, streamed
from benchmarks.ground import Line, Say, Sizes
from benchmarks.one_person import one_person
from benchmarks.resident import against_peer, country

MEASUREMENTS: dict[str, Callable[[Path, Sizes, Say], list[Line]]] = {
    "A change of the law, facts in memory": against_peer,
    "A change of the law for a whole country": country,
    "From Parquet to Parquet": from_file_to_file,
    "More people than memory holds": streamed,
    "One person": one_person,
}


def run(folder: Path, sizes: Sizes, say: Say, show: Callable[[str, list[Line]], None]) -> dict[str, list[Line]]:
    """Every group of figures by its title; `show` gets each as soon as it is there. People are kept in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for title, measure in MEASUREMENTS.items():
        found[title] = measure(folder, sizes, say)
        show(title, found[title])
    return found
