"""What a release, or figures tried on it, would do in place of what holds now; and who is behind a count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from time import perf_counter
from uuid import UUID

import numpy as np

from songhe.eligibility.decisions.models import Standing
from songhe.eligibility.open_money import open_fen
from songhe.eligibility.roll import Ints
from songhe.eligibility.scenarios import Scenario, read_scenario
from songhe.eligibility.simulating.residence import RESIDENCE, Resident
from songhe.eligibility.what_if import MONTHS, PEOPLE_FIGURES, Comparing, Effect, ItemEffect, WhatIf, touched_items
from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import NotFound
from songhe.kernel.numbers import whole_read
from songhe.kernel.regions import significant
from songhe.policy.api import Release, Simulation, in_force, pack_of, programme_of, release_of
from songhe.rules.facts import KEY
from songhe.rules.programme import Programme, bind

MOST_VARIANTS = 3
PAGE_ROWS = 30
ITEM_FIGURES = ("gained", "lost", "more", "less", "unknown_after")
_ON_ITS_WAY = ("draft", "proposed", "approved")


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: a release on a day, beside the one that holds then (itself, when it is that one).

    `without` are the smaller divisions, by leading digits, whose own list holds then: the release decides nobody there.
    """

    release: Release
    held: Release
    on: date
    before: Programme
    own: Programme
    without: tuple[str, ...] = ()

    @property
    def edits(self) -> bool:
        """Whether the release is another one than the one in force."""
        return self.release.pk != self.held.pk

    def decides_in(self, region: str) -> bool:
        """Whether the release decides anybody in the region, by leading digits."""
        return not any(region.startswith(other) for other in self.without)


@dataclass(frozen=True, slots=True)
class Variant:
    """One column: the effect, and the most that unknowns could cost more in a year, before and after, in fen."""

    effect: Effect
    open_before: int
    open_after: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out for everybody in the actor's region."""

    trial: Trial
    what_if: WhatIf
    variants: tuple[Variant, ...]
    made_at: datetime
    seconds: float


def release_to_try(actor: Actor, key: UUID) -> Release:
    """A release of a list that touches the working region. NotFound for any other."""
    release = release_of(key)
    digits = significant(release.of_list.region)
    if not (digits.startswith(actor.region) or actor.region.startswith(digits)):
        raise NotFound("这一版清单")
    return release


def releases_to_try(actor: Actor, today: date) -> list[Release]:
    """What holds or is on its way in the working region, the nearest list first."""
    held = in_force(today)
    coming = Release.objects.select_related("of_list", "parent__of_list").filter(state__in=_ON_ITS_WAY)
    found = {one.pk: one for one in [*coming, *held]}
    near = [one for one in found.values() if _touches(actor.region, significant(one.of_list.region))]
    return sorted(near, key=lambda one: (-len(significant(one.of_list.region)), one.of_list.key, -one.number))


def _touches(region: str, digits: str) -> bool:
    return digits.startswith(region) or region.startswith(digits)


def trial_of(release: Release, today: date) -> Trial:
    """The release set beside what holds in its division, on the day it begins or today when that is past.

    What holds is the release of its list in force or, while there is none, that of the division above.
    BadInput for a draft with faults.
    """
    on, digits = max(today, release.from_date), significant(release.of_list.region)
    there = [one for one in in_force(on) if digits.startswith(significant(one.of_list.region))]
    held = next((one for one in there if one.of_list_id == release.of_list_id), there[-1] if there else release)
    if release.state not in _ON_ITS_WAY:
        on = today
    return Trial(release, held, on, programme_of(held, on), programme_of(release, on), _own_lists(digits, on))


def _own_lists(digits: str, on: date) -> tuple[str, ...]:
    """The divisions below that have a list of their own in force on the day."""
    held = {significant(one.of_list.region) for one in in_force(on)}
    return tuple(sorted(one for one in held if one != digits and one.startswith(digits)))


def scenarios_of(trial: Trial, texts: Sequence[str]) -> list[Scenario]:
    """What is tried, in order: a draft as it stands, then each text of changed figures. Refused like read_scenario."""
    pack = pack_of(trial.release)
    own = [Scenario("", {})] if trial.edits else []
    return own + [read_scenario(pack, text) for text in texts[:MOST_VARIANTS]]


def answer_of(actor: Actor, trial: Trial, scenarios: Sequence[Scenario], now: datetime) -> Answer | None:
    """The effects for everybody in the working region; None while people are being read into memory."""
    resident = _resident(actor, trial, now)
    if resident is None:
        return None
    began = perf_counter()
    what_if = WhatIf.over(trial.before, resident.roll)
    variants = tuple(_variant(what_if, trial, one) for one in scenarios)
    return Answer(trial, what_if, variants, resident.made_at, perf_counter() - began)


def _resident(actor: Actor, trial: Trial, now: datetime) -> Resident | None:
    region = trial.release.of_list.region
    own = actor.within(region) if significant(region).startswith(actor.region) else actor
    return RESIDENCE.roll(own, trial.before, now, tuple(one for one in trial.without if one.startswith(own.region)))


def _variant(what_if: WhatIf, trial: Trial, scenario: Scenario) -> Variant:
    after = changed(trial, scenario)
    effect = what_if.turned(after, scenario)
    sides = [[getattr(item, when) for item in effect.items] for when in ("before", "after")]
    before, after_sums = (_open_year(open_fen(what_if.roll, side, trial.on), side) for side in sides)
    return Variant(effect, before, after_sums)


def changed(trial: Trial, scenario: Scenario) -> Programme:
    """The release with the figures of a scenario."""
    return bind(pack_of(trial.release), trial.on, scenario.changes) if scenario.changes else trial.own


def _open_year(sums: Sequence[Ints], side: Sequence[object]) -> int:
    per = [bound.item.gives.per for bound in side]  # type: ignore[attr-defined]
    return sum(int(np.sum(cells)) * (MONTHS if each == "month" else 1) for cells, each in zip(sums, per, strict=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which count is opened: a figure of an item (by its place among the touched) or of people, in a cell."""

    figure: str
    place: int | None = None
    district: int | None = None
    band: int | None = None


def asked_for(answer: Answer, slug: str, figure: str, district: str | None, band: str) -> Asked:
    """A count as an address names it (district "": not known). NotFound for one not on the page."""
    items, districts = answer.variants[0].effect.items, answer.what_if.roll.districts
    names = ITEM_FIGURES if slug else PEOPLE_FIGURES
    places = [place for place, item in enumerate(items) if item.after.item.slug == slug]
    if figure not in names or (slug and not places) or (district is not None and district not in districts):
        raise NotFound("这个数")
    aged = whole_read(band, 2)
    if band and aged is None:
        raise NotFound("这个数")
    place = _place(items, places, figure) if slug else None
    return Asked(figure, place, None if district is None else districts.index(district), aged)


def _place(items: Sequence[ItemEffect], places: Sequence[int], figure: str) -> int:
    return max(places, key=lambda place: items[place].tally.total(figure))


def people_of(answer: Answer, asked: Asked, start: int) -> tuple[list[Standing], int]:
    """One page of those behind a count, from a place on, and how many there are.

    Whoever left the region since the roll was made is left out.
    """
    trial, effect = answer.trial, answer.variants[0].effect
    comparing, found = Comparing(touched_items(trial.before, effect.programme), trial.on), list[str]()
    for tile in answer.what_if.roll.tiles:
        places = tile.places(comparing.who(tile, asked.figure, asked.place), asked.district, asked.band)
        found += tile.people[KEY].gather(places).to_list()
    page = list(islice(found, start, start + PAGE_ROWS))
    rows = Standing.objects.select_related("person").in_bulk([UUID(key) for key in page])
    return [rows[key] for key in map(UUID, page) if key in rows], len(found)


def kept_of(release: Release, actor: Actor) -> list[Simulation]:
    """What was kept of a release: what is attached, and one's own."""
    rows = release.simulations.order_by("-attached", "-made_at")
    return [one for one in rows if one.attached or one.made_by == actor.account_id]


def simulation_of(actor: Actor, key: UUID) -> Simulation:
    """One that was kept: attached ones for everybody who may read the release, others for who made them."""
    found = Simulation.objects.select_related("release__of_list").filter(pk=key).first()
    if found is None or not (found.attached or found.made_by == actor.account_id):
        raise NotFound("这次试算")
    release_to_try(actor, found.release_id)
    return found
