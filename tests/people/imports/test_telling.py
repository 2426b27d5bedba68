"""Whom a list is told to: the task of who may approve it, the messages to who sent it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import run_queued
from songhe.foundation.notices.models import Notice
from songhe.foundation.tasks.models import Task
from songhe.people.imports.operations.approving import approve, propose, send_back, undo
from songhe.people.imports.operations.handing_in import abandon
from songhe.people.imports.states import BatchState
from songhe.people.models import Circumstance, Person
from tests.people.imports.conftest import Desk
from tests.people.imports.register import NOW, fact, number, person, sheets

HEADER = ("姓名", "证件号", "残疾类别", "残疾等级")
ROWS = [("李桂芳", number(1), "肢体", "三级")]


@pytest.fixture
def somebody(desk: Desk) -> None:
    with scoped(Actor.system("测试", ""), "test"):
        person(1, "李桂芳")
        sheets()


def task() -> tuple[str, str, str]:
    with scoped(Actor.system("测试", ""), "test"):
        found = Task.objects.get(kind="people.import.approve")
        return str(found.title), str(found.state), str(found.outcome)


def told(who: Actor) -> list[tuple[str, str]]:
    """What was said of the list itself; jobs tell who started them by themselves."""
    said = Notice.objects.filter(account=who.account_id).exclude(title__contains="：")
    return sorted(said.values_list("title", "text"), reverse=True)


def test_an_approved_list_closes_the_task_and_its_officer_hears_of_it_and_of_its_end(
    desk: Desk, somebody: None
) -> None:
    batch = desk.stage(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        proposed = propose(actor=desk.officer, batch_id=batch.pk, now=NOW)
    assert task() == ("残联持证名册等审批", "open", "")
    with scoped(desk.leader, "test"):
        approve(actor=desk.leader, batch_id=batch.pk, list_hash=proposed.list_hash, now=NOW)
    assert task() == ("残联持证名册等审批", "closed", "approved")
    run_queued()
    assert told(desk.officer) == [("残联持证名册批准了，已写入", "周敏批的，写入事实2条")]
    with scoped(desk.leader, "test"):
        undo(actor=desk.leader, batch_id=batch.pk, reason="名册发错了", now=NOW)
    run_queued()
    assert told(desk.officer)[:-1] == [("残联持证名册撤回了", "周敏撤回的：名册发错了")]
    assert told(desk.leader) == []
    assert set(Notice.objects.values_list("link", flat=True)) >= {reverse("import", args=[batch.pk])}


def test_a_list_that_is_sent_back_or_not_written_is_told_to_its_officer(desk: Desk, somebody: None) -> None:
    batch = desk.stage(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        propose(actor=desk.officer, batch_id=batch.pk, now=NOW)
    with scoped(desk.leader, "test"):
        send_back(actor=desk.leader, batch_id=batch.pk, reason="再核对一下", now=NOW)
    assert task()[1:] == ("closed", "sent_back")
    assert told(desk.officer) == [("残联持证名册退回了", "周敏：再核对一下")]
    with scoped(desk.officer, "test"):
        proposed = propose(actor=desk.officer, batch_id=batch.pk, now=NOW)
    with scoped(desk.leader, "test"):
        approve(actor=desk.leader, batch_id=batch.pk, list_hash=proposed.list_hash, now=NOW)
    with scoped(Actor.system("测试", ""), "test"):
        fact(Person.objects.get(), "disability_level", "1", "disabled_federation")
    run_queued()
    assert desk.again(batch).state == BatchState.COMPARED
    assert told(desk.officer)[1:] == [("残联持证名册没有写入", "比对以后，有1人的记录变了，请重新比对")]
    with scoped(Actor.system("测试", ""), "test"):
        assert Circumstance.objects.filter(batch=batch.pk).count() == 0


def test_a_list_given_up_asks_for_no_approval(desk: Desk, somebody: None) -> None:
    batch = desk.stage(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        propose(actor=desk.officer, batch_id=batch.pk, now=NOW)
        abandon(actor=desk.officer, batch_id=batch.pk, now=NOW)
    assert task()[1:] == ("closed", "given_up")


def test_the_task_is_shown_to_who_may_approve_and_leads_to_the_list(
    desk: Desk, somebody: None, client_as: Callable[..., Client]
) -> None:
    batch = desk.stage(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        propose(actor=desk.officer, batch_id=batch.pk, now=NOW)
    page: Any = client_as("district_leader", "420704", login="second-leader").get(reverse("tasks")).content.decode()
    assert "残联持证名册等审批" in page
    assert "残联持证名册等审批" not in client_as("street_officer", "420704001").get(reverse("tasks")).content.decode()


def test_a_list_that_says_nothing_new_can_only_be_closed(
    desk: Desk, somebody: None, client_as: Callable[..., Client]
) -> None:
    desk.write(HEADER, ROWS)
    same = desk.stage(HEADER, [*ROWS, ("姓名", "证件号", "残疾类别", "残疾等级")])
    client = client_as("district_officer", "420704", login="second-officer")
    page = client.get(reverse("import", args=[same.pk])).content.decode()
    assert "没有要写入的：名册说的，档案里都有了" in page and "关掉这批" in page
    assert reverse("import-propose", args=[same.pk]) not in page
    assert "是表头，不是人" in page and "重复的表头行可以删掉" in page
