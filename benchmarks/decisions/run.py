"""All measurements of decisions in one run, on one copy of a city."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from benchmarks.decisions.ground import Sizes, opened
from benchmarks.ground import Line, Say

# Their modules speak of tables: they are read when Django is set up.
MEASUREMENTS = {
    "runs": ("Everybody", "benchmarks.decisions.runs"),
    "loop": ("Beside a loop over people", "benchmarks.decisions.loop"),
    "few": ("Few people, one person", "benchmarks.decisions.few"),
    "simulated": ("The simulator", "benchmarks.decisions.simulated"),
}


def run(
    folder: Path, sizes: Sizes, say: Say, show: Callable[[str, list[Line]], None], only: Collection[str] = (),
    judged: bool = True,
) -> dict[str, list[Line]]:  # fmt: skip
    """Every group of figures by its title, or those whose names are in `only`; `show` gets each as soon as it is there.

    The city is kept in `folder`, its copy is dropped at the end.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    with opened(folder.resolve(), sizes, say) as bench:
        for name, (title, module) in MEASUREMENTS.items():
            if only and name not in only:
                continue
            lines = getattr(import_module(module), name)(bench)
            found[title] = lines if judged else [replace(line, met=None) for line in lines]
            show(title, found[title])
    return found
