"""Trying figures and drafts on people in the register: the same as deciding twice, for one's own region only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.utils import timezone

from benchmarks.simulator import check_equal, measure
from songhe.demo.people import make_people
from songhe.eligibility.engines import ReferenceEngine
from songhe.eligibility.simulating import operations
from songhe.eligibility.simulating.queries import (
    Answer,
    answer_of,
    asked_for,
    kept_of,
    people_of,
    release_to_try,
    releases_to_try,
    scenarios_of,
    simulation_of,
    trial_of,
)
from songhe.eligibility.simulating.residence import RESIDENCE, Residence, Resident
from songhe.eligibility.what_if import roll_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.models import StoredEvent
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.models import Person, Sheet
from songhe.policy.api import Release, begin_draft, import_list, programme_of, save_file
from songhe.policy.models import ServiceList
from songhe.rules.facts import KEY
from tests.decisions.crowd import laid_in
from tests.policy.releases import POLICIES, issued_release, leader, officer, sent_on

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=timezone.get_default_timezone())
CHANGE = "advanced-age-allowance.from_age=75"
DISTRICT = "420704"


@pytest.fixture(autouse=True)
def no_roll() -> Iterator[None]:
    RESIDENCE.drop()
    yield
    RESIDENCE.drop()


@pytest.fixture
def people(everywhere: Actor) -> pl.DataFrame:
    table = laid_in(400, on=TODAY)
    here = set(map(str, Sheet.objects.filter(region_code__startswith="4207").values_list("person_id", flat=True)))
    return table.filter(pl.col(KEY).is_in(here))


@pytest.fixture
def issued(everywhere: Actor) -> Release:
    return issued_release()


def answered(actor: Actor, release: Release, *texts: str, now: datetime = NOW) -> Answer:
    trial = trial_of(release, TODAY)
    with scoped(actor, "test"):
        answer = answer_of(actor, trial, scenarios_of(trial, texts), now)
    assert answer is not None
    return answer


def drafted(issued: Release, old: str, new: str, name: str = "03-advanced-age-allowance.yaml") -> Release:
    draft = begin_draft(actor=officer(), of_list=issued.of_list, from_date=date(2027, 1, 1), now=NOW)
    text = draft.files[name]
    assert old in text
    return save_file(
        actor=officer(), release=draft.pk, name=name, text=text.replace(old, new), version=draft.version, now=NOW
    )


@pytest.mark.covers("POL-06")
def test_a_figure_tried_is_what_deciding_twice_by_the_reference_shows(people: pl.DataFrame, issued: Release) -> None:
    answer = answered(officer(), issued, CHANGE)
    (item,) = answer.variants[0].effect.items
    engine = ReferenceEngine(TODAY)
    old, new = (engine.evaluate(people, {"it": one.outcome})["it"] for one in (item.before, item.after))
    gained = (new.fill_null(False) & ~old.fill_null(False)).sum()
    assert item.tally.total("gained") == gained > 0
    assert item.tally.total("unknown_after") == new.null_count()
    assert answer.what_if.roll.height == people.height


@pytest.mark.covers("POL-06")
def test_a_draft_is_set_beside_the_release_in_force_on_its_first_day(people: pl.DataFrame, issued: Release) -> None:
    draft = drafted(issued, "value: 80", "value: 75")
    trial = trial_of(draft, TODAY)
    assert (trial.edits, trial.held, trial.on) == (True, issued, date(2027, 1, 1))
    answer = answered(officer(), draft, "advanced-age-allowance.from_age=70")
    as_drafted, further = answer.variants
    assert [item.after.item.slug for item in as_drafted.effect.items] == ["advanced-age-allowance"]
    more, fewer = (one.effect.people.total("better") for one in (further, as_drafted))
    assert more > fewer > 0


@pytest.mark.covers("POL-06")
def test_a_draft_with_a_fault_is_refused_where_it_is(issued: Release) -> None:
    draft = drafted(issued, "who:", "who: age >= and # ")
    with pytest.raises(BadInput):
        trial_of(draft, TODAY)


@pytest.mark.covers("POL-06", "NET-02")
def test_a_district_counts_and_opens_its_own_people_only(people: pl.DataFrame, issued: Release) -> None:
    city = answered(officer(), issued, CHANGE)
    with scoped(officer(DISTRICT), "test"):
        own = set(map(str, Sheet.objects.values_list("person_id", flat=True)))
    district = answered(officer(DISTRICT), issued, CHANGE)
    assert district.what_if.roll.height == len(own) < city.what_if.roll.height
    on_roll = {key for tile in district.what_if.roll.tiles for key in tile.people[KEY].to_list()}
    assert on_roll == own
    with scoped(officer(DISTRICT), "test"):
        rows, count = people_of(district, asked_for(district, "", "better", None, ""), 0)
    assert {str(row.pk) for row in rows} <= own
    assert count == district.variants[0].effect.people.total("better") > 0


def test_a_count_that_the_page_does_not_show_is_not_there(people: pl.DataFrame, issued: Release) -> None:
    answer = answered(officer(), issued, CHANGE)
    no_item, no_figure, no_place = ("meals", "gained", None, ""), ("", "gained", None, ""), ("", "better", "110101", "")
    for slug, figure, district, band in (no_item, no_figure, no_place, ("", "better", None, "x")):
        with pytest.raises(NotFound):
            asked_for(answer, slug, figure, district, band)


@pytest.mark.covers("POL-06")
def test_each_cell_opens_into_as_many_people_as_it_counts(people: pl.DataFrame, issued: Release) -> None:
    answer = answered(officer(), issued, CHANGE)
    effect = answer.variants[0].effect
    for place, code in enumerate(answer.what_if.roll.districts):
        _rows, count = people_of(answer, asked_for(answer, "advanced-age-allowance", "gained", code, ""), 0)
        assert count == effect.items[0].tally.cells("gained")[place].sum()


def test_the_roll_stays_until_something_is_told_of_somebody(people: pl.DataFrame, issued: Release) -> None:
    residence, actor, trial = Residence(), officer(), trial_of(issued, TODAY)

    def roll(now: datetime = NOW) -> Resident | None:
        return residence.roll(actor, trial.before, now)

    first = roll()
    assert first is not None and roll() is first and first.bytes > 0
    StoredEvent.objects.create(name="songhe.people.events.FactsChanged", region="420704001002", body={})
    second = roll()
    assert second is not first
    StoredEvent.objects.create(name="songhe.policy.events.ReleaseIssued", region="420700000000", body={})
    assert roll() is second
    assert roll(NOW + timedelta(days=1)) is not second
    assert residence.people == people.height


def test_rolls_beyond_the_limit_go_the_longest_unasked_first(people: pl.DataFrame, issued: Release) -> None:
    residence, trial = Residence(most=people.height), trial_of(issued, TODAY)
    city = residence.roll(officer(), trial.before, NOW)
    with scoped(officer(DISTRICT), "test"):
        residence.roll(officer(DISTRICT), trial.before, NOW)
    assert residence.people < people.height
    assert residence.roll(officer(), trial.before, NOW) is not city


@pytest.mark.covers("POL-06")
def test_what_came_out_is_kept_attached_and_seen_by_the_approver(people: pl.DataFrame, issued: Release) -> None:
    draft = drafted(issued, "value: 80", "value: 75")
    answer = answered(officer(), draft)
    kept = operations.keep(actor=officer(), answer=answer, name=" 照草稿 ", region_names=str, now=NOW)
    better = answer.variants[0].effect.people.total("better")
    assert (kept.name, kept.result["scenarios"][0]["people"]["better"]) == ("照草稿", better)
    assert not set(people[KEY]) & set(str(kept.result).replace("'", " ").split())
    with pytest.raises(NotFound):
        simulation_of(leader(), kept.pk)
    with pytest.raises(NotFound):
        operations.attach(actor=replace(officer(), account_id=leader().account_id), simulation=kept.pk)
    operations.attach(actor=officer(), simulation=kept.pk)
    assert simulation_of(leader(), kept.pk).attached
    assert [one.pk for one in kept_of(draft, leader())] == [kept.pk]
    with pytest.raises(Conflict):
        operations.drop(actor=officer(), simulation=kept.pk)
    operations.attach(actor=officer(), simulation=kept.pk, wanted=False)
    operations.drop(actor=officer(), simulation=kept.pk)
    assert kept_of(draft, officer()) == []


def test_nothing_is_attached_to_what_is_issued(people: pl.DataFrame, issued: Release) -> None:
    kept = operations.keep(
        actor=officer(), answer=answered(officer(), issued, CHANGE), name="试", region_names=str, now=NOW
    )
    with pytest.raises(Conflict):
        operations.attach(actor=officer(), simulation=kept.pk)
    with pytest.raises(Refused):
        operations.attach(actor=leader(), simulation=kept.pk)
    with pytest.raises(BadInput):
        operations.keep(
            actor=officer(), answer=answered(officer(), issued, CHANGE), name=" ", region_names=str, now=NOW
        )


def test_a_list_of_elsewhere_is_not_there(issued: Release) -> None:
    stranger = replace(officer(), region="150602")
    with pytest.raises(NotFound):
        release_to_try(stranger, issued.pk)
    assert releases_to_try(stranger, TODAY) == []
    assert releases_to_try(officer(DISTRICT), TODAY) == [issued]
    assert ServiceList.objects.count() >= 1
    assert Person.objects.count() == 0


@pytest.mark.covers("POL-06")
def test_what_is_measured_is_checked_first(everywhere: Actor) -> None:
    programme = programme_of(issued_release(), timezone.localdate())
    people = make_people("420700", 300, 3, programme.on)[0]
    assert check_equal(programme, people) > 10
    lines = measure(programme, roll_of(programme, people), rounds=1)
    assert [line.met for line in lines] == [None, None, None]


OWN_LIST = """list: own-list-2026
title: 鄂城区基本养老服务清单
region: '420704'
region_name: 鄂城区
instrument: ezhou-2023
from: 2026-01-01
extends: 420700-ezhou/basic-list-2023
"""


def own_list_of_a_district(folder: Path) -> Release:
    """A draft of a list that a district would have beside the city's, with nothing but what the city has."""
    root = folder / "policies"
    (root / "420704-echeng/own-list-2026").mkdir(parents=True)
    (root / "420704-echeng/own-list-2026/list.yaml").write_text(OWN_LIST, encoding="utf-8")
    for name in ("instruments.yaml", "420700-ezhou"):
        (root / name).symlink_to(POLICIES / name)
    return import_list(actor=officer(DISTRICT), root=root, key="420704-echeng/own-list-2026", now=NOW)


@pytest.mark.covers("POL-06", "POL-01")
def test_a_district_with_its_own_list_is_not_counted_with_the_city(
    people: pl.DataFrame, issued: Release, tmp_path: Path
) -> None:
    whole = answered(officer(), issued, CHANGE).variants[0].effect.people.total("better")
    there = answered(officer(DISTRICT), issued, CHANGE).variants[0].effect.people.total("better")
    own = sent_on(own_list_of_a_district(tmp_path))
    RESIDENCE.drop()
    trial = trial_of(issued, TODAY)
    assert trial.without == (DISTRICT,) and not trial.decides_in("420704001") and trial.decides_in("420702")
    rest = answered(officer(), issued, CHANGE)
    assert 0 < there < whole and rest.variants[0].effect.people.total("better") == whole - there
    assert DISTRICT not in rest.what_if.roll.districts
    assert trial_of(own, TODAY).without == ()
    alone = answered(officer(), own, CHANGE)
    assert alone.variants[0].effect.people.total("better") == there


def test_a_district_s_first_list_is_set_beside_the_city_s(
    people: pl.DataFrame, issued: Release, tmp_path: Path
) -> None:
    own = own_list_of_a_district(tmp_path)
    trial = trial_of(release_to_try(officer(), own.pk), TODAY)
    assert (trial.held.pk, trial.edits) == (issued.pk, True)
