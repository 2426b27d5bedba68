"""A file goes from one district to another: one asks, the other answers, and neither sees what is not its own."""

from __future__ import annotations

from typing import Any

import pytest

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.models import StoredEvent
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.people.models import LifeEvent, NameGram, Person, Sheet, Transfer
from songhe.people.operations.moving import move_out, move_person
from songhe.people.operations.rehoming import kept_with_person
from songhe.people.operations.transferring import answer_transfer, propose_transfer, request_transfer, withdraw_transfer
from songhe.people.states import transferred_to
from songhe.people.terms import TransferState
from tests.people.register import FENGHUANG, GULOU, HUARONG, TODAY, later, number, registered
from tests.platform_fixtures import ActorFor

pytestmark = pytest.mark.covers("NET-02")


@pytest.fixture
def giver(db: None, actor: ActorFor) -> Actor:
    return actor("district_officer", "420704", name="何俊")


@pytest.fixture
def receiver(db: None, actor: ActorFor) -> Actor:
    return actor("district_officer", "420703", name="周敏")


@pytest.fixture
def person(giver: Actor) -> Person:
    with scoped(giver, "test"):
        return registered(giver)


def proposed(giver: Actor, person: Person, hours: int = 1) -> Transfer:
    with scoped(giver, "test"):
        return propose_transfer(
            actor=giver, now=later(hours), person_id=person.pk, to_region="420703", reason="随女儿住到华容"
        )


def answered(actor: Actor, accepted: bool, **more: Any) -> Transfer:
    with scoped(actor, "test"):
        mine = Transfer.objects.get(state="proposed")
        return answer_transfer(actor=actor, today=TODAY, now=later(2), transfer_id=mine.pk, accepted=accepted, **more)


def test_an_offered_file_goes_over_with_everything_when_the_receiver_says_yes(
    giver: Actor, receiver: Actor, person: Person
) -> None:
    proposed(giver, person)
    with scoped(receiver, "test"):
        row = Transfer.objects.get()
        assert (row.side, row.name, row.birth_date, row.from_region) == (
            "receiving",
            "李桂芳",
            person.birth_date,
            FENGHUANG,
        )
        assert not Person.objects.exists()
    done = answered(receiver, True, area=HUARONG, address="华容街3号")
    assert (done.state, done.answerer) == ("accepted", "周敏")
    with scoped(receiver, "test"):
        moved = Person.objects.get()
        assert (moved.pk, moved.region_code, moved.living_region, moved.address) == (
            person.pk, HUARONG, HUARONG, "华容街3号",
        )  # fmt: skip
        event = LifeEvent.objects.get(kind="transferred")
        assert (event.recorder, event.detail["from"], event.detail["to"]) == ("周敏", FENGHUANG, HUARONG)
        assert Sheet.objects.get().residence_region == HUARONG
        assert "华容" in NameGram.objects.values_list("gram", flat=True)
    with scoped(giver, "test"):
        assert not [model for model in kept_with_person() if model.objects.exists()]
        assert Transfer.objects.get().state == "accepted"
    with scoped(Actor.system("测试", ""), "test"):
        assert StoredEvent.objects.filter(name__endswith="PersonTransferred").get().body["to_region"] == HUARONG


def test_a_no_needs_a_reason_and_leaves_the_file(giver: Actor, receiver: Actor, person: Person) -> None:
    proposed(giver, person)
    with pytest.raises(BadInput, match="答复"):
        answered(receiver, False)
    answered(receiver, False, answer="人没有来住")
    with scoped(giver, "test"):
        assert Person.objects.get().region_code == FENGHUANG
        assert Transfer.objects.get().answer == "人没有来住"
    proposed(giver, person, 5)  # and it can be asked again


def test_a_requested_file_shows_nothing_until_the_giver_agrees(giver: Actor, receiver: Actor, person: Person) -> None:
    with scoped(receiver, "test"):
        asked = request_transfer(
            actor=receiver, now=later(1), identity=number(), area=HUARONG, address="华容街3号", reason="住在这里"
        )
        assert (asked.name, asked.birth_date, asked.from_region, asked.side) == ("", None, "", "receiving")
    with pytest.raises(Conflict, match="对方"):
        answered(receiver, True)
    answered(giver, True)
    with scoped(receiver, "test"):
        assert Person.objects.get().address == "华容街3号"


def test_what_was_asked_can_be_taken_back_by_who_asked(giver: Actor, receiver: Actor, person: Person) -> None:
    mine = proposed(giver, person)
    with scoped(receiver, "test"):
        theirs = Transfer.objects.get()
        with pytest.raises(Conflict, match="提出的一方"):
            withdraw_transfer(actor=receiver, now=later(2), transfer_id=theirs.pk)
        with pytest.raises(NotFound):
            withdraw_transfer(actor=receiver, now=later(2), transfer_id=mine.pk)
    with scoped(giver, "test"):
        withdraw_transfer(actor=giver, now=later(2), transfer_id=mine.pk)
        with pytest.raises(Conflict, match="不能再改"):
            withdraw_transfer(actor=giver, now=later(3), transfer_id=mine.pk)
    with scoped(receiver, "test"), pytest.raises(Conflict, match="已撤回"):
        answer_transfer(actor=receiver, today=TODAY, now=later(4), transfer_id=theirs.pk, accepted=True, area=HUARONG)


def test_what_cannot_be_asked_is_refused(giver: Actor, receiver: Actor, person: Person, actor: ActorFor) -> None:
    worker = actor("community_worker", FENGHUANG)
    with scoped(worker, "test"), pytest.raises(Refused, match="别的区"):
        propose_transfer(actor=worker, now=later(1), person_id=person.pk, to_region="420703", reason="搬家")
    with scoped(giver, "test"), pytest.raises(BadInput, match="别的区县"):
        propose_transfer(actor=giver, now=later(1), person_id=person.pk, to_region=GULOU, reason="搬家")
    with scoped(giver, "test"), pytest.raises(Conflict, match="就在您管的地方"):
        request_transfer(actor=giver, now=later(1), identity=number(), area=GULOU, reason="搬家")
    with scoped(receiver, "test"), pytest.raises(NotFound):
        propose_transfer(actor=receiver, now=later(1), person_id=person.pk, to_region="420702", reason="搬家")
    with scoped(receiver, "test"), pytest.raises(NotFound):
        request_transfer(actor=receiver, now=later(1), identity=number("19300101"), area=HUARONG, reason="住在这里")
    with scoped(receiver, "test"), pytest.raises(BadInput, match="居住地"):
        request_transfer(actor=receiver, now=later(1), identity=number(), area="", reason="住在这里")
    proposed(giver, person)
    with pytest.raises(Conflict, match="正在转区"):
        proposed(giver, person)
    with pytest.raises(NotFound):
        answered(receiver, True, area=GULOU)


@pytest.mark.parametrize("state", TransferState)
def test_only_an_open_transfer_can_change(state: TransferState) -> None:
    if state == TransferState.PROPOSED:
        assert transferred_to(state, TransferState.ACCEPTED) == "accepted"
    else:
        with pytest.raises(Conflict):
            transferred_to(state, TransferState.ACCEPTED)


def test_all_tables_with_rows_of_a_person_move_along() -> None:
    assert {model._meta.db_table for model in kept_with_person()} >= {
        "people_gram", "people_residence", "people_contact", "people_circumstance", "people_lifeevent", "people_sheet",
    }  # fmt: skip


def test_who_had_moved_away_is_at_home_again_where_the_file_goes(giver: Actor, receiver: Actor, person: Person) -> None:
    with scoped(giver, "test"):
        move_out(actor=giver, today=TODAY, now=later(1), person_id=person.pk, on_date=TODAY, destination="420703")
    proposed(giver, person)
    answered(receiver, True, area=HUARONG)
    with scoped(receiver, "test"):
        assert Person.objects.get().standing == "present"


def test_who_takes_an_offered_file_says_in_which_community_the_person_lives(
    giver: Actor, receiver: Actor, person: Person
) -> None:
    proposed(giver, person)
    for area in ("", "420703"):
        with pytest.raises(BadInput, match="居住地"):
            answered(receiver, True, area=area)


def test_a_file_that_went_elsewhere_meanwhile_is_not_given_away_by_where_it_was(
    giver: Actor, person: Person, actor: ActorFor
) -> None:
    far, city = actor("district_officer", "150602", name="乌兰"), actor("city_officer", "420700")
    with scoped(far, "test"):
        request_transfer(actor=far, now=later(1), identity=number(), area="150602001001", reason="搬来了")
    with scoped(city, "test"):
        move_person(
            actor=city, today=TODAY, now=later(2), person_id=person.pk, place="living", area=HUARONG, on_date=TODAY
        )
    with pytest.raises(Conflict, match="不在原来的区县"):
        answered(giver, True)
    with scoped(city, "test"):
        assert Person.objects.get().region_code == HUARONG
