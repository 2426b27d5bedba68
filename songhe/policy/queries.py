"""Which lists and releases there are, and which one holds where and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from songhe.foundation.database.kept import Kept
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.states import TaskState
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import significant
from songhe.policy.kinds import REVISE
from songhe.policy.models import Instrument, Release, ServiceList, Step
from songhe.policy.states import IN_FORCE

_ABOVE = ("", "parent__", "parent__parent__")
_HELD = Kept(
    lambda on: (
        releases()
        .defer(*(f"{above}{text}" for above in _ABOVE for text in ("files", "doubts")))
        .filter(Q(until_date__isnull=True) | Q(until_date__gt=on), state__in=IN_FORCE, from_date__lte=on)
        .order_by("of_list__key", "-number")
    )
)


@dataclass(frozen=True, slots=True)
class Holding:
    """A release that holds in a region: for files below `region` (leading digits) but not below those of `without`."""

    release: Release
    region: str
    without: tuple[str, ...]


def releases() -> QuerySet[Release]:
    """All releases with their lists and those above."""
    return Release.objects.select_related("of_list", "parent__of_list", "parent__parent")


def release_of(key: UUID) -> Release:
    """One release. NotFound when there is none."""
    found = releases().filter(pk=key).first()
    if found is None:
        raise NotFound("这一版清单")
    return found


def in_force(on: date) -> list[Release]:
    """The releases that hold on the day, one a list, the widest region first. Their texts are read when asked for."""
    latest: dict[UUID, Release] = {}
    for release in _HELD(on=on):
        latest.setdefault(release.of_list_id, release)
    return sorted(latest.values(), key=lambda one: (len(significant(one.of_list.region)), one.of_list.key))


def holdings(on: date, region: str = "") -> list[Holding]:
    """What holds in the region's parts on the day: the list of the smallest division that has one goes before.

    `region` is leading digits; lists of whole provinces and of the country decide nobody by themselves when a smaller
    one extends or repeats them, and hold where no smaller one is.
    """
    held = [(significant(one.of_list.region), one) for one in in_force(on)]
    found = []
    for digits, release in held:
        if not (digits.startswith(region) or region.startswith(digits)):
            continue
        smaller = tuple(other for other, _ in held if other != digits and other.startswith(digits))
        if any(region.startswith(other) for other in smaller):
            continue
        within = max(digits, region, key=len)
        found.append(Holding(release, within, tuple(other for other in smaller if other.startswith(within))))
    return found


def release_for(region_code: str, on: date) -> Release | None:
    """The release by which a file in that place is decided on the day; None where no list holds."""
    digits = significant(region_code)
    fitting = [one for one in in_force(on) if digits.startswith(significant(one.of_list.region))]
    return fitting[-1] if fitting else None


def previous_of(release: Release) -> Release | None:
    """The release of the same list that held before this one."""
    earlier = releases().filter(of_list=release.of_list, number__lt=release.number, state__in=IN_FORCE)
    return earlier.order_by("-number").first()


def open_draft(of_list: ServiceList) -> Release | None:
    """The release of the list that is on its way, None when none is."""
    return releases().filter(of_list=of_list, state__in=("draft", "proposed", "approved")).first()


def lists_seen_from(region: str, every: Iterable[ServiceList] | None = None) -> list[ServiceList]:
    """The lists of a region, of those above it and of those below it."""
    rows = ServiceList.objects.order_by("region", "key") if every is None else every
    return [one for one in rows if _related(significant(one.region), region)]


def _related(digits: str, region: str) -> bool:
    return digits.startswith(region) or region.startswith(digits)


def release_seen_by(region: str, key: UUID) -> Release:
    """One release of a list of the working region, of those above or below it. NotFound for any other."""
    release = release_of(key)
    if not _related(significant(release.of_list.region), region):
        raise NotFound("这一版清单")
    return release


def list_seen_by(region: str, key: UUID) -> ServiceList:
    """One list likewise."""
    found = ServiceList.objects.filter(pk=key).first()
    if found is None or not _related(significant(found.region), region):
        raise NotFound("这份清单")
    return found


def lists_above(release: Release, on: date) -> list[Release]:
    """What holds on the day for the divisions above the list's own, the nearest first."""
    digits = significant(release.of_list.region)
    held = [(significant(one.of_list.region), one) for one in in_force(on)]
    return [one for other, one in reversed(held) if other != digits and digits.startswith(other)]


def steps_of(release: Release) -> list[Step]:
    """The steps of a release, the first one first."""
    return list(release.steps.order_by("done_at", "pk"))


def revision_asked(of_list: ServiceList) -> Task | None:
    """The open task to look at the list again this year, None when nobody is asked to."""
    return Task.objects.filter(kind=REVISE.code, subject=of_list.pk).exclude(state=TaskState.CLOSED).first()


def instruments() -> dict[str, Instrument]:
    """The documents that clauses cite, by key."""
    return {row.key: row for row in Instrument.objects.order_by("key")}


def taken_out(release: Release) -> dict[str, str]:
    """The items of the release that a draft was begun from which are no longer in it under any number, by file name."""
    if release.based_on is None:
        return {}
    kept = {_slug(name) for name in release.files}
    return {name: text for name, text in release.based_on.files.items() if _slug(name) not in kept}


def _slug(name: str) -> str:
    """The name of an item's file without its number."""
    number, _sign, rest = name.partition("-")
    return rest if number.isdecimal() else name
