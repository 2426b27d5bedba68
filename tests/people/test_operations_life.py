"""Deaths, moves, contacts and households."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.models import StoredEvent
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.identity import contact_phone_of
from songhe.people.models import Circumstance, Contact, Household, LifeEvent, NameGram, Person, Residence, Sheet
from songhe.people.operations.contacting import add_contact, end_contact
from songhe.people.operations.dying import record_death, undo_death
from songhe.people.operations.housing import (
    join_household,
    leave_household,
    move_household,
    open_household,
    split_household,
)
from songhe.people.operations.moving import move_in, move_out, move_person, return_person
from songhe.people.operations.registering import correct_person
from songhe.people.operations.telling import record_fact
from tests.people.register import FENGHUANG, GULOU, HUARONG, NOW, TODAY, WUDU, current, later, number, registered
from tests.platform_fixtures import ActorFor

YESTERDAY = date(2026, 11, 17)


def acting(actor: Actor, hours: int = 1, **more: Any) -> dict[str, Any]:
    return {"actor": actor, "today": TODAY, "now": later(hours), **more}


def told_events() -> list[str]:
    return [name.rpartition(".")[2] for name in StoredEvent.objects.order_by("pk").values_list("name", flat=True)]


@pytest.mark.covers("PER-01")
def test_a_death_undone_leaves_the_register_as_it_was_and_both_events(everywhere: Actor) -> None:
    person = registered(everywhere)
    record_fact(**acting(everywhere), person_id=person.pk, fact="lives_alone", value="true", source="community")
    before = current()
    record_death(**acting(everywhere, 2), person_id=person.pk, on_date=YESTERDAY, source="funeral")
    sheet = Sheet.objects.get(pk=person.pk)
    assert (sheet.standing, sheet.death_date, sheet.lives_alone) == ("dead", YESTERDAY, True)
    with pytest.raises(Conflict, match="已经登记过去世"):
        record_death(**acting(everywhere, 3), person_id=person.pk, on_date=YESTERDAY, source="funeral")
    undo_death(**acting(everywhere, 4), person_id=person.pk, reason="同名的人")
    assert current() == before
    kinds = LifeEvent.objects.filter(person=person).order_by("recorded_at").values_list("kind", flat=True)
    assert list(kinds) == ["registered", "died", "death_undone"]
    with pytest.raises(Conflict, match="没有登记过去世"):
        undo_death(**acting(everywhere, 5), person_id=person.pk, reason="再撤一次")
    assert told_events() == ["PersonRegistered", "FactsChanged", "PersonDied", "DeathUndone"]


def test_a_death_can_be_recorded_again_and_undone_again(everywhere: Actor) -> None:
    person = registered(everywhere)
    before = current()
    for hours in (1, 3):
        record_death(**acting(everywhere, hours), person_id=person.pk, on_date=YESTERDAY, source="police")
        undo_death(**acting(everywhere, hours + 1), person_id=person.pk, reason="同名的人")
    assert current() == before


@pytest.mark.parametrize(
    ("born", "died", "good"),
    [
        (date(1940, 2, 29), date(1940, 2, 28), False),
        (date(1940, 2, 29), date(1940, 2, 29), True),
        (date(1940, 2, 29), date(2024, 2, 29), True),
        (date(1940, 12, 31), date(2025, 12, 31), True),
        (date(1940, 12, 31), TODAY, True),
        (date(1940, 12, 31), date(2026, 11, 19), False),
    ],
)
def test_a_death_lies_between_birth_and_today(everywhere: Actor, born: date, died: date, good: bool) -> None:
    person = registered(everywhere, identity="", birth_date=born)
    death = acting(everywhere, person_id=person.pk, on_date=died, source="funeral")
    if good:
        assert record_death(**death).on_date == died
    else:
        with pytest.raises(BadInput, match="去世日期"):
            record_death(**death)


def test_a_death_needs_a_source_and_an_undoing_a_reason_and_a_right(everywhere: Actor, actor: ActorFor) -> None:
    person = registered(everywhere)
    with pytest.raises(BadInput, match="来源"):
        record_death(**acting(everywhere), person_id=person.pk, on_date=TODAY, source="rumour")
    record_death(**acting(everywhere), person_id=person.pk, on_date=TODAY, source="community")
    with pytest.raises(BadInput, match="撤回的原因"):
        undo_death(**acting(everywhere), person_id=person.pk, reason=" ")
    with pytest.raises(Refused, match="撤回去世"):
        undo_death(**acting(actor("community_worker", FENGHUANG)), person_id=person.pk, reason="弄错了")


def test_the_event_keeps_no_name_number_or_address(everywhere: Actor) -> None:
    person = registered(everywhere)
    record_death(**acting(everywhere), person_id=person.pk, on_date=TODAY, source="community")
    kept = str(
        [*LifeEvent.objects.values_list("detail", flat=True), *StoredEvent.objects.values_list("body", flat=True)]
    )
    assert not [part for part in ("桂", "寿昌", number(), "5521") if part in kept]


@pytest.mark.covers("PER-01")
def test_a_move_takes_everything_along_and_keeps_where_it_was(everywhere: Actor) -> None:
    person = registered(everywhere)
    record_fact(**acting(everywhere), person_id=person.pk, fact="lives_alone", value="true", source="community")
    add_contact(
        actor=everywhere, today=TODAY, person_id=person.pk, part="contact", relation="daughter", name="余红",
        phone="13900002080",
    )  # fmt: skip
    move_person(
        **acting(everywhere, 2), person_id=person.pk, place="living", area=GULOU, address="鼓楼街5号", on_date=YESTERDAY
    )
    for model in (Person, NameGram, Residence, Contact, Circumstance, LifeEvent, Sheet):
        assert set(model.objects.values_list("region_code", flat=True)) == {GULOU}, model
    places = Residence.objects.filter(place="living").order_by("pk").values_list("area", "from_date", "until_date")
    assert list(places) == [(FENGHUANG, None, YESTERDAY), (GULOU, YESTERDAY, None)]
    assert {"鼓楼", "楼街"} <= set(NameGram.objects.values_list("gram", flat=True))
    assert Person.objects.get().registered_region == FENGHUANG


def test_two_moves_on_one_day_leave_no_empty_stay(everywhere: Actor) -> None:
    person = registered(everywhere)
    for area in (WUDU, GULOU):
        move_person(**acting(everywhere), person_id=person.pk, place="living", area=area, on_date=TODAY)
    stays = Residence.objects.filter(place="living").order_by("pk").values_list("area", "from_date", "until_date")
    assert list(stays) == [(FENGHUANG, None, TODAY), (GULOU, TODAY, None)]


def test_the_registered_place_moves_without_the_file(everywhere: Actor) -> None:
    person = registered(everywhere)
    move_person(**acting(everywhere), person_id=person.pk, place="registered", area=HUARONG, on_date=YESTERDAY)
    moved = Person.objects.get()
    assert (moved.region_code, moved.registered_region, moved.address[:4]) == (FENGHUANG, HUARONG, "吴都社区")


def test_a_move_to_another_district_is_a_transfer_and_bad_days_and_places_are_refused(
    db: None, actor: ActorFor
) -> None:
    officer = actor("district_officer", "420704")
    with scoped(officer, "test"):
        person = registered(officer)
        move = acting(officer, person_id=person.pk, place="living", on_date=YESTERDAY)
        with pytest.raises(Refused, match="转区"):
            move_person(**move, area=HUARONG)
        with pytest.raises(BadInput, match="没有填"):
            move_person(**move, area="")
        with pytest.raises(BadInput, match="还没到"):
            move_person(**{**move, "on_date": date(2026, 12, 1)}, area=GULOU)
        with pytest.raises(BadInput, match="地点"):
            move_person(**{**move, "place": "holiday"}, area=GULOU)
        move_person(**move, area=GULOU)
        with pytest.raises(BadInput, match="不早于2026-11-17"):
            move_person(**{**move, "on_date": date(2026, 11, 16)}, area=WUDU)


def test_who_moved_out_rests_and_comes_back(everywhere: Actor) -> None:
    person = registered(everywhere)
    before = current()
    move_out(**acting(everywhere, 1), person_id=person.pk, on_date=YESTERDAY, destination="310101", reason="随儿子")
    assert Sheet.objects.get().standing == "away"
    with pytest.raises(Conflict, match="已经登记过迁出"):
        move_out(**acting(everywhere, 2), person_id=person.pk, on_date=YESTERDAY)
    with pytest.raises(BadInput, match="不早于"):
        return_person(**acting(everywhere, 3), person_id=person.pk, on_date=date(2026, 11, 16))
    return_person(**acting(everywhere, 4), person_id=person.pk, on_date=TODAY)
    assert current() == before
    with pytest.raises(Conflict, match="没有登记过迁出"):
        return_person(**acting(everywhere, 5), person_id=person.pk, on_date=TODAY)
    moves = StoredEvent.objects.filter(name__endswith="PersonMoved").order_by("pk").values_list("body", flat=True)
    assert [move["to_region"] for move in moves] == ["310101000000", FENGHUANG]


def test_a_death_away_from_home_undone_is_away_again(everywhere: Actor) -> None:
    person = registered(everywhere)
    move_out(**acting(everywhere, 1), person_id=person.pk, on_date=YESTERDAY)
    before = current()
    record_death(**acting(everywhere, 2), person_id=person.pk, on_date=TODAY, source="police")
    with pytest.raises(Conflict, match="撤回去世"):
        move_out(**acting(everywhere, 2), person_id=person.pk, on_date=TODAY)
    undo_death(**acting(everywhere, 3), person_id=person.pk, reason="弄错了")
    assert current() == before


def test_who_moves_in_gets_a_file_with_that_day(everywhere: Actor) -> None:
    person = move_in(**acting(everywhere), on_date=YESTERDAY, name="王福海", living_region=GULOU)
    event = LifeEvent.objects.get(person=person)
    assert (event.kind, event.on_date, event.detail) == ("moved_in", YESTERDAY, {"to": GULOU})


@pytest.mark.covers("PER-01")
def test_contacts_guardians_and_proxies_have_days_and_sealed_telephones(everywhere: Actor) -> None:
    person = registered(everywhere)
    add = {"actor": everywhere, "today": TODAY, "person_id": person.pk, "relation": "son", "name": "余强"}
    proxy = add_contact(**add, part="proxy", phone="139 0000 2080")
    assert (contact_phone_of(Contact.objects.get(pk=proxy.pk)), proxy.phone_tail) == ("13900002080", "2080")
    guardian = add_contact(**add, part="guardian", document="（2026）鄂01民特5号", from_date=date(2026, 2, 28))
    with pytest.raises(Conflict, match="已有监护人"):
        add_contact(**add, part="guardian", document="另一份")
    with pytest.raises(BadInput, match="监护文书"):
        add_contact(**add, part="guardian")
    with pytest.raises(BadInput, match="电话"):
        add_contact(**add, part="contact")
    with pytest.raises(BadInput, match="身份"):
        add_contact(**add, part="friend", phone="13900002080")
    with pytest.raises(BadInput, match="关系"):
        add_contact(**{**add, "relation": "cousin"}, part="contact", phone="13900002080")
    end = {"actor": everywhere, "today": TODAY, "now": NOW, "contact_id": guardian.pk}
    with pytest.raises(BadInput, match="太早"):
        end_contact(**end, until_date=date(2026, 2, 27))
    assert end_contact(**end, until_date=YESTERDAY).until_date == YESTERDAY
    with pytest.raises(Conflict, match="已经停用"):
        end_contact(**end, until_date=TODAY)
    end_contact(**{**end, "contact_id": proxy.pk}, until_date=TODAY)
    assert Contact.objects.count() == 1
    add_contact(**add, part="guardian", document="（2026）鄂01民特9号")


def test_nobody_has_more_than_twenty_contacts(everywhere: Actor) -> None:
    person = registered(everywhere)
    add = {"actor": everywhere, "today": TODAY, "person_id": person.pk, "relation": "son", "part": "contact"}
    for place in range(20):
        add_contact(**add, name="余强", phone=f"139000020{place:02}")
    with pytest.raises(Conflict, match="20个"):
        add_contact(**add, name="余强", phone="13900002080")


@pytest.mark.covers("PER-01")
def test_a_household_is_opened_joined_split_left_and_moved_together(everywhere: Actor) -> None:
    wife = registered(everywhere)
    husband = registered(everywhere, name="王福海", identity=number("19400229", 1))
    sister = registered(everywhere, name="李桂香", identity=number("19500101", 4))
    act = {"actor": everywhere, "now": NOW}
    house = open_household(**act, head_id=husband.pk)
    join_household(**act, person_id=wife.pk, household_id=house.pk, relation="spouse")
    join_household(**act, person_id=sister.pk, household_id=house.pk, relation="sibling")
    with pytest.raises(Conflict, match="已经在"):
        join_household(**act, person_id=sister.pk, household_id=house.pk, relation="sibling")
    with pytest.raises(BadInput, match="至少留下一人"):
        split_household(
            **act, household_id=house.pk, head_id=wife.pk, others={husband.pk: "spouse", sister.pk: "sibling"}
        )
    other = split_household(**act, household_id=house.pk, head_id=sister.pk, others={})
    with pytest.raises(BadInput, match="不在这一户"):
        split_household(**act, household_id=house.pk, head_id=sister.pk, others={})
    with pytest.raises(Conflict, match="已有户主"):
        join_household(**act, person_id=sister.pk, household_id=house.pk, relation="self")
    with pytest.raises(BadInput, match="户主的关系"):
        join_household(**act, person_id=sister.pk, household_id=house.pk, relation="boss")
    moved = move_household(
        **acting(everywhere, 2), household_id=house.pk, area=GULOU, address="鼓楼街5号", on_date=YESTERDAY
    )
    assert set(moved) == {wife.pk, husband.pk}
    assert set(Household.objects.get(pk=house.pk).people.values_list("region_code", flat=True)) == {GULOU}
    with pytest.raises(Conflict, match="别的社区"):
        join_household(**act, person_id=sister.pk, household_id=house.pk, relation="sibling")
    move_person(**acting(everywhere, 3), person_id=wife.pk, place="living", area=WUDU, on_date=TODAY)
    assert Person.objects.get(pk=wife.pk).household_id is None
    leave_household(**act, person_id=sister.pk)
    with pytest.raises(Conflict, match="不在哪一户"):
        leave_household(**act, person_id=sister.pk)
    with pytest.raises(Conflict, match="没有在册"):
        move_household(**acting(everywhere, 4), household_id=other.pk, area=GULOU, address="", on_date=TODAY)


def test_a_household_of_a_sibling_region_is_not_there(db: None, actor: ActorFor) -> None:
    own, sibling = actor("street_officer", "420704001"), actor("street_officer", "420704002")
    with scoped(own, "test"):
        house = open_household(actor=own, now=NOW, head_id=registered(own).pk)
    with scoped(sibling, "test"):
        other = registered(sibling, identity="", living_region=GULOU)
        with pytest.raises(NotFound):
            join_household(actor=sibling, now=NOW, person_id=other.pk, household_id=house.pk, relation="spouse")


def test_contacts_that_do_not_fit_and_are_not_there_are_refused(everywhere: Actor) -> None:
    person = registered(everywhere)
    with pytest.raises(BadInput, match="不晚于开始"):
        add_contact(
            actor=everywhere, today=TODAY, person_id=person.pk, relation="son", part="contact", name="余强",
            phone="13900002080", until_date=TODAY,
        )  # fmt: skip
    with pytest.raises(NotFound):
        end_contact(actor=everywhere, today=TODAY, now=NOW, contact_id=person.pk, until_date=TODAY)


def test_a_split_of_several_keeps_their_relations(everywhere: Actor) -> None:
    people = [registered(everywhere, identity=number("19420318", place)) for place in (2, 4, 6)]
    act = {"actor": everywhere, "now": NOW}
    house = open_household(**act, head_id=people[0].pk)
    for person in people[1:]:
        join_household(**act, person_id=person.pk, household_id=house.pk, relation="sibling")
    new = split_household(**act, household_id=house.pk, head_id=people[1].pk, others={people[2].pk: "sibling"})
    relations = (
        Person.objects.filter(household=new).order_by("identity_tail").values_list("household_relation", flat=True)
    )
    assert sorted(relations) == ["self", "sibling"]


def test_who_has_no_living_place_yet_moves_to_the_first_one(everywhere: Actor) -> None:
    person = registered(everywhere, living_region="")
    move_person(**acting(everywhere), person_id=person.pk, place="living", area=GULOU, on_date=YESTERDAY)
    moved = Person.objects.get()
    assert (moved.region_code, moved.living_region, moved.registered_region) == (GULOU, GULOU, FENGHUANG)


def test_a_birth_cannot_be_mended_to_after_the_death(everywhere: Actor) -> None:
    person = registered(everywhere)
    record_death(**acting(everywhere), person_id=person.pk, on_date=date(2024, 2, 29), source="funeral")
    dead = Person.objects.get()
    mend = acting(everywhere, 2, person_id=dead.pk, version=dead.version)
    with pytest.raises(BadInput, match="晚于去世日期"):
        correct_person(**mend, changes={"birth_date": date(2024, 3, 1)})
    assert correct_person(**mend, changes={"birth_date": date(1940, 2, 29)}).birth_date == date(1940, 2, 29)


def test_who_stayed_behind_in_a_household_that_went_elsewhere_can_move(everywhere: Actor, actor: ActorFor) -> None:
    dead, mate = registered(everywhere), registered(everywhere, identity="", name="余强", phone="")
    house = open_household(actor=everywhere, now=NOW, head_id=mate.pk)
    join_household(actor=everywhere, now=NOW, person_id=dead.pk, household_id=house.pk, relation="spouse")
    record_death(**acting(everywhere, 1), person_id=dead.pk, on_date=TODAY, source="funeral")
    move_household(**acting(everywhere, 2), household_id=house.pk, area=HUARONG, address="", on_date=TODAY)
    officer = actor("district_officer", "420704")
    with scoped(officer, "test"):
        undo_death(**acting(officer, 3), person_id=dead.pk, reason="同名的人")
        move_person(**acting(officer, 4), person_id=dead.pk, place="living", area=GULOU, on_date=TODAY)
        assert Person.objects.get(pk=dead.pk).household_id is None


@pytest.mark.parametrize(
    ("events", "standing"), [((), "present"), (("died",), "present"), (("moved_out", "died"), "away")]
)
def test_a_death_that_came_with_the_register_can_be_undone(
    everywhere: Actor, events: tuple[str, ...], standing: str
) -> None:
    person = registered(everywhere)
    for hours, kind in enumerate(events, 1):  # as a register is loaded that was kept elsewhere before
        LifeEvent.objects.create(
            region_code=person.region_code, person=person, kind=kind, on_date=YESTERDAY, recorded_at=later(hours)
        )
    Person.objects.filter(pk=person.pk).update(standing="dead", death_date=YESTERDAY)
    undo_death(**acting(everywhere, 5), person_id=person.pk, reason="同名的人")
    found = Person.objects.get(pk=person.pk)
    assert (found.standing, found.death_date) == (standing, None)
    with pytest.raises(Conflict, match="没有登记过去世"):
        undo_death(**acting(everywhere, 6), person_id=person.pk, reason="同名的人")
