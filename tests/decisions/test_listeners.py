"""What other rooms tell leads to new decisions of whom it concerns, and told twice it is done once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine

from songhe.eligibility.decisions.listeners import on_person_changed, on_release_issued
from songhe.eligibility.decisions.models import Change, Matter, Run, Standing
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.delivering import deliver
from songhe.foundation.tasks.models import Task
from songhe.people.api import Told, record_death, record_fact, record_facts
from songhe.people.events import FactsChanged, PersonDied, PersonMerged
from songhe.people.models import Person, Sheet
from songhe.policy.api import Release, begin_draft, save_file
from songhe.policy.events import ReleaseIssued
from tests.decisions.crowd import NOW, TODAY
from tests.decisions.doors import ALLOWANCE, COMMUNITY, EVERYBODY, decided, open_matters, receives, resident
from tests.policy.releases import officer, sent_on, somebody

LATER = NOW + timedelta(minutes=10)
FAR = NOW + timedelta(days=3650)  # the database has a clock of its own
ELSEWHERE = "420703100209"


@pytest.fixture
def register(db: None) -> Iterator[None]:
    with time_machine.travel(LATER, tick=False), scoped(EVERYBODY, "test"):
        yield


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Standing, Change, Matter, Task))


def street(region: str = "420704001"):  # type: ignore[no-untyped-def]
    return somebody("street_officer", "何俊", region)


@pytest.mark.covers("ENT-04")
def test_a_fact_decides_its_person_anew_and_nobody_else(register: None) -> None:
    person, other = resident("余秀珍", 83, lives_alone=None), resident("王德福", 83, lives_alone=None)
    decided()
    tell = {"person_id": person.pk, "fact": "lives_alone", "value": "true", "source": "community"}
    record_fact(actor=street(), today=TODAY, now=LATER, **tell)
    deliver(now=FAR)
    assert ("offer", "home-visits") in open_matters(person) and ("ask", "home-visits") not in open_matters(person)
    assert ("ask", "home-visits") in open_matters(other)
    assert set(Change.objects.values_list("person", flat=True)) == {person.pk}


def test_a_death_stops_what_is_received(register: None) -> None:
    person = resident("王德福", 84)
    receives(person, ALLOWANCE)
    decided()
    record_death(
        actor=street(), today=TODAY, now=LATER, person_id=person.pk, on_date=TODAY - timedelta(days=2), source="funeral"
    )
    deliver(now=FAR)
    assert set(open_matters(person)) == {("stop", ALLOWANCE)}
    task = Task.objects.get(kind="decisions.visit", subject=person.pk)
    assert task.title == "上门一户，要停1项"


def test_both_files_of_a_merge_are_looked_at(register: None) -> None:
    kept, gone = resident("王德福", 84), resident("王得福", 84)
    decided()
    Person.objects.filter(pk=gone.pk).update(standing="merged", merged_into=kept)
    Sheet.objects.filter(pk=gone.pk).delete()
    on_person_changed(PersonMerged(region=COMMUNITY, person=kept.pk, merged=gone.pk))
    assert set(Standing.objects.values_list("pk", flat=True)) == {kept.pk}


def test_a_batch_decides_those_it_told_of(register: None) -> None:
    persons = [resident("余秀珍", 83, lives_alone=None), resident("陈秀英", 84, lives_alone=None)]
    untold = resident("王德福", 85, lives_alone=None)
    decided()
    batch = uuid4()
    told = [Told(one.pk, "lives_alone", "community", "false", TODAY) for one in persons]
    record_facts(actor=EVERYBODY, today=TODAY, now=LATER, told=told, batch=batch)
    on_person_changed(FactsChanged(region="420704000000", person=None, facts=("lives_alone",), batch=batch))
    assert all(("ask", "home-visits") not in open_matters(one) for one in persons)
    assert ("ask", "home-visits") in open_matters(untold)
    assert Run.objects.filter(kind="changed").count() == 1


def test_what_is_told_of_nobody_in_particular_decides_the_region(register: None) -> None:
    person = resident("余秀珍", 83)
    decided()
    Sheet.objects.filter(pk=person.pk).update(lives_alone=True)
    on_person_changed(FactsChanged(region="420700000000", person=None, facts=("lives_alone",)))
    assert ("offer", "home-visits") in open_matters(person)


@pytest.mark.covers("ENT-04")
def test_told_twice_is_done_once(register: None) -> None:
    person = resident("余秀珍", 83)
    decided()
    Sheet.objects.filter(pk=person.pk).update(lives_alone=True)
    event = FactsChanged(region=COMMUNITY, person=person.pk, facts=("lives_alone",))
    on_person_changed(event)
    before = counted()
    on_person_changed(event)
    on_person_changed(PersonDied(region=COMMUNITY, person=person.pk, on_date=TODAY))
    assert counted() == before


def test_without_a_list_nothing_is_decided(register: None) -> None:
    person = resident("余秀珍", 83)
    on_person_changed(FactsChanged(region=COMMUNITY, person=person.pk, facts=("lives_alone",)))
    assert Run.objects.count() == 0


def lowered() -> Release:
    """The allowance from 79 on, by the next release of the same list."""
    release = Release.objects.get()
    draft = begin_draft(actor=officer(), of_list=release.of_list, from_date=TODAY, now=NOW)
    name = "03-advanced-age-allowance.yaml"
    text = draft.files[name].replace(
        "value: 80, clause: ezhou-2023/annex-1/3}",
        "value: 80, clause: ezhou-2023/annex-1/3}\n      - {from: 2026-11-01, value: 79, clause: ezhou-2023/annex-1/3}",
    )
    return sent_on(save_file(actor=officer(), release=draft.pk, name=name, text=text, version=draft.version, now=NOW))


@pytest.mark.covers("POL-01", "ENT-04")
def test_a_new_release_opens_matters_in_the_right_streets_and_nowhere_else(register: None) -> None:
    june = date(1947, 6, 1)
    here, there = resident("柯国强", 79, born=june), resident("陈秀英", 79, born=june, region=ELSEWHERE)
    young, old = resident("余秀珍", 70, region="420704002008"), resident("王德福", 84, region="420704002008")
    receives(old, ALLOWANCE)
    decided()
    assert not any(open_matters(one) for one in (here, there, young, old))
    lowered()
    deliver(now=FAR)
    assert set(open_matters(here)) == set(open_matters(there)) == {("offer", ALLOWANCE)}
    assert open_matters(young) == open_matters(old) == {}
    tasks = Task.objects.filter(kind="decisions.visit").exclude(state="closed")
    assert {task.region_code for task in tasks} == {COMMUNITY, ELSEWHERE}


def test_a_release_that_holds_later_waits(register: None) -> None:
    resident("柯国强", 79)
    decided()
    before = Run.objects.count()
    event = ReleaseIssued(region="420700000000", release=Release.objects.get().pk, from_date=TODAY + timedelta(days=1))
    on_release_issued(event)
    assert Run.objects.count() == before
