"""Reading divisions: by code, upwards, downwards, as of a day."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from songhe.foundation.access.actors import Actor, region_range
from songhe.foundation.database.statements import rows_of
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import significant
from songhe.kernel.told import phrase
from songhe.regions.models import Alteration, Division, Succession

DIGITS = 12
ENDS = (2, 4, 6, 9, 12)
COUNTRY = phrase("全国")
_DATA = Path(__file__).with_name("data")
_NAMES = "SELECT code, name FROM regions_division WHERE code = ANY(%s) ORDER BY code, valid_from"


def divisions_on(day: date) -> QuerySet[Division]:
    """All divisions that stand on the day."""
    return Division.objects.filter(valid_from__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))


def as_of(code: str, day: date) -> Division | None:
    """The division of a code of 6, 9 or 12 digits as it was on the day, None when there was none."""
    return divisions_on(day).filter(code=code.ljust(DIGITS, "0")).first()


def division_of(code: str, day: date) -> Division:
    """The division of a code of 6, 9 or 12 digits on the day. NotFound when there is none."""
    found = as_of(code, day)
    if found is None:
        raise NotFound("这个地方")
    return found


def versions_of(code: str) -> list[Division]:
    """The division in all its times, the newest first. NotFound for a code that was never one."""
    found = list(Division.objects.filter(code=code.ljust(DIGITS, "0")).order_by("-valid_from"))
    if not found:
        raise NotFound("这个地方")
    return found


def upwards(code: str, day: date) -> list[Division]:
    """The division and those it lies in, the largest first; those that are not recorded are left out."""
    return list(divisions_on(day).filter(code__in=_codes_upwards(code)).order_by("level"))


def _codes_upwards(code: str) -> list[str]:
    digits = significant(code)
    return [digits[:end].ljust(DIGITS, "0") for end in ENDS if end <= len(digits)]


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
    wanted = list(set(codes))
    return dict(rows_of(_NAMES, [wanted])) if wanted else {}


def place_of(code: str, day: date, *, below_city: bool = True) -> str:
    """The division in words, such as 鄂城区凤凰街道吴都社区; the code itself when it is not recorded."""
    return places_of([code], day, below_city=below_city)[code]


def places_of(codes: Iterable[str], day: date, *, below_city: bool = True) -> dict[str, str]:
    """The same for many codes at once."""
    paths = {code: _codes_upwards(code) for code in set(codes)}
    found = divisions_on(day).filter(code__in={one for path in paths.values() for one in path}) if paths else ()
    known = {division.code: division for division in found}
    return {
        code: _in_words(code, [known[one] for one in path if one in known], below_city) for code, path in paths.items()
    }


def _in_words(code: str, path: list[Division], below_city: bool) -> str:
    shown = [division.name for division in path if not below_city or division.level > ENDS[1]]
    return "".join(shown or [division.name for division in path[-1:]]) or code or COUNTRY


def successors(code: str, from_day: date, to_day: date) -> tuple[Division, ...]:
    """What the division of one day had become by another: through every rename, new code, merge and split.

    The division itself where it still stands; nothing when it ended without a successor or was not there.
    """
    start = as_of(code, from_day)
    return followed(start, from_day, to_day) if start else ()


def followed(start: Division, from_day: date, to_day: date) -> tuple[Division, ...]:
    """See `successors`; from one time of a division."""
    arrived, layer = {start: from_day}, [start]
    while layer:
        steps = Succession.objects.filter(before__in=layer, on_date__lte=to_day).select_related("before", "after")
        layer = []
        for step in steps:
            since = arrived[step.before]
            if (step.on_date > since or (step.before != start and step.on_date == since)) and step.after not in arrived:
                arrived[step.after] = step.on_date
                layer.append(step.after)
    standing = [one for one in arrived if one.valid_until is None or one.valid_until > to_day]
    return tuple(sorted(standing, key=lambda one: one.code))


def successions_of(code: str) -> list[Succession]:
    """Every step in which the division gave way to another or took another's place, the newest first."""
    touching = Q(before__code=code) | Q(after__code=code)
    return list(Succession.objects.filter(touching).select_related("before", "after").order_by("-on_date", "pk"))


@dataclass(frozen=True, slots=True)
class Branch:
    """A division with what lies right below it."""

    division: Division
    branches: tuple[Branch, ...]


def tree(day: date, root: str = "", *, down_to: int = DIGITS) -> tuple[Branch, ...]:
    """The divisions of a day as a tree, all of them or those below `root`; no deeper than the level `down_to`."""
    digits = significant(root) if root else ""
    lo, hi = region_range(digits)
    below: dict[str, list[Division]] = {}
    for one in divisions_on(day).filter(code__gte=lo, code__lt=hi, level__lte=down_to).order_by("code"):
        below.setdefault(one.parent, []).append(one)

    def branches(code: str) -> tuple[Branch, ...]:
        return tuple(Branch(one, branches(one.code)) for one in below.get(code, ()))

    return branches(digits.ljust(DIGITS, "0") if digits else "")


def part_counts(parent: str, level: int, day: date) -> dict[str, Counter[int]]:
    """For each division of a level within `parent`: how many of each finer level lie in it, by its code."""
    lo, hi = region_range(significant(parent) if parent else "")
    rows = (
        divisions_on(day)
        .filter(code__gte=lo, code__lt=hi, level__gt=level)
        .order_by()
        .annotate(part=Substr("code", 1, level))
        .values_list("part", "level")
        .annotate(number=Count("pk"))
    )
    counts: dict[str, Counter[int]] = {}
    for part, finer, number in rows:
        counts.setdefault(part.ljust(DIGITS, "0"), Counter())[finer] = number
    return counts


def counts_below(code: str, day: date) -> Counter[int]:
    """How many divisions of each finer level lie within the division."""
    digits = significant(code) if code else ""
    return part_counts(code, len(digits), day).get(digits.ljust(DIGITS, "0"), Counter())


def named(words: str, within: str, day: date, *, most: int) -> list[Division]:
    """Divisions within another whose name has these words, or whose code begins with them; the larger first."""
    lo, hi = region_range(significant(within) if within else "")
    like = Q(code__startswith=words) if words.isdigit() else Q(name__contains=words)
    return list(divisions_on(day).filter(like, code__gte=lo, code__lt=hi).order_by("level", "code")[:most])


def alterations_of(code: str) -> list[Alteration]:
    """Decided changes that begin with the division or lie in it, the latest day first."""
    lo, hi = region_range(significant(code) if code else "")
    return list(Alteration.objects.filter(code__gte=lo, code__lt=hi).order_by("-on_date", "-entered_at"))


def alteration_of(actor: Actor, key: UUID) -> Alteration:
    """One decided change in the actor's region. NotFound when there is none."""
    found = Alteration.objects.filter(pk=key).first()
    if found is None or not actor.covers(found.code):
        raise NotFound("这项变更")
    return found


@cache
def boundaries(city: str) -> dict[str, Any] | None:
    """The districts of a city as GeoJSON with `code` and `name`; None when there is no drawing of it.

    Coordinates are those of public web maps (GCJ-02), simplified: for a picture, not for measuring or for borders.
    """
    path = _DATA / f"boundaries-{city[:6]}.json"
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found
