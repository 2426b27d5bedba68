"""Reads the shape of an invented city: every share the demo draws with stands in `city/<code>.yaml`, none in code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from songhe.kernel.errors import NotFound

Floats = npt.NDArray[np.float64]

_CITIES = Path(__file__).resolve().parent / "city"
_REMARKS = frozenset({"certainty", "note"})


class Shape:
    """The figures of one city, asked for by path. A path that does not exist is a bug (KeyError)."""

    def __init__(self, figures: Mapping[str, Any]) -> None:
        self._figures = figures

    def __call__(self, *path: str | int) -> Any:
        """What stands at the path, a lone `value` unpacked."""
        found: Any = self._figures
        for step in path:
            found = found[step]
        return found["value"] if isinstance(found, Mapping) and "value" in found else found

    def number(self, *path: str | int) -> float:
        """One figure."""
        return float(self(*path))

    def numbers(self, *path: str | int) -> Floats:
        """A list of figures, by age band or grade."""
        return np.array(self(*path), dtype=np.float64)

    def table(self, *path: str | int) -> dict[str, float]:
        """Named figures without the letter of their certainty."""
        return {str(name): float(figure) for name, figure in self(*path).items() if name not in _REMARKS}


@cache
def read_shape(city: str) -> Shape:
    """The shape of the city with this six-digit code; NotFound when there is none."""
    path = _CITIES / f"{city}.yaml"
    if not city.isdigit() or not path.is_file():
        known = sorted(shape.stem for shape in _CITIES.glob("[0-9]*.yaml"))
        raise NotFound(f"演示城市{city}", accepted="、".join(known))
    return Shape(yaml.safe_load(path.read_text(encoding="utf-8")))
