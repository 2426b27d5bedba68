"""The sheet that one statement makes equals what `trust` says of each fact, for generated tellings and any day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.people.models import Circumstance, Person, Sheet
from songhe.people.sheets import COLUMNS, make_sheets, refresh_sheets, sheet_rows, stale_sheets
from songhe.people.trust import TOLD_FACTS, Telling, next_change, resolve, trust, value_of
from songhe.people.whole.sheets import sheet_frame
from songhe.rules.facts import PERSON_TABLE
from tests.people.register import FENGHUANG, GULOU, HUARONG, NOW, TODAY, number, registered

MONTH_ENDS = [date(2024, 2, 29), date(2024, 8, 31), date(2025, 12, 31), date(2026, 9, 30), date(2026, 10, 31)]
DAYS = st.one_of(st.dates(date(2023, 1, 1), date(2027, 3, 1)), st.sampled_from(MONTH_ENDS))
FEW = ("assistance", "ability_grade", "dementia", "pension_scheme")


def values_of(fact: str) -> list[str]:
    return [str(value) for value in PERSON_TABLE[fact].values] or ["true", "false"]


@st.composite
def tellings(draw: st.DrawFn) -> dict[str, list[Telling]]:
    facts = draw(st.lists(st.sampled_from(FEW) | st.sampled_from(TOLD_FACTS), unique=True, max_size=5))
    return {
        fact: [
            Telling(source, draw(st.sampled_from(values_of(fact))), draw(DAYS), *_period(draw))
            for source in draw(st.lists(st.sampled_from(sorted(trust()[fact])), unique=True, max_size=4))
        ]
        for fact in facts
    }


def _period(draw: st.DrawFn) -> tuple[date | None, date | None]:
    begins = draw(st.none() | DAYS)
    days = draw(st.none() | st.integers(1, 400))
    return begins, None if days is None else (begins or date(2025, 6, 1)) + timedelta(days)


def reference(person: Person, told: dict[str, list[Telling]], day: date) -> dict[str, Any]:
    """The sheet by the meaning of each word, slowly."""
    found = {fact: resolve(fact, told.get(fact, ()), day) for fact in TOLD_FACTS}
    changes = [next_change(fact, some, day) for fact, some in told.items()]
    facts = {fact: value_of(fact, one.telling.value) if one.telling else None for fact, one in found.items()}
    return {
        **facts,
        "person_id": person.pk,
        "region_code": person.region_code,
        "birth_date": person.birth_date,
        "death_date": None,
        "sex": int(person.sex) if person.sex else None,
        "registered_region": person.registered_region or None,
        "residence_region": person.living_region or None,
        "standing": "present",
        "conflicts": sorted(fact for fact, one in found.items() if one.conflict),
        "stale": sorted(fact for fact, one in found.items() if one.stale),
        "fresh_until": min((change for change in changes if change), default=None),
    }


def told_to(person: Person, told: dict[str, list[Telling]]) -> None:
    Circumstance.objects.filter(person=person).update(known_until=NOW)
    Circumstance.objects.bulk_create(
        Circumstance(
            region_code=person.region_code, person=person, fact=fact, value=one.value, source=one.source,
            as_of=one.as_of, from_date=one.from_date, until_date=one.until_date, known_from=NOW,
        )
        for fact, some in told.items()
        for one in some
    )  # fmt: skip


def kept(person: Person) -> dict[str, Any]:
    return Sheet.objects.values(*COLUMNS).get(pk=person.pk)


@pytest.mark.covers("PER-02")
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(told=tellings(), day=DAYS, wait=st.integers(0, 800))
def test_every_cell_is_what_the_rules_of_trust_say(
    everywhere: Actor, told: dict[str, list[Telling]], day: date, wait: int
) -> None:
    person = Person.objects.filter(name="李桂芳").first() or registered(everywhere)
    told_to(person, told)
    make_sheets(today=day, person_ids=[person.pk])
    assert kept(person) == reference(person, told, day)
    until = kept(person)["fresh_until"]
    later = day + timedelta(wait)
    if until is None or later < until:
        assert kept(person) == reference(person, told, later)  # it stands by itself until then
        assert stale_sheets(today=later) == []
    else:
        assert stale_sheets(today=later) == [person.pk]
        make_sheets(today=later)
        assert kept(person) == reference(person, told, later)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(told=st.lists(tellings(), min_size=1, max_size=3), day=DAYS)
def test_sheets_of_a_bulk_load_are_the_same(everywhere: Actor, told: list[dict[str, list[Telling]]], day: date) -> None:
    people = list(Person.objects.order_by("pk")) or [
        registered(everywhere, identity=number("19420318", place)) for place in (2, 4, 6)
    ]
    rows = []
    for person, some in zip_longest(people, told, fillvalue={}):
        endless = {fact: [replace(one, until_date=None) for one in ones] for fact, ones in some.items()}
        told_to(person, endless)
        rows += [
            (str(person.pk), fact, one.value, one.source, one.from_date, one.as_of)
            for fact, ones in endless.items()
            for one in ones
        ]
    make_sheets(today=day)
    frame = sheet_frame(_people(people), pl.DataFrame(rows, schema=_TELLINGS, orient="row"), day)
    assert frame.columns == list(COLUMNS)
    for row, person in zip(frame.rows(named=True), people, strict=True):
        assert {name: _typed(name, value) for name, value in row.items()} == kept(person)


_TELLINGS = {
    "person_id": pl.String, "fact": pl.String, "value": pl.String, "source": pl.String, "from_date": pl.Date,
    "as_of": pl.Date,
}  # fmt: skip


def _people(people: list[Person]) -> pl.DataFrame:
    columns = ("region_code", "birth_date", "death_date", "sex", "registered_region", "living_region", "standing")
    rows = [(str(person.pk), *(getattr(person, name) for name in columns)) for person in people]
    return pl.DataFrame(rows, schema=["id", *columns], orient="row", schema_overrides={"death_date": pl.Date})


def _typed(name: str, text: Any) -> Any:
    if text is None or name in ("birth_date", "death_date", "fresh_until"):
        return text
    if name == "person_id":
        return UUID(text)
    if name in ("conflicts", "stale"):
        return json.loads(text)
    if name == "sex":
        return int(text)
    return value_of(name, text) if name in TOLD_FACTS else text


def test_making_again_what_has_not_changed_writes_nothing(everywhere: Actor) -> None:
    registered(everywhere)
    assert make_sheets(today=TODAY) == 0
    Person.objects.update(birth_date=date(1940, 2, 29))
    assert make_sheets(today=TODAY) == 1


def test_a_region_is_made_without_the_others_and_the_scope_bounds_all(everywhere: Actor) -> None:
    here = registered(everywhere)
    there = registered(everywhere, identity="", living_region=HUARONG)
    Person.objects.update(sex="1")
    assert make_sheets(today=TODAY, region="420704") == 1
    assert (kept(here)["sex"], kept(there)["sex"]) == (1, None)
    with scoped(Actor.system("测试", "420704002"), "test"):
        assert make_sheets(today=TODAY, person_ids=[here.pk, there.pk]) == 0


def test_a_sheet_can_be_read_for_another_day_without_keeping_it(everywhere: Actor) -> None:
    person = registered(everywhere, living_region=GULOU)
    told_to(person, {"ability_grade": [Telling("assessment", "2", date(2024, 12, 1))]})
    make_sheets(today=TODAY)
    place = COLUMNS.index("ability_grade")
    assert [row[place] for row in sheet_rows(today=date(2026, 12, 1), person_ids=[person.pk])] == [None]
    assert kept(person)["ability_grade"] == 2
    assert kept(person)["region_code"] == GULOU != FENGHUANG


def test_what_aged_is_refreshed_and_then_there_is_nothing_left(everywhere: Actor) -> None:
    people = [registered(everywhere, identity=number("19420318", place)) for place in (2, 4, 6)]
    for person in people:
        told_to(person, {"ability_grade": [Telling("assessment", "2", date(2024, 12, 1))]})
    make_sheets(today=TODAY)
    assert refresh_sheets(today=TODAY) == 0
    assert refresh_sheets(today=date(2026, 12, 1), at_once=2) == 3
    assert [kept(person)["stale"] for person in people] == [["ability_grade"]] * 3
    assert refresh_sheets(today=date(2026, 12, 1)) == 0
