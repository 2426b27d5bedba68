"""Tasks: owner, region, due date, and an outcome before they close."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.tasks import close_about, close_task, declare_kind, hand_over, open_task, reopen, take
from songhe.foundation.tasks.models import NOTE_LENGTH, Task
from songhe.foundation.tasks.queries import (
    ALL as ALL_TASKS,
)
from songhe.foundation.tasks.queries import (
    CLOSED,
    FREE,
    LATER,
    OVERDUE,
    TODAY,
    Filters,
    count_of,
    due_counts,
    due_split,
    kind_split,
    mine_today,
    open_about,
    page_of,
    possible_owners,
    task_of,
)
from songhe.foundation.tasks.states import TRANSITIONS, TaskState
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from tests.foundation import task_kinds
from tests.platform_fixtures import TODAY as DAY

NOW = timezone.now()
FENGHUANG, HUARONG = "420704001002", "420703100209"
Acting = Callable[..., Actor]


@pytest.fixture
def acting(account_for: Callable[..., Account]) -> Acting:
    """An actor with an account."""

    def make(role: str = "street_officer", region: str = "420704001000", **fields: Any) -> Actor:
        found = actor_of(account_for(role, region, **fields), DAY)
        assert found is not None
        return found

    return make


def opened(actor: Actor, **fields: Any) -> Task:
    given = {"kind": "test.visit", "title": "看看", "region": FENGHUANG, "due_date": DAY, "now": NOW} | fields
    return open_task(actor=actor, **given)


@pytest.mark.parametrize(("old", "new"), list(itertools.product(TaskState, TaskState)))
def test_states_move_only_along_the_table(acting: Acting, old: TaskState, new: TaskState) -> None:
    worker = acting()
    closed = {"outcome": "done", "closed_at": NOW}
    with scoped(worker, "test"):
        task = Task.objects.create(
            kind="test.visit", title="看看", region_code=FENGHUANG, due_date=DAY, opened_at=NOW, state=old,
            owner_id=worker.account_id, **(closed if old == TaskState.CLOSED else {}),
        )  # fmt: skip
        fields = closed if new == TaskState.CLOSED else {"outcome": "", "closed_at": None}
        if new in TRANSITIONS[old]:
            task.move(new, **fields)
        else:
            with pytest.raises(Conflict):
                task.move(new, **fields)


def test_no_task_closes_without_an_outcome_of_its_kind(acting: Acting) -> None:
    worker = acting()
    task = opened(worker)
    for outcome in ("", "yes", "什么"):
        with pytest.raises(BadInput, match="看过了、没人在家"):
            close_task(actor=worker, task=task.pk, outcome=outcome, now=NOW)
    with pytest.raises(BadInput, match="最多"):
        close_task(actor=worker, task=task, outcome="done", note="字" * (NOTE_LENGTH + 1), now=NOW)
    done = close_task(actor=worker, task=task, outcome="away", note="明天再去", now=NOW)
    assert (done.state, done.outcome, done.closed_by_id) == (TaskState.CLOSED, "away", worker.account_id)
    with pytest.raises(Conflict):
        close_task(actor=worker, task=task, outcome="done", now=NOW)


def test_the_database_too_keeps_closing_and_outcome_together(acting: Acting) -> None:
    task = opened(acting())
    with scoped(acting("city_officer", "420700000000"), "test"):
        for fields in ({"state": "closed", "closed_at": NOW}, {"outcome": "done"}, {"state": "taken"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Task.objects.filter(pk=task.pk).update(**fields)


def test_a_kind_without_outcomes_or_declared_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="outcomes"):
        declare_kind("test.empty", "没有结果的", {})
    with pytest.raises(ValueError, match="twice"):
        declare_kind("test.visit", "别的话", {"done": "好"})
    assert declare_kind("test.visit", "上门看看", {"done": "看过了", "away": "没人在家"}) == task_kinds.VISIT


def test_an_unknown_kind_is_refused(acting: Acting) -> None:
    with pytest.raises(NotFound, match="没有这类"):
        opened(acting(), kind="没有这类")


def test_one_task_of_a_kind_is_open_about_a_subject(acting: Acting) -> None:
    worker, subject = acting(), uuid.uuid4()
    first = opened(worker, subject=subject)
    assert opened(worker, subject=subject).pk == first.pk
    with scoped(worker, "test"):
        assert [task.pk for task in open_about(subject, "test.visit")] == [first.pk]
    close_task(actor=worker, task=first, outcome="done", now=NOW)
    assert opened(worker, subject=subject).pk != first.pk


def test_a_task_lies_in_the_actors_region_and_is_seen_there_only(acting: Acting) -> None:
    worker = acting()
    with pytest.raises(NotFound):
        opened(worker, region=HUARONG)
    task = opened(worker)
    assert task.region_code == FENGHUANG
    sibling = acting("district_officer", "420703000000")
    with scoped(sibling, "test"):
        with pytest.raises(NotFound):
            task_of(sibling, task.pk)
        with pytest.raises(NotFound):
            close_task(actor=sibling, task=task.pk, outcome="done", now=NOW)
        assert take(actor=sibling, tasks=[task.pk]) == 0


def test_who_takes_a_task_has_it(acting: Acting) -> None:
    first, second = acting(), acting("community_worker", FENGHUANG)
    task = opened(first)
    assert take(actor=first, tasks=[task.pk]) == 1
    assert take(actor=second, tasks=[task.pk]) == 0
    with pytest.raises(Refused, match="交给"):
        close_task(actor=second, task=task, outcome="done", now=NOW)
    assert close_task(actor=first, task=task, outcome="done", now=NOW).outcome == "done"


def test_a_leader_closes_what_somebody_else_has(acting: Acting) -> None:
    worker, leader = acting("community_worker", FENGHUANG), acting()
    task = opened(worker)
    take(actor=worker, tasks=[task.pk])
    assert close_task(actor=leader, task=task, outcome="done", now=NOW).closed_by_id == leader.account_id


def test_a_kind_may_ask_for_an_action_of_its_own(acting: Acting) -> None:
    officer, leader = acting("district_officer", "420704000000"), acting("district_leader", "420704000000")
    task = opened(officer, kind="test.approve")
    with pytest.raises(Refused, match="审批导入"):
        close_task(actor=officer, task=task, outcome="yes", now=NOW)
    with pytest.raises(Refused, match="审批导入"):
        take(actor=officer, tasks=[task.pk])
    assert close_task(actor=leader, task=task, outcome="yes", now=NOW).outcome == "yes"


def test_who_may_not_do_tasks_may_not_take_them(acting: Acting) -> None:
    with pytest.raises(Refused):
        take(actor=acting("auditor"), tasks=[])


def test_tasks_are_handed_over_to_who_may_do_them_there(acting: Acting, account_for: Callable[..., Account]) -> None:
    leader, worker = acting(), acting("community_worker", FENGHUANG)
    colleague = account_for("community_worker", FENGHUANG, login="colleague", name="陈静")
    stranger = account_for("community_worker", HUARONG, name="外区的人")
    task = opened(leader)
    take(actor=worker, tasks=[task.pk])
    with pytest.raises(Refused, match="外区的人"):
        hand_over(actor=leader, tasks=[task.pk], owner=stranger, today=DAY)
    assert hand_over(actor=worker, tasks=[task.pk], owner=colleague, today=DAY) == 1
    with pytest.raises(Refused, match="交给别人"):
        hand_over(actor=worker, tasks=[task.pk], owner=colleague, today=DAY)
    assert hand_over(actor=leader, tasks=[task.pk], owner=colleague, today=DAY) == 1
    names = {account.name for account in possible_owners(leader, DAY)}
    assert "陈静" in names and "外区的人" not in names


def test_closing_is_taken_back_within_a_day_by_who_closed(acting: Acting) -> None:
    worker, other = acting(), acting("community_worker", FENGHUANG)
    task = opened(worker, subject=uuid.uuid4())
    with pytest.raises(Conflict):
        reopen(actor=worker, task=task, now=NOW)
    close_task(actor=worker, task=task, outcome="done", note="好", now=NOW)
    with pytest.raises(Refused, match="只有"):
        reopen(actor=other, task=task, now=NOW)
    with pytest.raises(Refused, match="1天"):
        reopen(actor=worker, task=task, now=NOW + timedelta(days=1, seconds=1))
    again = reopen(actor=worker, task=task, now=NOW + timedelta(days=1))
    assert (again.state, again.outcome, again.note, again.closed_at) == (TaskState.TAKEN, "", "", None)


def test_closing_is_not_taken_back_when_another_is_open(acting: Acting) -> None:
    worker, subject = acting(), uuid.uuid4()
    task = opened(worker, subject=subject)
    close_task(actor=worker, task=task, outcome="done", now=NOW)
    opened(worker, subject=subject)
    with pytest.raises(Conflict, match="另有一件"):
        reopen(actor=worker, task=task, now=NOW)


def test_a_deed_done_elsewhere_closes_the_task(acting: Acting) -> None:
    worker, subject = acting(), uuid.uuid4()
    opened(worker, subject=subject)
    close = {"kind": "test.visit", "subject": subject, "outcome": "done", "now": NOW}
    assert close_about(actor=Actor.system("合并", "420704"), **close) == 1
    assert close_about(actor=Actor.system("合并", "420704"), **close) == 0


@pytest.mark.covers("NET-05")
def test_lists_split_by_when_and_kind_and_whose(acting: Acting) -> None:
    worker, other = acting(), acting("community_worker", FENGHUANG)
    days = {"过期": DAY - timedelta(days=3), "今天": DAY, "以后": DAY + timedelta(days=9)}
    tasks = {words: opened(worker, title=words, due_date=day) for words, day in days.items()}
    opened(worker, kind="test.approve", title="审批", due_date=DAY)
    take(actor=other, tasks=[tasks["以后"].pk])
    with scoped(worker, "test"):
        counts = due_counts(worker, DAY)
        assert (counts.overdue, counts.today) == (1, 1)  # nobody here may approve; what is due later does not wait
        assert mine_today(worker, DAY)[0].title == "过期"
        every = Filters(whose=ALL_TASKS)
        assert due_split(worker, every, DAY) == {OVERDUE: 1, TODAY: 2, LATER: 1}
        assert [(kind.code, n) for kind, n in kind_split(worker, every, DAY)] == [
            ("test.approve", 1),
            ("test.visit", 3),
        ]
        assert count_of(worker, Filters(whose=FREE, kind="test.visit"), DAY) == 2
        assert count_of(worker, Filters(whose=ALL_TASKS, due=LATER), DAY) == 1
        assert count_of(worker, Filters(whose=ALL_TASKS, owner=str(other.account_id)), DAY) == 1
        assert count_of(worker, Filters(whose=ALL_TASKS, region="420704001000"), DAY) == 4
        assert count_of(worker, Filters(whose=ALL_TASKS, region="420704002000"), DAY) == 0
    close_task(actor=worker, task=tasks["今天"], outcome="done", now=NOW)
    with scoped(worker, "test"):
        assert [task.title for task in page_of(worker, Filters(whose=CLOSED), DAY).tasks] == ["今天"]


@pytest.mark.parametrize("whose", [ALL_TASKS, CLOSED])
def test_pages_follow_each_other_without_gap_or_repeat(acting: Acting, whose: str) -> None:
    worker = acting()
    for number in range(7):
        task = opened(worker, title=str(number), due_date=DAY + timedelta(days=number // 3))
        if whose == CLOSED:
            close_task(actor=worker, task=task, outcome="done", now=NOW + timedelta(seconds=number // 2))
    seen: list[str] = []
    after = ""
    with scoped(worker, "test"):
        while True:
            page = page_of(worker, Filters(whose=whose, after=after), DAY, rows=3)
            seen += [task.title for task in page.tasks]
            after = page.after
            if not after:
                break
        whole = page_of(worker, Filters(whose=whose), DAY).tasks
    assert seen == [task.title for task in whole] and len(seen) == 7


@pytest.mark.parametrize("after", ["x", "2026-11-18~x", "x~00000000-0000-0000-0000-000000000000"])
def test_a_page_key_that_makes_no_sense_is_refused(acting: Acting, after: str) -> None:
    with pytest.raises(BadInput):
        page_of(acting(), Filters(after=after), DAY)


def test_every_deed_leaves_an_entry(acting: Acting, account_for: Callable[..., Account]) -> None:
    worker = acting()
    task = opened(worker)
    take(actor=worker, tasks=[task.pk])
    hand_over(actor=worker, tasks=[task.pk], owner=account_for("street_officer", login="next"), today=DAY)
    close_task(actor=worker, task=task, outcome="done", now=NOW)
    reopen(actor=worker, task=task, now=NOW)
    with scoped(worker, "test"):
        entries = Entry.objects.filter(subject=str(task.pk)).order_by("id")
        assert [entry.action for entry in entries] == ["tasks.take", "tasks.hand_over", "tasks.close", "tasks.reopen"]
        assert {entry.region_code for entry in entries} == {FENGHUANG}
