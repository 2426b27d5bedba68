"""A whole city and many single changes: what is kept of each person and item stays what the rules mean.

By itself the city is small. `make test-agreement` asks for the whole one and a thousand changes; see whole_city.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from songhe.eligibility.decisions.models import Standing
from songhe.eligibility.decisions.operations.running import run_whole
from songhe.eligibility.decisions.places import fen_at, known_places, outcome_at
from songhe.foundation.access.scope import scoped
from songhe.people.api import refresh_sheets
from songhe.policy.api import in_force, programme_of
from songhe.rules.programme import Programme
from songhe.rules.readings.reference import Reference
from tests.decisions.cells import EVERYBODY, Compared, compare
from tests.decisions.happenings import Happenings, sheet_of
from tests.decisions.whole_city import City, open_city, say

CHANGES = int(os.environ.get("SONGHE_AGREEMENT_CHANGES", "60"))
SEED = int(os.environ.get("SONGHE_AGREEMENT_SEED", "11"))
LATER = timedelta(days=40)  # many a birthday, and facts that are told monthly are too old by then
WORDS = {True: "y", False: "n", None: "u"}
Cell = tuple[str, int | None]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[City]:
    with django_db_blocker.unblock(), open_city(tmp_path_factory.mktemp("city")) as opened:
        yield opened


def test_one_wrong_cell_is_found(city: City) -> None:
    with scoped(EVERYBODY, "test"):
        before = Standing.objects.order_by("pk").first()
        assert before is not None
        place = known_places()["advanced-age-allowance"]
        Standing.objects.filter(pk=before.pk).update(
            yes=before.yes ^ 1 << place, unknown=before.unknown & ~(1 << place)
        )
        found = compare(programme(city.day), city.folder)
        transaction.set_rollback(True)
    assert found.differing == 1
    assert "advanced-age-allowance" in found.examples[0] and str(before.pk) in found.examples[0]


@pytest.mark.covers("ENT-01", "ENT-04")
def test_every_cell_of_a_city_is_what_the_rules_mean_also_after_many_changes(city: City) -> None:
    found = [agreeing(city, "as it was built")]
    happenings = Happenings(SEED, city.day)
    happen(city, happenings, CHANGES // 2)
    found.append(agreeing(city, f"after {CHANGES // 2} changes"))
    happenings.later(city.day + LATER)
    pass_days(city, happenings)
    found.append(agreeing(city, f"{LATER.days} days later", happenings))
    happen(city, happenings, CHANGES - CHANGES // 2)
    found.append(agreeing(city, f"after {CHANGES} changes", happenings))
    assert run(happenings)["changed"] == 0
    assert all(kind in happenings.done for kind in ("told", "ended", "death", "move", "correction")) or CHANGES < 50
    say(f"changes: {dict(happenings.done)}")
    say(f"cells compared {sum(one.cells for one in found):,}, differing {sum(one.differing for one in found)}")


def agreeing(city: City, when: str, happenings: Happenings | None = None) -> Compared:
    """Compares every cell; fails with the first that differ."""
    compared = compare(programme(happenings.day if happenings else city.day), city.folder)
    say(f"{when}: {compared}")
    assert compared.differing == 0, compared.examples
    assert compared.people >= city.built.people * 0.9 and compared.unknown > 0
    return compared


def happen(city: City, happenings: Happenings, count: int) -> None:
    """So many happenings; after each, whom it happened to is looked at right away."""
    meaning = Meaning(programme(happenings.day))
    for number in range(count):
        for person in happenings.next():
            assert meaning.kept(person) == meaning.meant(person), (number, person, happenings.done)
        if number % 100 == 99:
            say(f"{number + 1} changes made")


def pass_days(city: City, happenings: Happenings) -> None:
    """What the first hour of a day does."""
    with scoped(EVERYBODY, "test"):
        refresh_sheets(today=happenings.day)
    figures = run(happenings)
    assert figures["changed"] > 0 and figures["changes"] > 0


def run(happenings: Happenings) -> dict[str, Any]:
    """Everybody anew on the day of the happenings; gives the counts."""
    return run_whole(actor=EVERYBODY, region="", on=happenings.day, now=happenings.now).figures


def programme(day: Any) -> Programme:
    """The list that holds in the city."""
    with scoped(EVERYBODY, "test"):
        return programme_of(in_force(day)[-1], day)


class Meaning:
    """The reference reading of one person beside what is kept of her."""

    def __init__(self, programme: Programme) -> None:
        reading = Reference(programme.on)
        self._items = [
            (one.item.slug, reading.read(one.outcome), one.payable and reading.read(one.payable))
            for one in programme.items
        ]

    def meant(self, person: UUID) -> dict[str, Cell] | None:
        """By item; None of whom nothing is decided."""
        facts = sheet_of(person)
        if facts is None:
            return None
        cells = {}
        for slug, outcome, payable in self._items:
            yes = outcome(facts)
            yuan = payable(facts) if payable and yes else None
            cells[slug] = (WORDS[yes], None if yuan is None else round(yuan * 100))
        return cells

    def kept(self, person: UUID) -> dict[str, Cell] | None:
        """By item; None of whom nothing is kept."""
        with scoped(EVERYBODY, "test"):
            row, places = Standing.objects.filter(pk=person).first(), known_places()
        if row is None:
            return None
        slugs = [slug for slug, _, _ in self._items]
        return {
            slug: (outcome_at(row.yes, row.unknown, places[slug]).value, fen_at(row.fen, places[slug]))
            for slug in slugs
        }
