"""Where people miss out on what they may have: the map of districts, and beside it the table down to communities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from songhe.eligibility.decisions.presenters import item_name
from songhe.eligibility.decisions.presenters_lists import BOUNDS, people_url
from songhe.eligibility.decisions.queries.takeup import GAP, Stand, gaps_below
from songhe.foundation.access.actors import Actor
from songhe.foundation.places import place_names
from songhe.kernel.regions import significant
from songhe.regions.api import boundaries
from songhe.rules.packs import Item
from songhe.ui import formats
from songhe.ui.pictures import Area, Map, classes, step

_CODE, _CITY, _COMMUNITY = 12, 4, 9
_PERCENT = tuple(round(100 * bound) for bound in BOUNDS)


@dataclass(frozen=True, slots=True)
class GapRow:
    """One division: who may have it, who misses out, and where to look further."""

    name: str
    yes: int
    gap: int
    share: float | None
    step: str
    deeper_url: str
    people_url: str


@dataclass(frozen=True, slots=True)
class GapPicture:
    """The part of the overview. `map` is None where no borders are drawn; `area` is the division that is opened."""

    rows: Sequence[GapRow]
    map: Map | None
    item: str
    items: Sequence[tuple[str, str]]
    area: str
    area_code: str
    whole_url: str


def gap_picture(actor: Actor, items: Mapping[str, Item], item: str = "", area: str = "") -> GapPicture:
    """One item, or all that somebody has to be put down for, below the working region or an area of it.

    An item that is not of the list counts as none chosen. NotFound for an area outside the region.
    """
    applied = {slug: one for slug, one in items.items() if one.applied_for}
    item = item if item in items else ""
    slugs = [item] if item else list(applied)
    opened = significant(area) if area else actor.region
    found = gaps_below(actor, slugs, area)
    codes = [part.ljust(_CODE, "0") for part in found]
    names = place_names([*codes, opened.ljust(_CODE, "0")])
    rows = [_row(part, stand, names, opened, item) for part, stand in found.items() if stand.yes]
    return GapPicture(
        rows=sorted(rows, key=lambda row: (not row.deeper_url and len(opened) < _COMMUNITY, -(row.share or 0))),
        map=_map(actor, slugs, item, items),
        item=item,
        items=[(slug, one.name) for slug, one in sorted(applied.items(), key=lambda pair: pair[1].number)],
        area=names[opened.ljust(_CODE, "0")] if area else "",
        area_code=area,
        whole_url=_url(item),
    )


def _row(part: str, stand: Stand, names: Mapping[str, str], opened: str, item: str) -> GapRow:
    code, below = part.ljust(_CODE, "0"), significant(part.ljust(_CODE, "0"))
    inside = below != opened
    name = names[code] if inside or len(opened) == _CODE else _("没分到下面的")
    deeper = _url(item, code) if inside and len(below) < _CODE else ""
    return GapRow(
        name, stand.yes, stand.gap, stand.share, str(_step(stand)) if stand.share is not None else "", deeper,
        people_url(item, GAP, code) if item and stand.gap and inside else "",
    )  # fmt: skip


def _map(actor: Actor, slugs: Sequence[str], item: str, items: Mapping[str, Item]) -> Map | None:
    """The districts of the city; None below the city, where no borders are drawn."""
    drawn = boundaries(actor.region.ljust(_CODE, "0")) if len(actor.region) == _CITY else None
    if drawn is None:
        return None
    found = gaps_below(actor, slugs)
    names = place_names(part.ljust(_CODE, "0") for part in found)
    areas = tuple(
        Area(code, names[code], formats.percent(stand.share), _step(stand), _url(item, code))
        for code, stand in ((part.ljust(_CODE, "0"), stand) for part, stand in found.items())
        if significant(code) != actor.region
    )
    printed = classes(_PERCENT, [str(bound) for bound in _PERCENT], unit="%")
    title = _("{item}：可享没享的比例").format(item=item_name(dict(items), item) if item else _("要办的事项"))
    return Map("gap", title, _("区"), _("可享没享"), areas, printed, drawn)


def _step(stand: Stand) -> int:
    return step(None if stand.share is None else 100 * stand.share, _PERCENT)


def _url(item: str, area: str = "") -> str:
    pairs = [(name, value) for name, value in (("of", item), ("area", area)) if value]
    return reverse("decisions") + (f"?{urlencode(pairs)}" if pairs else "") + "#gap"
