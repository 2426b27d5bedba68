"""What was kept, from its stored sums; and the rows of people behind a count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from songhe.eligibility.decisions.models import Standing
from songhe.eligibility.decisions.presenters import person_decisions_url
from songhe.foundation.places import place_names
from songhe.kernel.days import age_on
from songhe.policy.api import Simulation
from songhe.ui import formats
from songhe.ui.words import said

_FEN = 100


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One trial that was kept, in a list."""

    row: Simulation
    url: str
    better: int
    worse: int
    year: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One of those behind a count."""

    name: str
    url: str
    age: int | None
    place: str


def kept_lines(rows: Iterable[Simulation]) -> list[KeptLine]:
    """Trials with their main figures."""
    found = []
    for row in rows:
        one = _scenario(row)
        people: Mapping[str, int] = one.get("people", {})
        found.append(
            KeptLine(
                row, reverse("simulation", args=[row.pk]), people.get("better", 0), people.get("worse", 0),
                _wan(one.get("year_change")),
            )
        )  # fmt: skip
    return found


def kept_page(row: Simulation) -> dict[str, Any]:
    """The stored sums, ready for the page."""
    one, result = _scenario(row), row.result
    region = str(result.get("region", "")).ljust(12, "0")
    leads: Mapping[str, Sequence[str]] = result.get("leads", {})
    opened = result.get("open_year", [0, 0])
    return {
        "place": place_names([region])[region],
        "better": one["people"]["better"],
        "worse": one["people"]["worse"],
        "month": _wan(one["month_change"]),
        "year": _wan(one["year_change"]),
        "open_year": f"0–{formats.ten_thousand_yuan(opened[1])}" if opened[1] else "0",
        "changes": result.get("words") or result.get("text", ""),
        "living": result.get("living"),
        "stale": result.get("release_digest") != row.release.digest,
        "items": [
            item | {"money": _money(item), "lead": _("、").join(leads.get(item["item"], ()))} for item in one["items"]
        ],
        "districts": [_part(part, said(part["name"])) for part in one["districts"] if _moves(part)],
        "ages": [_part(part, said(part["band"])) for part in one["ages"] if _moves(part)],
    }


def _scenario(row: Simulation) -> dict[str, Any]:
    scenarios: Sequence[dict[str, Any]] = row.result.get("scenarios", [{}])
    return scenarios[0]


def _part(part: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"name": name, "better": part["better"], "worse": -part["worse"], "money": _yuan(part["month_change"])}


def _moves(part: Mapping[str, Any]) -> bool:
    return bool(part["better"] or part["worse"] or Decimal(part["month_change"]))


def _money(item: Mapping[str, Any]) -> str:
    if item["amount_before"] is None and item["amount_after"] is None:
        return formats.NOTHING
    change = Decimal(item["amount_after"] or 0) - Decimal(item["amount_before"] or 0)
    per = {"month": _("元/月"), "year": _("元/年")}.get(item["per"], _("元"))
    return f"{_yuan(change)}{per}"


def _yuan(value: str | Decimal) -> str:
    fen = int(Decimal(value) * _FEN)
    return f"{'+' if fen > 0 else ''}{formats.yuan(fen)}"


def _wan(value: str | None) -> str:
    if value is None:
        return formats.NOTHING
    fen = int(Decimal(value) * _FEN)
    return f"{'+' if fen > 0 else ''}{formats.ten_thousand_yuan(fen)}" if fen else "0"


def people_lines(rows: Sequence[Standing], today: date) -> list[PersonLine]:
    """People by name, age and community; no number and no address."""
    places = place_names(one.region_code for one in rows)
    return [
        PersonLine(
            name=one.person.name,
            url=person_decisions_url(one.pk) or reverse("person", args=[one.pk]),
            age=age_on(one.person.birth_date, one.person.death_date or today) if one.person.birth_date else None,
            place=places[one.region_code],
        )
        for one in rows
    ]
