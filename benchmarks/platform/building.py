"""A demonstration city from nothing: server, schema, divisions, people, facts, lists, tasks."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.ground import Line, Say
from benchmarks.platform.ground import Sizes, at_most, build

_TARGET = 60.0


def from_nothing(folder: Path, sizes: Sizes, say: Say) -> list[Line]:
    """How long `songhe demo build` takes in an empty folder. The city is kept for what follows."""
    say(f"从零造{sizes.city:,}人的城市")
    place = folder / f"platform-{sizes.city}"
    shutil.rmtree(place, ignore_errors=True)
    return [at_most(f"a city of {sizes.city:,} from nothing", build(place, sizes.city), _TARGET)]
