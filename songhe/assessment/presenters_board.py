"""The board ready for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from songhe.assessment.models import Assessment
from songhe.assessment.operations.sending import Undone
from songhe.assessment.presenters import Row, rows_of
from songhe.assessment.queries.board import Hand, Lane, Proposal
from songhe.assessment.queries.listing import Filters
from songhe.foundation.places import place_names
from songhe.kernel.regions import significant
from songhe.regions.api import boundaries
from songhe.ui.pictures import Area, Map, classes, step
from songhe.ui.words import said_error

_BOUNDS, _CITY, _DIGITS = (5, 15, 40, 100), 4, 12


@dataclass(frozen=True, slots=True)
class LaneShown:
    """One state with its rows and where all of it is."""

    code: str
    words: str
    number: int
    overdue: int
    url: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """One to be sent: whom to, in words; `value` is what the form sends."""

    row: Row
    names: str
    body: str
    near: bool
    value: str
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """How much waits in a place."""

    name: str
    number: int
    step: int
    url: str


def board_url(place: str = "") -> str:
    """The board, at a place."""
    return reverse("board") + (f"?{urlencode({'in': place})}" if place else "")


def lanes_shown(lanes: Sequence[Lane], place: str, today: date) -> list[LaneShown]:
    """The states with counts that open in the list."""
    return [
        LaneShown(
            str(lane.state), str(lane.state.label), lane.number, lane.overdue,
            reverse("assessments") + Filters(state=str(lane.state), region=place).address(), rows_of(lane.rows, today),
        )
        for lane in lanes
    ]  # fmt: skip


def places_shown(found: Mapping[str, int], digits: str) -> list[PlaceShown]:
    """Where it waits, most first."""
    names = place_names(found)
    return [
        PlaceShown(
            names[code] if significant(code) != digits or len(digits) == _DIGITS else _("没分到下面的"), number,
            step(number, _BOUNDS), board_url(code) if len(digits) < len(significant(code)) else "",
        )
        for code, number in found.items()
    ]  # fmt: skip


def map_shown(found: Mapping[str, int], digits: str) -> Map | None:
    """The districts of a city by what waits; None below, where no borders are drawn."""
    drawn = boundaries(digits.ljust(_DIGITS, "0")) if len(digits) == _CITY else None
    if drawn is None:
        return None
    names = place_names(found)
    areas = tuple(
        Area(code, names[code], f"{number:,}", step(number, _BOUNDS), board_url(code))
        for code, number in found.items() if significant(code) != digits
    )  # fmt: skip
    printed = classes(_BOUNDS, [str(bound) for bound in _BOUNDS])
    return Map("waiting", _("等受理、等派人的"), _("区"), _("件"), areas, printed, drawn)


def hands_shown(hands: Sequence[Hand]) -> list[tuple[Hand, str]]:
    """Assessors with the hours that are free tomorrow."""
    return [(one, _("{hours}点").format(hours=_spans(one.free)) if one.free else "") for one in hands]


def proposals_shown(found: Sequence[Proposal], today: date) -> list[ProposalShown]:
    """Whom to send where, the first due first."""
    found = sorted(found, key=lambda one: (one.row.due_date, one.row.pk))
    rows = rows_of([one.row for one in found], today)
    return [
        ProposalShown(
            row, "、".join(person.name for person in one.team), one.team[0].organisation.name if one.team else "",
            one.near, f"{one.row.pk}:{','.join(str(person.pk) for person in one.team)}", one.problems,
        )
        for row, one in zip(rows, found, strict=True)
    ]  # fmt: skip


def undone_shown(undone: Sequence[Undone], known: Mapping[UUID, Assessment]) -> list[tuple[str, str, str]]:
    """Name, address and reason of each that could not be done."""
    return [
        (known[one.assessment].person.name if one.assessment in known else _("一件评估"),
         reverse("assessment", args=[one.assessment]), said_error(one.error))
        for one in undone
    ]  # fmt: skip


def _spans(hours: Sequence[int]) -> str:
    """9, 10, 11, 14 as 9–12、14–15: free from then until then."""
    spans: list[list[int]] = []
    for hour in hours:
        if spans and spans[-1][1] == hour:
            spans[-1][1] = hour + 1
        else:
            spans.append([hour, hour + 1])
    return "、".join(f"{start}–{end}" for start, end in spans)
