"""A division gives way to another: files go along, and what had ended keeps the code of its time."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest

from songhe.foundation.access.actors import Actor
from songhe.foundation.tasks.models import Task
from songhe.kernel.errors import BadInput
from songhe.people.counts import recount
from songhe.people.imports.models import Batch
from songhe.people.listeners import on_division_absorbed, on_division_changed, on_division_unclear
from songhe.people.models import CommunityCount, LifeEvent, NameGram, Person, Residence, Sheet
from songhe.people.operations.moving import move_person
from songhe.people.operations.recoding import places, recode_division
from tests.people.register import FENGHUANG, GULOU, HUARONG, NOW, TODAY, WUDU, later, number, registered

pytestmark = pytest.mark.covers("PER-01")


def test_a_merged_community_takes_its_files_along_and_twice_is_once(everywhere: Actor) -> None:
    here, there = registered(everywhere), registered(everywhere, identity="", living_region=HUARONG)
    event = SimpleNamespace(before_code=FENGHUANG, after_code=WUDU, on_date=TODAY)
    on_division_changed(event)
    on_division_changed(event)
    moved = Person.objects.get(pk=here.pk)
    assert (moved.region_code, moved.living_region, moved.registered_region) == (WUDU, WUDU, WUDU)
    assert Person.objects.get(pk=there.pk).region_code == HUARONG
    sheet = Sheet.objects.get(pk=here.pk)
    assert (sheet.region_code, sheet.residence_region) == (WUDU, WUDU)
    for model in (NameGram, LifeEvent, Residence):
        assert set(model.objects.filter(person=here).values_list("region_code", flat=True)) == {WUDU}


def test_a_street_with_a_new_code_takes_its_communities_along(everywhere: Actor) -> None:
    registered(everywhere)
    registered(everywhere, identity=number("19400229", 1), living_region=GULOU)
    assert recode_division(before="420704001", after="420704009") == 1
    assert sorted(Person.objects.values_list("region_code", flat=True)) == [GULOU, "420704009002"]
    assert recode_division(before="420704001", after="420704009") == 0


def test_a_community_that_becomes_a_street_takes_only_its_own_files(everywhere: Actor) -> None:
    registered(everywhere)
    assert recode_division(before=FENGHUANG, after="420704009") == 1
    assert Person.objects.get().region_code == "420704009000"


def test_a_residence_that_had_ended_keeps_its_code(everywhere: Actor) -> None:
    person = registered(everywhere)
    move_person(
        actor=everywhere, today=TODAY, now=later(1), person_id=person.pk, place="living", area=GULOU, on_date=TODAY
    )
    recode_division(before=FENGHUANG, after=WUDU)
    areas = Residence.objects.filter(place="living").order_by("pk").values_list("area", flat=True)
    assert list(areas) == [FENGHUANG, GULOU]


def test_lists_and_work_go_along_and_communities_are_counted_anew(everywhere: Actor) -> None:
    registered(everywhere)
    recount(today=TODAY, now=later(1))
    on_division_unclear(SimpleNamespace(before_code=FENGHUANG, on_date=TODAY))
    batch = Batch.objects.create(
        region_code="420704000000", source="funeral", upload=uuid4(), data_until=TODAY, creator="何俊", created_at=NOW
    )
    on_division_changed(SimpleNamespace(before_code="420704", after_code="420709", on_date=TODAY))
    batch.refresh_from_db()
    assert (batch.region_code, Task.objects.get().region_code) == ("420709000000", "420709001002")
    assert dict(CommunityCount.objects.values_list("region_code", "total")) == {"420709001002": 1}


def test_the_whole_country_is_no_division_to_replace(db: None) -> None:
    with pytest.raises(BadInput, match="全国"):
        recode_division(before="000000", after="420704")


def test_a_community_that_is_absorbed_gives_only_what_lies_in_itself(everywhere: Actor) -> None:
    registered(everywhere, living_region="420704001000")
    registered(everywhere, identity="")
    on_division_absorbed(SimpleNamespace(before_code="420704001000", after_code="420704002000", on_date=TODAY))
    assert sorted(Person.objects.values_list("region_code", flat=True)) == [FENGHUANG, "420704002000"]


def test_a_split_or_ended_division_with_files_is_one_task_and_without_none(everywhere: Actor) -> None:
    registered(everywhere)
    for code in (FENGHUANG, FENGHUANG, GULOU):
        on_division_unclear(SimpleNamespace(before_code=code, on_date=TODAY))
    task = Task.objects.get()
    assert (task.kind, task.region_code, task.title) == (
        "people.place_files",
        FENGHUANG,
        "区划变了，1份档案要分到新的地方",
    )


def test_every_column_with_a_code_is_known() -> None:
    assert {
        ("people_person", "living_region"),
        ("people_sheet", "residence_region"),
        ("duplicates_pair", "region_code"),
    } <= {*places()}
