"""Campaigns ready for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from songhe.assessment.models import Assessment, Campaign, Exclusion
from songhe.assessment.openings import LeftOut
from songhe.assessment.queries.campaigns import (
    IN_WORK,
    LEFT_OUT,
    TODO,
    TRIED,
    VALID,
    Tally,
    group_codes,
)
from songhe.foundation.places import place_names
from songhe.kernel.days import age_on
from songhe.kernel.regions import significant
from songhe.people.api import GROUPS
from songhe.regions.api import boundaries
from songhe.ui import formats
from songhe.ui.pictures import Area, Chart, Map, Series, classes, step
from songhe.ui.words import said

STAND_WORDS = {
    VALID: gettext_lazy("有结果，那天还有效"), IN_WORK: gettext_lazy("在办"), LEFT_OUT: gettext_lazy("不评"),
    TRIED: gettext_lazy("申请过，没评成"), TODO: gettext_lazy("还没申请"),
}  # fmt: skip
_KINDS = {VALID: "done", IN_WORK: "running", LEFT_OUT: "no", TRIED: "unknown", TODO: "todo"}
_BOUNDS, _CITY, _COMMUNITY, _DIGITS = (20, 40, 60, 80), 4, 9, 12


@dataclass(frozen=True, slots=True)
class Place:
    """One division of a campaign: how people stand, where each number leads."""

    code: str
    name: str
    tally: Tally
    share: str
    deeper_url: str
    urls: Mapping[str, str]
    ask_url: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the group: how she stands, and where that is looked at."""

    person: UUID
    url: str
    name: str
    age: int | None
    place: str
    words: str
    kind: str
    why: str
    stand_url: str
    may_leave: bool
    may_return: bool


def group_words(campaign: Campaign) -> str:
    """The groups in words."""
    return "、".join(said(GROUPS[code].words) for code in group_codes(campaign))


def figures_of(campaign: Campaign, tally: Tally, place: str) -> list[tuple[str, int, str, str, str]]:
    """Label, number, source, kind and address of each figure of the head."""
    kinds = {TRIED: "ochre", TODO: "ochre"}
    return [
        (_("这些老人"), tally.people, "", "plain", people_url(campaign, "", place)),
        *(
            (str(words), getattr(tally, code), formats.part(getattr(tally, code), tally.people),
             kinds.get(code, "plain") if getattr(tally, code) else "plain", people_url(campaign, code, place))
            for code, words in STAND_WORDS.items()
        ),
    ]  # fmt: skip


def places_of(campaign: Campaign, found: Mapping[str, Tally], digits: str) -> list[Place]:
    """The divisions below a place, those with most left to do first."""
    names = place_names(found)
    rows = [_place(campaign, code, tally, names[code], digits) for code, tally in found.items()]
    return sorted(rows, key=lambda row: (-row.tally.missing, row.code))


def people_url(campaign: Campaign, stand: str, place: str = "") -> str:
    """Where the people behind a number are."""
    return _address(reverse("campaign-people", args=[campaign.pk]), what=stand, region=place)


def stands_offered(tally: Tally) -> list[tuple[str, str]]:
    """How people stand, each with how many there are in the place."""
    return [(code, f"{words} {getattr(tally, code):,}") for code, words in STAND_WORDS.items()]


def campaign_url(campaign: Campaign, place: str = "") -> str:
    """The page of a campaign, at a place of it."""
    return _address(reverse("campaign", args=[campaign.pk]), **{"in": place})


def weeks_chart(weeks: Sequence[tuple[date, int, int]], today: date) -> Chart:
    """Who has a result by the end of each week, against the line that is needed."""
    names = tuple(formats.day(day, today) for day, _done, _needed in weeks)
    done = Series(_("有有效结果的"), tuple(number for _day, number, _needed in weeks), 1)
    needed = Series(_("按期做完要到的"), tuple(number for _day, _done, number in weeks), 3)
    return Chart("weeks", _("每周做到哪里"), "line", names, (done, needed), _("人"), _("到哪天"))


def map_of(campaign: Campaign, found: Mapping[str, Tally], digits: str) -> Map | None:
    """The districts of a city by share; None below the city, where no borders are drawn."""
    drawn = boundaries(digits.ljust(_DIGITS, "0")) if len(digits) == _CITY else None
    if drawn is None:
        return None
    names = place_names(found)
    areas = tuple(
        Area(code, names[code], formats.percent(tally.share),
             step(None if tally.share is None else 100 * tally.share, _BOUNDS), campaign_url(campaign, code))
        for code, tally in found.items() if significant(code) != digits
    )  # fmt: skip
    printed = classes(_BOUNDS, [str(bound) for bound in _BOUNDS], unit="%")
    return Map("campaign", _("有有效结果的比例"), _("区"), _("有有效结果"), areas, printed, drawn)


def members_of(
    rows: Sequence[Any], open_ones: Mapping[UUID, Assessment], out: Mapping[UUID, Exclusion], today: date
) -> list[Member]:
    """Rows of people."""
    places = place_names(row.region_code for row in rows)
    return [_member(row, open_ones.get(row.pk), out.get(row.pk), places[row.region_code], today) for row in rows]


def reasons_of(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """Why people are left out, in words."""
    return [(str(LeftOut(code).label), number) for code, number in found.items()]


def _member(row: Any, work: Assessment | None, out: Exclusion | None, place: str, today: date) -> Member:
    words, why, url = str(STAND_WORDS[row.stand]), "", ""
    if row.stand == IN_WORK and work is not None:
        words, url = str(work.get_state_display()), reverse("assessment", args=[work.pk])
    if row.stand == LEFT_OUT and out is not None:
        words, why = str(out.get_reason_display()), out.words
    return Member(
        row.pk, reverse("person", args=[row.pk]), row.person.name,
        age_on(row.birth_date, today) if row.birth_date else None, place, words, _KINDS[row.stand], why, url,
        row.stand in (TODO, TRIED), row.stand == LEFT_OUT,
    )  # fmt: skip


def _place(campaign: Campaign, code: str, tally: Tally, name: str, digits: str) -> Place:
    below = significant(code)
    own = below == digits
    return Place(
        code,
        name if not own or len(digits) == _DIGITS else _("没分到下面的"),
        tally,
        formats.percent(tally.share),
        campaign_url(campaign, code) if not own and len(below) < _DIGITS else "",
        {} if own else {stand: people_url(campaign, stand, code) for stand in STAND_WORDS},
        _address(reverse("campaign-ask", args=[campaign.pk]), **{"in": code}) if tally.todo and not own else "",
    )


def _address(path: str, **given: str) -> str:
    pairs = {name: value for name, value in given.items() if value}
    return f"{path}?{urlencode(pairs)}" if pairs else path
