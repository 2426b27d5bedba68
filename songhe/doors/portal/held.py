"""The lists that hold today for who comes to the portal, each read once a day, and their items by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from uuid import UUID

from django.conf import settings

from songhe.doors.portal.places import name_of
from songhe.eligibility.reason_sheet.gather import Desk
from songhe.eligibility.reason_sheet.words import Instrument as Document
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import significant
from songhe.policy.api import Instrument, Release, in_force, programme_of
from songhe.rules.audiences import Audience, audience_of, cut
from songhe.rules.programme import BoundItem, Programme

_KEPT, _CITY = 16, 4


@dataclass(frozen=True)
class Held:
    """A release on a day with what pages need of it."""

    release: UUID
    region: str
    title: str
    programme: Programme
    documents: Mapping[str, Document]

    @property
    def on(self) -> date:
        """The day."""
        return self.programme.on

    @property
    def items(self) -> tuple[BoundItem, ...]:
        """The items in the order of their numbers."""
        return self.programme.items

    @cached_property
    def audiences(self) -> Mapping[str, Audience]:
        """Whom each item addresses, by its slug."""
        return {bound.item.slug: audience_of(bound, self.on) for bound in self.items}

    @cached_property
    def names(self) -> Callable[[str], str]:
        """Gives a division its name."""
        return cache(lambda code: name_of(code, self.on))

    @cached_property
    def desk(self) -> Desk:
        """What makes the sheets."""
        return Desk(self.programme, instruments=self.documents, names=self.names)

    @cached_property
    def cuts(self) -> dict[str, tuple[BoundItem, ...]]:
        """The items of each group that was asked for."""
        return {}

    def of_group(self, group: str) -> tuple[BoundItem, ...]:
        """The items for a group, such as "age:80" or "poor"."""
        if group not in self.cuts:
            self.cuts[group] = tuple(bound for bound in self.items if cut(bound, group, self.on))
        return self.cuts[group]

    def item(self, slug: str) -> BoundItem:
        """One item. NotFound when the list has none of that name."""
        found = next((bound for bound in self.items if bound.item.slug == slug), None)
        if found is None:
            raise NotFound("这一项")
        return found


def held(today: date) -> Held | None:
    """The list of the place whose platform this is. None: no list. Parts of it may have their own: see `choosing`."""
    found = home_release(today)
    return None if found is None else held_of(found, today)


def home_release(today: date) -> Release | None:
    """The widest of the lists named after the place; without a name the widest of a city, or of a smaller division."""
    releases = in_force(today)
    named = [one for one in releases if settings.PLACE and one.of_list.title.startswith(settings.PLACE)]
    local = [one for one in releases if len(significant(one.of_list.region)) >= _CITY]
    return next(iter(named or local or releases), None)


def held_of(release: Release, today: date) -> Held:
    """A release in force with what pages need of it."""
    key = (release.pk, today)
    if key not in _HELD:
        if len(_HELD) >= _KEPT:
            _HELD.clear()
        _HELD[key] = _read(release, today)
    return _HELD[key]


def key_of(found: Held | None) -> tuple[UUID, date] | None:
    """What pages that show only the list are kept under: which release on which day; None without a list."""
    return None if found is None else (found.release, found.on)


def _read(release: Release, today: date) -> Held:
    rows = Instrument.objects.values_list("key", "title", "number")
    documents = {key: Document(title, number) for key, title, number in rows}
    programme = programme_of(release, today)
    return Held(release.pk, release.of_list.region, release.of_list.title, programme, documents)


_HELD: dict[tuple[UUID, date], Held] = {}  # releases in force never change
