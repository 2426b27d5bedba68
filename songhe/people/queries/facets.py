"""How many people stand behind each box of the filter column.

Without filters the counts by community answer at any size. With filters the people of the region are counted in one
pass, each question without its own filter, as long as the region is small enough for that; above, no number is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, Q

from songhe.foundation.access.actors import Actor
from songhe.kernel.regions import digits_below, significant
from songhe.people.groups import GROUPS
from songhe.people.models import Sheet
from songhe.people.queries.filters import CARE, DATA, ECONOMY, LIVING, Filters, ability_condition
from songhe.people.terms import Standing

COUNTED_IN_ONE_PASS = 12_000
DIGITS = 12
ABILITIES = ("1", "2", "3", "never")
_WITH_TOTALS = {"living", "economy", "care", "data", "age", "unknown"}  # whose boxes the totals answer
_GROUPED = {"living": LIVING, "economy": ECONOMY, "care": CARE, "data": DATA}


def facets_of(
    actor: Actor, filters: Filters, totals: Mapping[str, int], *, today: date
) -> Mapping[tuple[str, str], int]:
    """The counts of the boxes, by filter and value; empty when they would take too long."""
    plain = filters.standing == Standing.PRESENT and not filters.find
    narrowed = set(filters.conditions(today)) - {"standing", "area", "places"}
    if plain and not narrowed and not filters.places:
        return _from_totals(totals)
    if filters.find or not 0 < totals["total"] <= COUNTED_IN_ONE_PASS:
        return {}
    if plain and not filters.places and narrowed <= _WITH_TOTALS and len(narrowed) == 1:
        return _of_one_question(actor, filters, totals, today)
    return _in_one_pass(actor, filters, today)


def _from_totals(totals: Mapping[str, int]) -> dict[tuple[str, str], int]:
    found = {(name, code): totals[code] for name, codes in _GROUPED.items() for code in codes}
    found["ability", "never"] = totals["never_assessed"]
    found["sex", "2"] = totals["women"]
    found["sex", "1"] = totals["total"] - totals["women"]
    return found


def _of_one_question(
    actor: Actor, filters: Filters, totals: Mapping[str, int], today: date
) -> dict[tuple[str, str], int]:
    """With one question asked only those it finds are counted: its own boxes leave it out, so they are the totals."""
    (asked,) = set(filters.conditions(today)) & _WITH_TOTALS
    boxes = {(name, code): condition for (name, code), condition in _boxes(today).items() if name != asked}
    counts = {f"{name}_{code}": Count("pk", filter=condition) for (name, code), condition in boxes.items()}
    lo, hi = actor.within(filters.area).range if filters.area else actor.range
    sums = Sheet.objects.filter(filters.condition(today), region_code__gte=lo, region_code__lt=hi).aggregate(**counts)
    own = {box: count for box, count in _from_totals(totals).items() if box[0] == asked}
    return own | {(name, code): sums[f"{name}_{code}"] for name, code in boxes}


def _boxes(today: date) -> dict[tuple[str, str], Q]:
    boxes: dict[tuple[str, str], Q] = {
        (name, code): GROUPS[code].query(today) for name, codes in _GROUPED.items() for code in codes
    }
    boxes |= {("ability", code): ability_condition(code) for code in ABILITIES}
    return boxes | {("sex", code): Q(sex=int(code)) for code in ("1", "2")}


def _in_one_pass(actor: Actor, filters: Filters, today: date) -> dict[tuple[str, str], int]:
    lo, hi = actor.within(filters.area).range if filters.area else actor.range
    conditions = filters.conditions(today)
    boxes = _boxes(today)
    counts = {
        f"{name}_{code}": Count("pk", filter=_others(conditions, name) & condition)
        for (name, code), condition in boxes.items()
    }
    rows = Sheet.objects.filter(region_code__gte=lo, region_code__lt=hi, standing=filters.standing)
    sums = rows.aggregate(**counts)
    return {(name, code): sums[f"{name}_{code}"] for name, code in boxes}


def places_of(actor: Actor, filters: Filters, length: int, *, today: date) -> dict[str, int]:
    """How many of the list live in each part of the area, all other filters counted, for small regions."""
    lo, hi = actor.within(filters.area).range if filters.area else actor.range
    rows = Sheet.objects.filter(_others(filters.conditions(today), "places"), region_code__gte=lo, region_code__lt=hi)
    found: dict[str, int] = {}
    for code, people in rows.values_list("region_code").annotate(Count("pk")).order_by():
        part = code[:length].ljust(DIGITS, "0")
        found[part] = found.get(part, 0) + people
    return found


def depth_below(area: str) -> int:
    """How many digits of a code tell the parts of a division: 6 districts of a city, 9, 12."""
    return digits_below(significant(area) if area else "", least=2)


def _others(conditions: Mapping[str, Q], name: str) -> Q:
    found = Q()
    for other, condition in conditions.items():
        if other != name:
            found &= condition
    return found
