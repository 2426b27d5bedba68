"""Reading divisions: by code, upwards, downwards, as of a day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from songhe.foundation.access.actors import region_range
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import significant
from songhe.regions.models import Division

DIGITS = 12
ENDS = (2, 4, 6, 9, 12)
COUNTRY = "全国"
_DATA = Path(__file__).with_name("data")


def divisions_on(day: date) -> QuerySet[Division]:
    """All divisions that stand on the day."""
    return Division.objects.filter(valid_from__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))


def division_of(code: str, day: date) -> Division:
    """The division of a code of 6, 9 or 12 digits on the day. NotFound when there is none."""
    found = divisions_on(day).filter(code=code.ljust(DIGITS, "0")).first()
    if found is None:
        raise NotFound("这个地方")
    return found


def upwards(code: str, day: date) -> list[Division]:
    """The division and those it lies in, the largest first; those that are not recorded are left out."""
    digits = significant(code)
    codes = [digits[:end].ljust(DIGITS, "0") for end in ENDS if end <= len(digits)]
    return list(divisions_on(day).filter(code__in=codes).order_by("level"))


def children_of(code: str, day: date) -> QuerySet[Division]:
    """The divisions right below, by code; of "" those that have no parent."""
    parent = code.ljust(DIGITS, "0") if significant(code or "000000") else ""
    return divisions_on(day).filter(parent=parent).order_by("code")


def below(code: str, level: int, day: date) -> QuerySet[Division]:
    """All divisions of a level within the division."""
    lo, hi = region_range(significant(code))
    return divisions_on(day).filter(code__gte=lo, code__lt=hi, level=level).order_by("code")


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The newest name of each code of 12 digits, also of those that no longer stand."""
    found = Division.objects.filter(code__in=set(codes)).order_by("code", "valid_from")
    return dict(found.values_list("code", "name"))


def place_of(code: str, day: date, *, below_city: bool = True) -> str:
    """The division in words, such as 鄂城区凤凰街道吴都社区; the code itself when it is not recorded."""
    path = upwards(code, day)
    shown = [division.name for division in path if not below_city or division.level > ENDS[1]]
    return "".join(shown or [division.name for division in path[-1:]]) or code or COUNTRY


@cache
def boundaries(city: str) -> dict[str, Any] | None:
    """The districts of a city as GeoJSON with `code` and `name`; None when there is no drawing of it.

    Coordinates are those of public web maps (GCJ-02), simplified: for a picture, not for measuring or for borders.
    """
    path = _DATA / f"boundaries-{city[:6]}.json"
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found
