"""A run in the database agrees with the meaning, writes what changed, and does nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import polars as pl
import pytest

from songhe.eligibility.decisions.models import Change, ItemCount, Matter, Receipt, Run, Standing
from songhe.eligibility.decisions.operations.running import redetermine, run_whole
from songhe.eligibility.decisions.places import fen_at, known_places, outcome_at
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import Conflict
from songhe.people.models import Person, Sheet
from songhe.policy.api import programme_of
from songhe.rules.facts import KEY, PERSON_TABLE
from songhe.rules.programme import Programme
from songhe.rules.readings.reference import Reference
from tests.decisions.crowd import NOW, TODAY, laid_in
from tests.policy.releases import issued_release

EVERYBODY = Actor.system("判定", "")
WORDS = {True: "y", False: "n", None: "u"}


@pytest.fixture
def people(db: None) -> Iterator[pl.DataFrame]:
    with scoped(EVERYBODY, "test"):
        yield laid_in()


@pytest.fixture
def programme(people: pl.DataFrame) -> Programme:
    return programme_of(issued_release(), TODAY)


def as_decided(programme: Programme) -> dict[tuple[str, str], tuple[str, int | None]]:
    places = known_places()
    return {
        (str(row.person_id), bound.item.slug): (
            outcome_at(row.yes, row.unknown, places[bound.item.slug]).value,
            fen_at(row.fen, places[bound.item.slug]),
        )
        for row in Standing.objects.all()
        for bound in programme.items
    }


def as_meant(programme: Programme, people: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[str, int | None]]:
    reading = Reference(programme.on)
    meant = {}
    for bound in programme.items:
        outcome = reading.read(bound.outcome)
        payable = None if bound.payable is None else reading.read(bound.payable)
        for person in people:
            yes = outcome(person)
            yuan = payable(person) if payable is not None and yes else None
            meant[str(person[KEY]), bound.item.slug] = (WORDS[yes], None if yuan is None else round(yuan * 100))
    return meant


def sheets() -> list[dict[str, Any]]:
    rows = Sheet.objects.values("person_id", *PERSON_TABLE)
    return [{**row, KEY: row["person_id"]} for row in rows]


@pytest.mark.covers("ENT-01")
def test_a_full_run_agrees_with_the_reference(programme: Programme, people: pl.DataFrame) -> None:
    run = run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW)
    assert run.figures["people"] == run.figures["new"] == people.height
    assert as_decided(programme) == as_meant(programme, sheets())


@pytest.mark.covers("ENT-01", "ENT-04")
def test_after_single_changes_it_still_agrees(programme: Programme, people: pl.DataFrame) -> None:
    run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW)
    chance = Random(7)  # noqa: S311
    keys = sorted(people[KEY])
    for _ in range(40):
        person = UUID(chance.choice(keys))
        fact = chance.choice(
            ["birth_date", "assistance", "disability_level", "lives_alone", "death_date", "hukou_kind"]
        )
        value = {
            "birth_date": date(1920 + chance.randrange(50), 1 + chance.randrange(12), 1 + chance.randrange(28)),
            "assistance": chance.choice(["none", "edge", "minimum_living", None]),
            "disability_level": chance.choice([0, 1, 2, 3, 4, None]),
            "lives_alone": chance.choice([True, False, None]),
            "death_date": chance.choice([None, TODAY, TODAY + timedelta(days=1)]),
            "hukou_kind": chance.choice(["urban", "rural", None]),
        }[fact]
        Sheet.objects.filter(pk=person).update(**{fact: value})
        redetermine(actor=EVERYBODY, persons=[person], on=TODAY, now=NOW)
    decided = as_decided(programme)
    assert decided == as_meant(programme, sheets())
    assert run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW).figures["changed"] == 0
    assert as_decided(programme) == decided


@pytest.mark.covers("ENT-04")
def test_twice_is_once(programme: Programme) -> None:
    run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW)
    before = (Change.objects.count(), Matter.objects.count(), Task.objects.count())
    figures = run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW).figures
    assert (figures["new"], figures["changed"], figures["changes"], figures["doors"]) == (0, 0, 0, 0)
    assert (Change.objects.count(), Matter.objects.count(), Task.objects.count()) == before


def test_counts_are_what_the_standings_say(programme: Programme) -> None:
    for person in Person.objects.filter(standing="present")[:50]:
        Receipt.objects.create(
            region_code=person.region_code, person=person, item="advanced-age-allowance", from_date=TODAY,
            source="名册", recorded_at=NOW,
        )  # fmt: skip
    run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW)
    decided, places = as_decided(programme), known_places()
    for slug in ("advanced-age-allowance", "elderly-service-subsidy", "home-visits"):
        rows = list(ItemCount.objects.filter(position=places[slug]))
        yes = {person for (person, item), (outcome, _) in decided.items() if item == slug and outcome == "y"}
        held = {str(key) for key in Receipt.objects.filter(item=slug).values_list("person_id", flat=True)}
        assert sum(row.people for row in rows) == Standing.objects.count()
        assert sum(row.yes for row in rows) == len(yes)
        assert sum(row.receiving for row in rows) == len(held)
        assert sum(row.gap for row in rows) == len(yes - held)
        assert sum(row.beyond for row in rows) == len(held - yes)
        assert sum(row.fen for row in rows) == sum(
            fen or 0 for (_, item), (_, fen) in decided.items() if item == slug
        )  # fmt: skip


def test_where_no_list_holds_nothing_is_decided(people: pl.DataFrame) -> None:
    with pytest.raises(Conflict, match="没有施行的清单"):
        run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW)
    assert Run.objects.count() == 0


def test_a_run_sees_its_region_alone(programme: Programme) -> None:
    district = Actor.system("判定", "420704")
    run_whole(actor=district, region="420704", on=TODAY, now=NOW)
    regions = set(Standing.objects.values_list("region_code", flat=True))
    assert regions and all(code.startswith("420704") for code in regions)


def test_what_is_kept_of_who_moved_goes_along(programme: Programme) -> None:
    run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW)
    person = Matter.objects.filter(region_code__startswith="420704").values_list("person_id", flat=True)[0]
    for model in (Person, Sheet):
        model.objects.filter(pk=person).update(region_code="420703100209")
    elsewhere = Actor.system("判定", "420703")
    run_whole(actor=elsewhere, region="420703", on=TODAY, now=NOW)
    assert Standing.objects.get(pk=person).region_code == "420703100209"
    assert set(Matter.objects.filter(person_id=person).values_list("region_code", flat=True)) == {"420703100209"}
