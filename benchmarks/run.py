"""All measurements in one run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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


def run(
    folder: Path, sizes: Sizes, say: Say, show: Callable[[str, list[Line]], None], judged: bool = True
) -> dict[str, list[Line]]:
    """Every group of figures by its title; `show` gets each as soon as it is there. People are kept in `folder`.

    Unless `judged`, no figure is said to reach its target or to miss it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for title, measure in MEASUREMENTS.items():
        lines = measure(folder, sizes, say)
        found[title] = lines if judged else [replace(line, met=None) for line in lines]
        show(title, found[title])
    return found
