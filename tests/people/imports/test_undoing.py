"""What keeps a list from being taken back, and that counts follow what a list opens and closes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import run_queued
from songhe.foundation.outbox.delivering import deliver
from songhe.foundation.outbox.models import StoredEvent
from songhe.kernel.errors import Conflict, Refused
from songhe.people.counts import recount
from songhe.people.imports.models import Batch
from songhe.people.imports.operations.approving import undo
from songhe.people.imports.states import BatchState
from songhe.people.models import CommunityCount, Household, Person, Transfer
from songhe.people.operations.housing import open_household
from songhe.people.operations.rehoming import rehome
from songhe.people.operations.transferring import propose_transfer
from tests.people.imports.conftest import Desk
from tests.people.imports.register import BINHU, HUARONG, NOW, TODAY, WUDU, number, person, sheets
from tests.platform_fixtures import ClientFor

EVERYBODY = Actor.system("测试", "")
LATER = NOW + timedelta(days=3650)  # the database has a clock of its own
CLERK = Actor(None, "何俊", "420704", frozenset({"people.write", "people.transfer"}))
REGISTER = ("姓名", "证件号", "区划代码", "户口性质")
NEW = [("王大山", number(7), BINHU, ""), ("李小河", number(9), WUDU, "")]


def take_back(desk: Desk, batch: Batch) -> Batch:
    with scoped(desk.leader, "test"):
        undo(actor=desk.leader, batch_id=batch.pk, reason="名册发错了", now=NOW)
    run_queued()
    return desk.again(batch)


def totals() -> dict[str, int]:
    with scoped(EVERYBODY, "test"):
        return dict(CommunityCount.objects.values_list("region_code", "total"))


@pytest.mark.covers("PER-03")
def test_communities_are_counted_anew_when_a_list_opens_files_and_when_it_is_taken_back(desk: Desk) -> None:
    with scoped(EVERYBODY, "test"):
        recount(today=TODAY, now=NOW)
    batch = desk.write(REGISTER, NEW, source="household_register")
    about_people = StoredEvent.objects.exclude(name__contains="tasks")  # approving opens and closes one besides
    assert list(about_people.values_list("region", flat=True)) == ["420704000000"]  # one for the whole list
    deliver(now=LATER)
    assert totals() == {BINHU: 1, WUDU: 1}
    assert take_back(desk, batch).state == BatchState.UNDONE
    deliver(now=LATER)
    assert totals() == {BINHU: 0, WUDU: 0}


def test_a_file_that_joined_a_household_or_waits_for_a_transfer_is_not_closed(desk: Desk) -> None:
    batch = desk.write(REGISTER, NEW, source="household_register")
    with scoped(CLERK, "test"):
        joined, leaving = (Person.objects.get(name=name) for name, *_ in NEW)
        open_household(actor=CLERK, now=NOW, head_id=joined.pk)
        propose_transfer(actor=CLERK, now=NOW, person_id=leaving.pk, to_region="420703", reason="随女儿住到华容")
    with pytest.raises(Refused, match="有2人的记录又改过"):
        take_back(desk, batch)
    with scoped(EVERYBODY, "test"):
        assert (Household.objects.count(), Transfer.objects.count()) == (1, 2)


def test_a_list_is_not_taken_back_in_part_when_somebody_went_to_another_district(desk: Desk) -> None:
    with scoped(EVERYBODY, "test"):
        gone = person(1, "李桂芳")
        person(2, "刘金凤")
        sheets()
    rows = [("李桂芳", number(1), "肢体", "三级"), ("刘金凤", number(2), "精神", "2")]
    batch = desk.write(("姓名", "证件号", "残疾类别", "残疾等级"), rows)
    with scoped(EVERYBODY, "test"):
        rehome(gone, HUARONG)
    with pytest.raises(Refused, match="转到了别的地方"):
        take_back(desk, batch)
    assert desk.again(batch).state == BatchState.APPLIED


def test_a_file_whose_registering_was_taken_back_says_so(desk: Desk, client_as: ClientFor) -> None:
    batch = desk.write(REGISTER, NEW, source="household_register")
    take_back(desk, batch)
    with scoped(CLERK, "test"):
        closed = Person.objects.get(name="王大山")
        with pytest.raises(Conflict, match="名册撤回了"):
            open_household(actor=CLERK, now=NOW, head_id=closed.pk)
    page = client_as("street_officer", "420704001").get(reverse("person", args=[closed.pk])).content.decode()
    assert "登记已撤回" in page and "更正：<" not in page and "撤回合并" not in page and "合并后的档案" not in page
