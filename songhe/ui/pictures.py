"""What a chart and a map say, in figures and words.

Drawing is done in the browser from `drawn`; the table beside is made from the same figures, so that a picture never
says more than its table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

from songhe.kernel.told import phrase

MOST_SERIES = 5
STEPS = 5
_LOW, _LONG = 3, 10
MAP_NOTE = phrase("演示底图，无审图号，不作划界依据")
KINDS = ("bar", "stacked", "line", "diverging")


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures; None is drawn as a gap. `colour` 1–5 is the series' place in the fixed order."""

    name: str
    values: tuple[float | int | None, ...]
    colour: int = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures for `c-chart`. `key` tells it from others of the page: letters, digits and hyphens.

    `kind`: bar (upright, side by side), stacked, line, diverging (lying, less to the left and more to the right).
    """

    key: str
    title: str
    kind: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    axis: str = phrase("项")
    places: int = 0
    lying: bool = False

    def __post_init__(self) -> None:
        """ValueError for a picture that could not be read: too many series, or figures without a name."""
        if self.kind not in KINDS:
            raise ValueError(f"a chart is one of {', '.join(KINDS)}")
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.key):
            raise ValueError("a chart's key is made of small letters, digits and hyphens")
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"a chart has one to {MOST_SERIES} series")
        if any(len(series.values) != len(self.categories) for series in self.series):
            raise ValueError("every series has one value for each category")

    @property
    def drawn(self) -> dict[str, Any]:
        """What charts.js reads."""
        return {
            "kind": self.kind,
            "lying": self.lying or self.kind == "diverging",
            "places": self.places,
            "unit": self.unit,
            "categories": list(self.categories),
            "series": [
                {"name": series.name, "values": list(series.values), "colour": series.colour} for series in self.series
            ],
        }

    @property
    def written(self) -> str:
        """The same as text for an attribute: htmx takes scripts, data among them, out of what it swaps in."""
        return json.dumps(self.drawn, ensure_ascii=False, separators=(",", ":"))

    @property
    def is_low(self) -> bool:
        """Whether one or two lying bars would be lost in a picture of the usual height."""
        return bool(self.drawn["lying"]) and len(self.categories) < _LOW

    @property
    def is_long(self) -> bool:
        """Whether so many lying bars would be crammed in a picture of the usual height."""
        return bool(self.drawn["lying"]) and len(self.categories) >= _LONG

    @property
    def rows(self) -> list[tuple[str, list[float | int | None]]]:
        """The figures by category: the table beside the picture."""
        return [(name, [series.values[place] for series in self.series]) for place, name in enumerate(self.categories)]


@dataclass(frozen=True, slots=True)
class Area:
    """One area of a map: its figure, how the figure is written, and its class 1–5 (0: no data)."""

    code: str
    name: str
    shown: str
    step: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """Figures for `c-map`. `boundaries` is GeoJSON whose features carry `code` in their properties."""

    key: str
    title: str
    noun: str
    measure: str
    areas: tuple[Area, ...]
    classes: tuple[tuple[int, str], ...]
    boundaries: Mapping[str, Any] = field(default_factory=dict)
    note: str = MAP_NOTE

    @property
    def drawn(self) -> dict[str, Any]:
        """What maps.js reads."""
        areas = {
            area.code: {"name": area.name, "shown": area.shown, "step": area.step, "url": area.url}
            for area in self.areas
        }
        return {"areas": areas, "boundaries": self.boundaries}

    @property
    def written(self) -> str:
        """The same as text for an attribute."""
        return json.dumps(self.drawn, ensure_ascii=False, separators=(",", ":"))


def step(value: float | None, bounds: Sequence[float]) -> int:
    """The class of a figure between rising bounds: 1 below the first … len + 1 from the last on; 0 without a figure."""
    if len(bounds) >= STEPS:
        raise ValueError(f"at most {STEPS} classes")
    return 0 if value is None else 1 + sum(value >= bound for bound in bounds)


def classes(bounds: Sequence[float], written: Sequence[str], *, unit: str = "") -> tuple[tuple[int, str], ...]:
    """The printed classes for bounds written as text: 不到2%, 2–5%, 30%以上."""
    if len(bounds) != len(written):
        raise ValueError("every bound is written once")
    middle = [f"{low}–{high}{unit}" for low, high in pairwise(written)]
    words = [
        gettext("不到{value}{unit}").format(value=written[0], unit=unit),
        *middle,
        gettext("{value}{unit}以上").format(value=written[-1], unit=unit),
    ]
    return tuple(enumerate(words, start=1))
