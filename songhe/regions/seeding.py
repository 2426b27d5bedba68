"""The divisions of a city as they come with Songhe: from `data/`, see its MANIFEST."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from songhe.kernel.errors import NotFound
from songhe.regions.models import Division, Level
from songhe.regions.queries import boundaries

_DATA = Path(__file__).with_name("data")
_NOBODY = "虚拟"


@dataclass(frozen=True, slots=True)
class Printed:
    """One row of a file: codes have twelve digits, `printed` is the name as its source has it."""

    code: str
    name: str
    printed: str
    level: Level
    kind: str
    parent: str


@cache
def cities() -> tuple[str, ...]:
    """Codes of six digits of the cities whose divisions are at hand."""
    return tuple(sorted(path.stem.removeprefix("divisions-") for path in _DATA.glob("divisions-*.csv")))


@cache
def read_divisions(city: str) -> tuple[Printed, ...]:
    """The province, the city and all below it, parents before children; NotFound for a city without a file."""
    if city[:6] not in cities():
        raise NotFound(f"城市{city}的区划", accepted="、".join(cities()))
    with (_DATA / f"divisions-{city[:6]}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Printed(row["code"], row["name"], row["printed"], Level[row["level"].upper()], row["kind"], row["parent"])
            for row in csv.DictReader(lines)
        )


def load_divisions(city: str, valid_from: date) -> int:
    """Writes the divisions of a city that are not yet recorded, as standing from the day; gives how many were new.

    A code that was ever used is left as it is: what has changed since stays changed. Cities of one province share it.
    """
    drawn = boundaries(city) or {"features": ()}
    centres = {one["properties"]["code"]: one["properties"]["centre"] for one in drawn["features"]}
    rows = read_divisions(city)
    known = set(Division.objects.filter(code__in=[one.code for one in rows]).values_list("code", flat=True))
    new = [_row(one, valid_from, centres.get(one.code)) for one in rows if one.code not in known]
    Division.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _row(one: Printed, valid_from: date, centre: list[float] | None) -> Division:
    longitude, latitude = centre or (None, None)
    return Division(
        code=one.code, name=one.name, level=one.level, kind=one.kind, parent=one.parent,
        inhabited=_NOBODY not in one.printed, longitude=longitude, latitude=latitude, valid_from=valid_from,
    )  # fmt: skip
