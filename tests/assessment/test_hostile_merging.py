"""The same person in two files: what was found about her stands in one, and comes apart when that was wrong."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from songhe.assessment.listeners import on_person_merged, on_person_unmerged
from songhe.assessment.models import Assessment, Result, Tie
from songhe.assessment.operations.asking import ask
from songhe.assessment.operations.reviewing import verification_code
from songhe.assessment.queries.own import course_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.tasks.models import Task
from songhe.people.models import Person
from tests.assessment.teams import NATIONAL, NOW, TODAY, assessor, older_person, organisation


def result_of(person: Person, day: date, level: int, **others: object) -> Result:
    given: dict[str, object] = {"scale": NATIONAL, "source": "file", "state": "final"} | others
    return Result.objects.create(
        region_code=person.region_code, person=person, purpose="own_wish", level=level, assessed_date=day,
        confirmed_at=NOW, confirmer="何俊", code=verification_code(), **given,
    )  # fmt: skip


def merged(survivor: Person, other: Person) -> SimpleNamespace:
    Person.objects.filter(pk=other.pk).update(standing="merged", merged_into=survivor)
    event = SimpleNamespace(person=survivor.pk, merged=other.pk)
    on_person_merged(event)
    return event


def unmerged(event: SimpleNamespace) -> None:
    Person.objects.filter(pk=event.merged).update(standing="present", merged_into=None)
    on_person_unmerged(event)


@pytest.mark.covers("ASM-03")
def test_what_was_found_under_a_merged_file_stands_in_the_other_and_goes_back(everywhere: Actor) -> None:
    survivor, other = older_person(), older_person("420704001003")
    old, new = result_of(survivor, date(2025, 1, 1), 1), result_of(other, date(2026, 1, 1), 3)
    insured = result_of(other, date(2026, 2, 1), 2, scale="ltci-2021")
    Tie.objects.create(region_code=other.region_code, person=other, assessor=assessor(organisation()), kind="relative",
                       from_date=TODAY)  # fmt: skip
    event = merged(survivor, other)
    for _twice in range(2):
        on_person_merged(event)
    known = course_of(survivor.pk, TODAY).known
    assert known is not None and known.row.pk == new.pk
    found = {one.pk: one for one in Result.objects.filter(person=survivor)}
    assert {pk: one.state for pk, one in found.items()} == {old.pk: "replaced", new.pk: "final", insured.pk: "final"}
    assert {one.region_code for one in found.values()} == {survivor.region_code}
    assert found[new.pk].merged_from == [other.pk]
    assert Tie.objects.get().person_id == survivor.pk
    unmerged(event)
    for _twice in range(2):
        on_person_unmerged(event)
    apart = {one.pk: (one.person_id, one.state, one.region_code, one.merged_from) for one in Result.objects.all()}
    assert apart[old.pk] == (survivor.pk, "final", survivor.region_code, None)
    assert apart[new.pk] == (other.pk, "final", other.region_code, None)
    assert Tie.objects.get().person_id == other.pk


def test_of_two_in_work_for_one_purpose_one_goes_on(everywhere: Actor) -> None:
    survivor, other = older_person(), older_person()
    kept = ask(actor=everywhere, person_id=survivor.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    twice = ask(actor=everywhere, person_id=other.pk, purpose="own_wish", reason="first", asked_by="self", now=NOW)
    else_ = ask(actor=everywhere, person_id=other.pk, purpose="institution", reason="first", asked_by="self", now=NOW)
    merged(survivor, other)
    rows = {one.pk: (one.person_id, one.state) for one in Assessment.objects.all()}
    assert rows == {
        kept.pk: (survivor.pk, "asked"), twice.pk: (survivor.pk, "ended"), else_.pk: (survivor.pk, "asked"),
    }  # fmt: skip
    open_ones = Task.objects.filter(kind="assessment.accept").exclude(state="closed")
    assert set(open_ones.values_list("subject", flat=True)) == {kept.pk, else_.pk}


def test_a_file_merged_on_and_on_comes_apart_step_by_step(everywhere: Actor) -> None:
    first, second, third = older_person(), older_person(), older_person()
    one = result_of(first, date(2026, 1, 1), 2)
    inner = merged(second, first)
    outer = merged(third, second)
    one.refresh_from_db()
    assert (one.person_id, one.merged_from) == (third.pk, [first.pk, second.pk])
    unmerged(outer)
    one.refresh_from_db()
    assert (one.person_id, one.merged_from) == (second.pk, [first.pk])
    unmerged(inner)
    one.refresh_from_db()
    assert (one.person_id, one.merged_from) == (first.pk, None)


def test_a_result_that_came_since_stays_with_the_survivor_alone(everywhere: Actor) -> None:
    survivor, other = older_person(), older_person()
    old, theirs = result_of(survivor, date(2025, 1, 1), 1), result_of(other, date(2026, 1, 1), 3)
    event = merged(survivor, other)
    since = result_of(survivor, date(2026, 5, 1), 2)
    Result.objects.filter(pk=theirs.pk).update(state="replaced", replaced_by=since)
    unmerged(event)
    assert dict(Result.objects.values_list("pk", "state")) == {
        old.pk: "replaced",
        theirs.pk: "final",
        since.pk: "final",
    }
