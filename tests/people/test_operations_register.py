"""Persons get a file, and what is wrong in it is mended."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.identity import identity_index, identity_of, phone_of
from songhe.people.models import LifeEvent, NameGram, Person, Sheet
from songhe.people.operations import registering
from songhe.people.operations.registering import AlreadyRegistered, correct_person
from tests.people.register import FENGHUANG, GULOU, HUARONG, NOW, TODAY, later, number, registered
from tests.platform_fixtures import ActorFor


@pytest.mark.covers("PER-01")
def test_a_person_gets_a_file_with_number_telephone_grams_places_event_and_sheet(everywhere: Actor) -> None:
    person = registered(everywhere)
    found = Person.objects.get(identity_index=identity_index(number()))
    assert (found.pk, found.region_code, found.sex, found.birth_date) == (person.pk, FENGHUANG, "2", date(1942, 3, 18))
    assert (identity_of(found), phone_of(found), found.identity_tail, found.phone_tail) == (
        number(), "13800005521", number()[-4:], "5521",
    )  # fmt: skip
    assert {"李", "桂芳", "寿昌"} <= set(NameGram.objects.values_list("gram", flat=True))
    assert found.residences.count() == 2
    assert [event.kind for event in LifeEvent.objects.filter(person=found)] == ["registered"]
    assert Sheet.objects.get(pk=found.pk).birth_date == date(1942, 3, 18)


@pytest.mark.covers("PER-06")
def test_the_database_holds_the_number_sealed(everywhere: Actor) -> None:
    person = registered(everywhere)
    raw = str(list(Person.objects.filter(pk=person.pk).values())).encode()
    assert number().encode() not in raw and b"13800005521" not in raw


def test_a_number_is_registered_once(everywhere: Actor) -> None:
    person = registered(everywhere)
    with pytest.raises(AlreadyRegistered, match="名册里已有") as refused:
        registered(everywhere, name="李桂芬")
    assert refused.value.person_id == person.pk


@pytest.mark.covers("NET-02")
def test_a_number_that_is_registered_elsewhere_is_asked_for_by_transfer(db: None, actor: ActorFor) -> None:
    here, there = actor("district_officer", "420704"), actor("district_officer", "420703")
    with scoped(here, "test"):
        registered(here)
    with scoped(there, "test"), pytest.raises(AlreadyRegistered, match="申请转入") as refused:
        registered(there, registered_region=HUARONG, living_region=HUARONG)
    assert refused.value.person_id is None


def test_a_person_without_a_number_is_registered_and_the_file_lies_where_the_register_is(everywhere: Actor) -> None:
    person = registered(everywhere, identity="", living_region="", phone="", birth_date=None, registered_region=GULOU)
    assert (person.region_code, person.birth_date, person.sex, person.identity_index) == (GULOU, None, "", None)
    assert registered(everywhere, identity="", birth_date=date(1940, 2, 29)).birth_date == date(1940, 2, 29)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "  "}, "姓名"),
        ({"name": "李" * 61}, "太长"),
        ({"name": "李\x00桂"}, "看不见"),
        ({"identity": number()[:-1] + "0"}, "校验位"),
        ({"birth_date": date(1942, 3, 19)}, "身份证号里的不一样"),
        ({"sex": "1"}, "身份证号里的不一样"),
        ({"identity": "", "sex": "3"}, "性别"),
        ({"identity": "", "birth_date": date(2026, 11, 19)}, "还没到"),
        ({"identity": "", "birth_date": date(1849, 1, 1)}, "太早"),
        ({"phone": "123"}, "电话"),
        ({"registered_region": "", "living_region": ""}, "居住地"),
        ({"living_region": "4207"}, "居住地"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_kept(everywhere: Actor, changes: dict, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        registered(everywhere, **changes)
    assert not Person.objects.exists() and not LifeEvent.objects.exists()


def test_who_may_not_write_is_refused_and_another_region_is_like_none(db: None, actor: ActorFor) -> None:
    auditor, street = actor("auditor", "420700"), actor("street_officer", "420704001")
    with scoped(auditor, "test"), pytest.raises(Refused, match="登记和更正"):
        registered(auditor)
    with scoped(street, "test"), pytest.raises(NotFound):
        registered(street, living_region=GULOU)


def test_a_correction_changes_what_was_wrong_and_counts_the_version(everywhere: Actor) -> None:
    person = registered(everywhere)
    good = number("19420319", 4)
    mended = correct_person(
        actor=everywhere, today=TODAY, now=later(1), person_id=person.pk, version=person.version,
        changes={"name": "李桂芬", "birth_date": date(1942, 3, 19), "identity": good, "phone": "13900002080"},
        reason="户口簿上是芬",
    )  # fmt: skip
    assert mended.version == person.version + 1
    assert identity_of(Person.objects.get(pk=person.pk)) == good
    grams = set(NameGram.objects.values_list("gram", flat=True))
    assert "桂芬" in grams and "桂芳" not in grams
    event = LifeEvent.objects.get(person=person, kind="corrected")
    assert event.detail["fields"] == ["birth_date", "identity", "name", "phone"]
    assert event.detail["before"]["birth_date"] == "1942-03-18"
    assert Sheet.objects.get(pk=person.pk).birth_date == date(1942, 3, 19)


def test_a_correction_that_changes_nothing_leaves_no_trace(everywhere: Actor) -> None:
    person = registered(everywhere)
    same = correct_person(
        actor=everywhere, today=TODAY, now=later(1), person_id=person.pk, version=person.version,
        changes={"name": "李桂芳", "identity": number(), "phone": "138 0000 5521", "address": person.address},
    )  # fmt: skip
    assert same.version == person.version
    assert LifeEvent.objects.count() == 1


def test_a_correction_of_what_somebody_just_changed_is_a_conflict(everywhere: Actor) -> None:
    person = registered(everywhere)
    correct = {"actor": everywhere, "today": TODAY, "now": NOW, "person_id": person.pk, "version": person.version}
    correct_person(**correct, changes={"name": "李桂芬"})
    with pytest.raises(Conflict, match="别人刚改过"):
        correct_person(**correct, changes={"name": "李桂香"})


def test_a_correction_cannot_take_another_persons_number_nor_a_field_that_moves_are_for(everywhere: Actor) -> None:
    registered(everywhere)
    other = registered(everywhere, name="王福海", identity=number("19400101", 1))
    correct = {"actor": everywhere, "today": TODAY, "now": NOW, "person_id": other.pk, "version": other.version}
    with pytest.raises(AlreadyRegistered):
        correct_person(**correct, changes={"identity": number()})
    with pytest.raises(BadInput, match="不能在这里改"):
        correct_person(**correct, changes={"living_region": GULOU})


@pytest.mark.covers("NET-02")
def test_a_street_officer_cannot_touch_a_siblings_person(db: None, actor: ActorFor) -> None:
    own, sibling = actor("street_officer", "420704001"), actor("street_officer", "420704002")
    with scoped(own, "test"):
        person = registered(own)
    with scoped(sibling, "test"), pytest.raises(NotFound):
        correct_person(
            actor=sibling, today=TODAY, now=NOW, person_id=person.pk, version=person.version, changes={"name": "张三"}
        )


def test_two_officers_who_register_a_number_at_once_do_not_both_succeed(
    db: None, actor: ActorFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = actor("district_officer", "420704"), actor("district_officer", "420703")
    with scoped(here, "test"):
        registered(here)
    monkeypatch.setattr(registering, "identity_is_taken", lambda index: False)  # it was free a moment ago
    with scoped(there, "test"):
        with pytest.raises(AlreadyRegistered, match="申请转入"):
            registered(there, registered_region=HUARONG, living_region=HUARONG)
        assert not Person.objects.exists()


def test_another_fault_of_the_database_is_not_taken_for_a_number(
    everywhere: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(person: Person) -> None:
        raise IntegrityError("people_person_dead")

    monkeypatch.setattr(Person, "save", broken)
    with pytest.raises(IntegrityError, match="people_person_dead"):
        registered(everywhere)
