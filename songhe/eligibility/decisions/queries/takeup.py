"""How items stand in a region and its parts: who may have one, who receives it, the gap; and the people behind it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Left

from songhe.eligibility.decisions.models import ItemCount, Receipt, Standing
from songhe.eligibility.decisions.places import known_places
from songhe.foundation.access.actors import Actor, region_range
from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.keys import key_read
from songhe.kernel.regions import digits_below, significant

YES, UNKNOWN, RECEIVING, GAP, BEYOND = "yes", "unknown", "receiving", "gap", "beyond"
OUTCOMES = (YES, UNKNOWN, RECEIVING, GAP, BEYOND)
PAGE_ROWS = 30


@dataclass(frozen=True, slots=True)
class Stand:
    """One item in one place."""

    people: int = 0
    yes: int = 0
    unknown: int = 0
    receiving: int = 0
    gap: int = 0
    beyond: int = 0
    fen: int = 0

    @property
    def share(self) -> float | None:
        """The gap as a part of those who may have it; None when nobody may."""
        return self.gap / self.yes if self.yes else None


@dataclass(frozen=True, slots=True)
class TakeUp:
    """The items of a region: by slug as a whole, and by part (leading digits) and slug."""

    whole: dict[str, Stand]
    parts: dict[str, dict[str, Stand]]
    on_date: date | None
    people: int


@dataclass(frozen=True, slots=True)
class Page:
    """People in the order of their communities; `after` is the key of the next page."""

    rows: Sequence[Any]
    after: str


def take_up(actor: Actor) -> TakeUp:
    """The working region and the divisions just below it, as counted last."""
    lo, hi = actor.range
    digits = digits_below(actor.region)
    slugs = {place: slug for slug, place in known_places().items()}
    rows = ItemCount.objects.filter(region_code__gte=lo, region_code__lt=hi)
    sums = rows.values_list("position", Left("region_code", digits)).annotate(
        **{f"all_{name}": Sum(name) for name in Stand.__dataclass_fields__}
    )
    parts: dict[str, dict[str, Stand]] = {}
    for position, part, *figures in sums:
        parts.setdefault(part, {})[slugs[position]] = Stand(*(int(figure) for figure in figures))
    whole: dict[str, Stand] = {}
    for items in parts.values():
        for slug, stand in items.items():
            whole[slug] = _together(whole.get(slug, Stand()), stand)
    people = max((stand.people for stand in whole.values()), default=0)
    return TakeUp(whole, dict(sorted(parts.items())), rows.aggregate(day=Max("on_date"))["day"], people)


def gaps_below(actor: Actor, slugs: Collection[str], area: str = "") -> dict[str, Stand]:
    """Some items together, by the divisions just below the working region, or below an area of it (12 digits).

    NotFound for an area outside the region.
    """
    here = significant(area) if area else actor.region
    if not here.startswith(actor.region):
        raise NotFound("这个地方")
    lo, hi = region_range(here) if area else actor.range
    digits = digits_below(here)
    places = [place for slug, place in known_places().items() if slug in slugs]
    rows = ItemCount.objects.filter(region_code__gte=lo, region_code__lt=hi, position__in=places)
    sums = rows.values_list(Left("region_code", digits)).annotate(
        **{f"all_{name}": Sum(name) for name in Stand.__dataclass_fields__}
    )
    return {part: Stand(*(int(figure) for figure in figures)) for part, *figures in sorted(sums)}


def people_of(actor: Actor, item: str, outcome: str, *, area: str = "", after: str = "") -> Page:
    """Who stands so, one page by key. NotFound for an item without a place, BadInput for another outcome.

    The counts say in which communities there is anybody at all, so that a rare one is found without reading the rest.
    """
    place = known_places().get(item)
    if place is None:
        raise NotFound("这一项")
    if outcome not in OUTCOMES:
        raise BadInput("结论", "没有这一种", given=outcome, accepted="、".join(OUTCOMES))
    lo, hi = region_range(significant(area)) if area else actor.range
    begun, last = _key(after)
    counts = ItemCount.objects.filter(position=place, region_code__gte=max(lo, begun), region_code__lt=hi)
    counts = counts.filter(region_code__gte=actor.range[0], region_code__lt=actor.range[1], **{f"{outcome}__gt": 0})
    found: list[Standing] = []
    communities: list[str] = []
    awaited = 0
    for code, number in [*counts.order_by("region_code").values_list("region_code", outcome), ("", PAGE_ROWS * 4)]:
        if code:
            communities.append(code)
            awaited += number
        if awaited < PAGE_ROWS * 2 and code:
            continue
        found += _rows(place, item, outcome, communities, (begun, last), PAGE_ROWS + 1 - len(found))
        communities, awaited = [], 0
        if len(found) > PAGE_ROWS:
            break
    rows = found[:PAGE_ROWS]
    more = len(found) > PAGE_ROWS
    return Page(rows, f"{rows[-1].region_code}~{rows[-1].pk}" if more else "")


def count_of(actor: Actor, item: str, outcome: str, area: str = "") -> int:
    """How many stand so, as counted last."""
    place = known_places().get(item, -1)
    lo, hi = region_range(significant(area)) if area else actor.range
    rows = ItemCount.objects.filter(position=place, region_code__gte=lo, region_code__lt=hi)
    return int(rows.aggregate(number=Sum(outcome))["number"] or 0)


def receipts_of(persons: Sequence[UUID], item: str) -> dict[UUID, Receipt]:
    """Since when these persons receive the item, those who do."""
    rows = Receipt.objects.filter(person_id__in=persons, item=item, until_date=None)
    return {one.person_id: one for one in rows}


def _rows(
    place: int, item: str, outcome: str, communities: Sequence[str], behind: tuple[str, UUID | None], most: int
) -> list[Standing]:
    if not communities:
        return []
    found = _standing(place, item, outcome).filter(region_code__in=communities)
    begun, last = behind
    if last is not None:
        found = found.filter(Q(region_code__gt=begun) | Q(region_code=begun, pk__gt=last))
    return list(found.select_related("person").order_by("region_code", "person_id")[:most])


def _standing(place: int, item: str, outcome: str) -> QuerySet[Standing]:
    bit = 1 << place
    received = Exists(Receipt.objects.filter(person_id=OuterRef("pk"), item=item, until_date=None))
    found = Standing.objects.annotate(
        may=F("yes").bitand(bit), undecided=F("unknown").bitand(bit), received=received
    )  # fmt: skip
    wanted = {
        YES: Q(may__gt=0), UNKNOWN: Q(undecided__gt=0), RECEIVING: Q(received=True),
        GAP: Q(may__gt=0, received=False), BEYOND: Q(may=0, received=True),
    }  # fmt: skip
    return found.filter(wanted[outcome])


def _key(after: str) -> tuple[str, UUID | None]:
    if not after:
        return "", None
    code, _, key = after.partition("~")
    last = key_read(key)
    if last is None or not code.isdigit():
        raise BadInput("页码", "读不懂")
    return code, last


def _together(one: Stand, other: Stand) -> Stand:
    names = Stand.__dataclass_fields__
    return Stand(**{name: getattr(one, name) + getattr(other, name) for name in names})
