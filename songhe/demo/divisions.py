"""The administrative divisions of the demo city, cut from the package named in `data/MANIFEST.md`.

The file keeps the names as the package prints them; what is read here is the name as people say it: 伯浩村 for
伯浩村委会, 太和社区 for 太和居委会. A name is no key: 东沟村 and 燕矶社区 exist twice.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from songhe.kernel import regions
from songhe.kernel.errors import NotFound

_DATA = Path(__file__).resolve().parent / "data"
_SHORTEST_CODE = 6


@dataclass(frozen=True, slots=True)
class Division:
    """One division. `code` has 6 digits down to the district, 9 for a township, 12 for a community.

    `level` is province, city, district, township or community; `parent` is empty for the province.
    """

    code: str
    name: str
    level: str
    parent: str


@cache
def read_divisions(city: str) -> tuple[Division, ...]:
    """The province, the city and all below it, parents before children; NotFound for a city without a file."""
    path = _DATA / f"divisions-{city}.csv"
    if not city.isdigit() or not path.is_file():
        raise NotFound(f"演示城市{city}", accepted="、".join(cities()))
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Division(row["code"], _as_said(row["name"]), row["level"], row["parent"]) for row in csv.DictReader(lines)
        )


@cache
def cities() -> tuple[str, ...]:
    """Codes of the cities whose divisions are at hand."""
    return tuple(sorted(path.stem.removeprefix("divisions-") for path in _DATA.glob("divisions-*.csv")))


def region_name(code: str) -> str:
    """The name of the division alone (鄂城区, 凤凰街道), however the code is padded; the code if it is not known."""
    significant = regions.significant(code)
    return _names().get(significant.ljust(_SHORTEST_CODE, "0"), code)


@cache
def _names() -> dict[str, str]:
    return {division.code: division.name for city in cities() for division in read_divisions(city)}


def _as_said(name: str) -> str:
    name = re.sub("（.*）$", "", name)
    name = re.sub("(社区)?居委会$", "社区", name)
    return re.sub("村?村委会$", "村", name)


class Divisions:
    """The divisions of the cities at hand by name and place, for whoever lets a person choose one in words."""

    def below(self, code: str) -> tuple[tuple[str, str], ...]:
        """The divisions directly below one: code and name; empty for one that is not at hand."""
        parent = regions.significant(code).ljust(_SHORTEST_CODE, "0")
        return tuple((one.code, one.name) for one in _every() if one.parent == parent)

    def named(self, name: str) -> tuple[tuple[str, str], ...]:
        """All divisions of that name, with or without what stands around them: code and full name."""
        every = ((one, self.full_name(one.code)) for one in _every())
        return tuple((one.code, full) for one, full in every if name in (one.name, full))

    def name(self, code: str) -> str:
        """The name of a division, the code when it is not known."""
        return region_name(code)

    def full_name(self, code: str) -> str:
        """The name with those of the divisions around it, the province left out: 鄂城区凤凰街道吴都社区."""
        at = {one.code: one for one in _every()}
        names: list[str] = []
        one = at.get(code)
        while one is not None and one.level != "province":
            names.insert(0, one.name)
            one = at.get(one.parent)
        return "".join(names)


@cache
def _every() -> tuple[Division, ...]:
    return tuple(one for city in cities() for one in read_divisions(city))
