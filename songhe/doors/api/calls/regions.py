"""Divisions: public, and the same for every system."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Router

from songhe.doors.api.gate import CallRequest
from songhe.doors.api.schemas import Region, RegionCode, Regions
from songhe.kernel.told import phrase
from songhe.regions.api import Division, children_of, division_of

READ = "regions.read"
router = Router(tags=[phrase("区划")])


@router.get("/regions", response=Regions, url_name="regions", summary=phrase("一个区划的下一级"))
def regions(request: CallRequest, under: RegionCode = "000000", on: date | None = None) -> dict[str, Any]:
    """The divisions right below one, on a day; below 000000 are those that nothing stands above."""
    request.actor.require(READ)
    day = on or timezone.localdate()
    return {"rows": [_row(one) for one in children_of(under, day)]}


@router.get("/regions/{code}", response=Region, url_name="region", summary=phrase("一个区划"))
def region(request: CallRequest, code: RegionCode, on: date | None = None) -> dict[str, Any]:
    """One division as it was on a day."""
    request.actor.require(READ)
    return _row(division_of(code, on or timezone.localdate()))


def _row(one: Division) -> dict[str, Any]:
    return {
        "code": one.code, "name": one.name, "level": one.level, "parent": one.parent, "valid_from": one.valid_from,
        "valid_until": one.valid_until,
    }  # fmt: skip
