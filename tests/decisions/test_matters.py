"""What is found to be done: opened once, moot when nothing is left, one task a door, no second asking too soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from songhe.eligibility.decisions.models import Matter, Pause
from songhe.eligibility.decisions.operations.receiving import end_receipt, put_down
from songhe.eligibility.decisions.operations.running import redetermine, run_whole
from songhe.eligibility.decisions.operations.working import settle
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks.models import Task
from songhe.people.models import Person, Sheet
from tests.decisions.crowd import NOW, TODAY
from tests.decisions.doors import (
    ALLOWANCE,
    COMMUNITY,
    EVERYBODY,
    SIBLING,
    decided,
    house,
    open_matters,
    receives,
    resident,
    worker,
)

LATER = NOW + timedelta(hours=1)
TURNS_80 = TODAY + timedelta(days=40)


@pytest.fixture
def register(db: None) -> Iterator[None]:
    with scoped(EVERYBODY, "test"):
        yield


def again(*persons: Person, now: datetime = LATER, on: date = TODAY) -> None:
    redetermine(actor=EVERYBODY, persons=[one.pk for one in persons], on=on, now=now)


def born(person: Person, day: date) -> None:
    Person.objects.filter(pk=person.pk).update(birth_date=day)
    Sheet.objects.filter(pk=person.pk).update(birth_date=day)


def turning_80() -> date:
    return TURNS_80.replace(year=TURNS_80.year - 80)


@pytest.mark.covers("ENT-04")
def test_each_kind_is_opened_once(register: None) -> None:
    offer, stop = resident("王德福", 84), resident("柯国强", 79)
    ask, soon = resident("余秀珍", 83, lives_alone=None), resident("陈秀英", 79, born=turning_80())
    receives(stop, ALLOWANCE)
    receives(ask, ALLOWANCE)
    decided()
    assert set(open_matters(offer)) == {("offer", ALLOWANCE)}
    assert set(open_matters(stop)) == {("stop", ALLOWANCE)}
    assert set(open_matters(ask)) == {("ask", "home-visits")}
    assert set(open_matters(soon)) == {("soon", ALLOWANCE)}
    before = Matter.objects.count()
    run_whole(actor=EVERYBODY, region="", on=TODAY, now=LATER)
    again(offer, stop, ask, soon)
    assert Matter.objects.count() == before


def test_due_dates_are_those_of_the_figures(register: None) -> None:
    persons = [resident("王德福", 84), resident("柯国强", 79), resident("余秀珍", 83, lives_alone=None)]
    coming = resident("陈秀英", 79, born=turning_80())
    receives(persons[1], ALLOWANCE)
    decided()
    due = {one.kind: one.due_date for one in Matter.objects.filter(closed_at=None)}
    assert due == {
        "offer": TODAY + timedelta(days=30),
        "stop": TODAY + timedelta(days=10),
        "ask": TODAY + timedelta(days=60),
        "soon": TURNS_80,
    }
    assert open_matters(coming)["soon", ALLOWANCE].from_date == TURNS_80


def test_who_receives_is_not_offered_and_not_asked(register: None) -> None:
    known, unknown = resident("王德福", 84), resident("余秀珍", 83, lives_alone=None)
    for person, item in ((known, ALLOWANCE), (unknown, ALLOWANCE), (unknown, "home-visits")):
        receives(person, item)
    decided()
    assert open_matters(known) == open_matters(unknown) == {}


def test_what_is_unknown_is_not_stopped(register: None) -> None:
    person = resident("余秀珍", 83, lives_alone=None)
    receives(person, "home-visits")
    decided()
    assert ("stop", "home-visits") not in open_matters(person)


def test_who_died_is_stopped_and_asked_nothing(register: None) -> None:
    person = resident("余秀珍", 83, lives_alone=None)
    receives(person, ALLOWANCE)
    decided()
    assert ("ask", "home-visits") in open_matters(person)
    Sheet.objects.filter(pk=person.pk).update(death_date=TODAY - timedelta(days=3), standing="dead")
    again(person)
    assert set(open_matters(person)) == {("stop", ALLOWANCE)}


@pytest.mark.covers("ENT-04")
def test_what_a_later_run_finds_settled_is_moot(register: None) -> None:
    offered, stopped = resident("王德福", 84), resident("柯国强", 79)
    asked, coming = resident("余秀珍", 83, lives_alone=None), resident("陈秀英", 79, born=turning_80())
    receives(stopped, ALLOWANCE)
    receives(asked, ALLOWANCE)
    decided()
    put_down(actor=worker(), persons=[offered.pk], item=ALLOWANCE, from_date=TODAY, source="名册", now=LATER)
    end_receipt(actor=worker(), person=stopped.pk, item=ALLOWANCE, until_date=TODAY, now=LATER)
    Sheet.objects.filter(pk=asked.pk).update(lives_alone=False)
    born(coming, date(1946, 1, 1))
    again(offered, stopped, asked, coming)
    closed = {(one.person_id, one.kind): one.outcome for one in Matter.objects.exclude(closed_at=None)}
    assert closed == {
        (offered.pk, "offer"): "moot", (stopped.pk, "stop"): "moot", (asked.pk, "ask"): "moot",
        (coming.pk, "soon"): "moot",
    }  # fmt: skip
    assert set(open_matters(coming)) == {("offer", ALLOWANCE)}
    states = {task.subject: (task.state, task.outcome) for task in Task.objects.filter(kind="decisions.visit")}
    assert states[offered.pk] == ("closed", "moot") and states[coming.pk] == ("open", "")


@pytest.mark.covers("ENT-04")
def test_who_declined_is_not_asked_again_for_the_months_of_the_figures(register: None) -> None:
    person = resident("王德福", 84)
    decided()
    matter = open_matters(person)["offer", ALLOWANCE]
    settle(actor=worker(), matter=matter.pk, outcome="declined", reason="不想要", today=TODAY, now=LATER)

    def lost_and_got_back(now: datetime) -> None:
        born(person, date(1960, 1, 1))
        again(person, now=now)
        born(person, date(1942, 1, 1))
        again(person, now=now + timedelta(minutes=1))

    lost_and_got_back(LATER + timedelta(days=300))
    assert open_matters(person) == {}
    lost_and_got_back(LATER + timedelta(days=400))
    assert set(open_matters(person)) == {("offer", ALLOWANCE)}


def test_a_pause_keeps_an_item_out_of_it(register: None) -> None:
    person = resident("王德福", 84)
    Pause.objects.create(
        region_code=COMMUNITY,
        person=person,
        item=ALLOWANCE,
        from_date=TODAY,
        reason="住院",
        pauser="何俊",
        paused_at=NOW,
    )
    decided()
    assert open_matters(person) == {}


@pytest.mark.covers("PER-03")
def test_a_household_is_one_task_in_its_community(register: None) -> None:
    roof = house()
    for name in ("王德福", "余秀珍"):
        resident(name, 84, household=roof)
    alone = resident("柯国强", 88, region=SIBLING)
    decided()
    tasks = {task.subject: task for task in Task.objects.filter(kind="decisions.visit")}
    assert tasks.keys() == {roof.pk, alone.pk}
    assert (tasks[roof.pk].title, tasks[roof.pk].region_code) == ("上门一户，可享没享2项", COMMUNITY)
    assert tasks[alone.pk].region_code == SIBLING


def test_titles_of_tasks_name_nobody(register: None) -> None:
    resident("王德福", 84)
    decided()
    assert "王德福" not in Task.objects.get(kind="decisions.visit").title
