"""The region at a glance: key figures, its parts side by side, the district map. Every figure opens into its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from songhe.foundation.access.actors import Actor
from songhe.kernel.told import phrase
from songhe.people.api import GROUPS, Counts, Summary
from songhe.regions.api import boundaries, names_of
from songhe.ui.pictures import Area, Chart, Map, Series, classes, step
from songhe.ui.words import said

CITY, DISTRICT, TOWNSHIP, COMMUNITY = 4, 6, 9, 12
_NEXT_LEVEL = {0: CITY, 2: CITY, CITY: DISTRICT, DISTRICT: TOWNSHIP, TOWNSHIP: COMMUNITY, COMMUNITY: COMMUNITY}
_PARTS = {CITY: phrase("市"), DISTRICT: phrase("区"), TOWNSHIP: phrase("街道、乡镇"), COMMUNITY: phrase("社区、村")}
_KEY = ("total", "very_old", "alone", "disabled", "minimum_living", "conflict", "stale")
_TABLE = ("total", "very_old", "alone", "left_behind", "disabled", "dementia", "severe", "destitute", "minimum_living")
_ECONOMY, _DATA, _LIVING = (
    ("destitute", "minimum_living", "edge"),
    ("conflict", "stale"),
    ("alone", "empty_nest", "left_behind"),
)
_AGES = {"from_65": 65, "from_70": 70, "very_old": 80, "from_90": 90, "from_100": 100}
_FROM_80 = "very_old"
_SHARE_BOUNDS = (10.0, 12.0, 14.0, 16.0)
_MOST_BARS = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure."""

    label: str
    value: int
    source: str
    url: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of people with the address of its rows."""

    head: str
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the region in the table."""

    name: str
    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page shows of a region; `chart` and `map` are None where there is nothing to draw."""

    figures: tuple[Figure, ...]
    heads: tuple[str, ...]
    parts: str
    rows: tuple[PartRow, ...]
    sums: tuple[Cell, ...]
    chart: Chart | None
    map: Map | None
    counted_at: datetime | None


def overview_of(actor: Actor, today: date) -> Overview:
    """The actor's region as counted last."""
    counts = Counts.of(actor.region)
    whole = counts.summary
    level = _NEXT_LEVEL[len(actor.region)]
    parts = counts.by(level)
    names = names_of(part.digits.ljust(COMMUNITY, "0") for part in parts)
    named = [(names.get(part.digits.ljust(COMMUNITY, "0"), part.digits), part) for part in parts]
    return Overview(
        figures=tuple(_figure(code, whole) for code in _KEY),
        heads=tuple(said(GROUPS[code].words) for code in _TABLE),
        parts=gettext(_PARTS[level]),
        rows=tuple(PartRow(name, people_url(part.digits, "total"), _cells(part)) for name, part in named),
        sums=_cells(whole),
        chart=_chart(named) if named else None,
        map=_map(actor.region, named) if len(actor.region) == CITY else None,
        counted_at=whole.counted_at,
    )


def people_url(digits: str, group: str) -> str:
    """The list of a group's people in a region."""
    pairs = [("area", digits.ljust(COMMUNITY, "0"))] if digits else []
    if group == "alone_80":
        pairs += [("living", "alone"), ("age_from", "80")]
    elif group in _AGES:
        pairs.append(("age_from", str(_AGES[group])))
    elif group != "total":
        pairs.append((_field(group), group))
    return f"{reverse('people')}?{urlencode(pairs)}" if pairs else reverse("people")


def _field(group: str) -> str:
    fields = {"economy": _ECONOMY, "data": _DATA, "living": _LIVING}
    return next((name for name, groups in fields.items() if group in groups), "care")


def _cells(summary: Summary) -> tuple[Cell, ...]:
    return tuple(
        Cell(said(GROUPS[code].words), summary.people[code], people_url(summary.digits, code)) for code in _TABLE
    )


def _figure(code: str, whole: Summary) -> Figure:
    label = gettext("60岁及以上") if code == "total" else said(GROUPS[code].words)
    people = whole.people
    share = (
        ""
        if code == "total" or not people["total"]
        else gettext("占{value:.1%}").format(value=people[code] / people["total"])
    )
    kind = "ochre" if code in _DATA and people[code] else "plain"
    return Figure(label, people[code], share, people_url(whole.digits, code), kind)


def _chart(named: list[tuple[str, Summary]]) -> Chart:
    shown = named[:_MOST_BARS]
    bands = (
        (gettext("60–69岁"), "total", "from_70"),
        (gettext("70–79岁"), "from_70", "very_old"),
        (gettext("80岁及以上"), "very_old", ""),
    )
    series = tuple(
        Series(name, tuple(part.people[low] - (part.people[high] if high else 0) for _, part in shown), place)
        for place, (name, low, high) in enumerate(bands, 1)
    )
    return Chart(
        "ages",
        gettext("各地老人的年龄"),
        "stacked",
        tuple(name for name, _ in shown),
        series,
        gettext("人"),
        gettext("地方"),
        lying=True,
    )


def _map(city: str, named: list[tuple[str, Summary]]) -> Map | None:
    drawn = boundaries(city.ljust(COMMUNITY, "0"))
    if drawn is None:
        return None
    areas = []
    for name, part in named:
        total = part.people["total"]
        share = 100 * part.people[_FROM_80] / total if total else None
        shown = "–" if share is None else f"{share:.1f}%"
        code = part.digits.ljust(COMMUNITY, "0")
        areas.append(Area(code, name, shown, step(share, _SHARE_BOUNDS), people_url(part.digits, _FROM_80)))
    printed = classes(_SHARE_BOUNDS, [f"{bound:.0f}" for bound in _SHARE_BOUNDS], unit="%")
    return Map(
        "districts",
        gettext("80岁及以上占老人的比例"),
        gettext("区"),
        gettext("80岁及以上"),
        tuple(areas),
        printed,
        drawn,
    )
