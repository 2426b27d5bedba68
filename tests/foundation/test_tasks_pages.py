"""The pages of tasks and of messages."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.foundation.notices import send, unread_count
from songhe.foundation.tasks import declare_kind, open_task, take
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.states import TaskState
from tests.foundation import task_kinds  # noqa: F401
from tests.platform_fixtures import ClientFor

TASKS, NOTICES = reverse("tasks"), reverse("notices")
FENGHUANG = "420704001002"
WITH_PAGE = declare_kind("test.page", "看导入", {"done": "看过了"}, page="job")


def acting(client: Client) -> Actor:
    found = actor_of(client.account, timezone.localdate())  # type: ignore[attr-defined]
    assert found is not None
    return found


def opened(client: Client, title: str, days: int = 0, **fields: Any) -> Task:
    given = {"kind": "test.visit", "region": FENGHUANG, "now": timezone.now()} | fields
    day = timezone.localdate() + timedelta(days=days)
    return open_task(actor=acting(client), title=title, due_date=day, **given)


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def posted(client: Client, address: str, **data: Any) -> str:
    return client.post(address, data, follow=True).content.decode()


@pytest.mark.covers("NET-05")
def test_the_list_has_the_overdue_first_and_says_since_when(client_as: ClientFor) -> None:
    client = client_as("street_officer", "420704001000")
    assert "没有等您办的事" in text(client, TASKS)
    for title, days in (("以后的事", 5), ("今天的事", 0), ("过期的事", -3)):
        opened(client, title, days)
    page = text(client, TASKS).split("<tbody>")[1]
    assert page.index("过期的事") < page.index("今天的事") < page.index("以后的事")
    assert "过期3天" in page
    narrowed = text(client, TASKS + "?due=overdue&kind=test.visit&region=420704001002")
    assert "过期的事" in narrowed and "今天的事" not in narrowed
    assert "没有这样的待办" in text(client, TASKS + "?kind=test.approve")
    text(client, TASKS + "?region=nonsense", 400)
    text(client, TASKS + "?whose=nonsense&due=nonsense")


def test_chosen_tasks_are_taken_and_handed_over_together(client_as: ClientFor) -> None:
    leader = client_as("street_officer", "420704001000", login="leader", name="刘强")
    worker = client_as("community_worker", FENGHUANG, login="worker", name="陈静")
    tasks = [opened(leader, f"第{number}件") for number in range(3)]
    take(actor=acting(worker), tasks=[tasks[0].pk])
    keys = [str(task.pk) for task in tasks]
    assert "没有选" in posted(leader, TASKS, do="take")
    assert "您接了2件，1件已经有人接了" in posted(leader, TASKS, do="take", chosen=keys)
    given = posted(leader, TASKS, do="hand_over", chosen=keys[1:], owner=str(worker.account.pk))  # type: ignore[attr-defined]
    assert "交给陈静2件" in given
    assert "选人" in posted(leader, TASKS, do="hand_over", chosen=keys[1:], owner=str(uuid.uuid4()))
    assert "读不懂" in posted(leader, TASKS, do="hand_over", chosen=keys[1:], owner="x")
    assert client_as("street_officer", "420704001000", login="third").post(TASKS, {"chosen": "x"}).status_code == 400
    with scoped(acting(leader), "test"):
        assert set(Task.objects.values_list("owner__name", flat=True)) == {"陈静"}


def test_one_task_is_taken_closed_with_an_outcome_and_opened_again(client_as: ClientFor) -> None:
    client = client_as("community_worker", FENGHUANG)
    task = opened(client, "上门看看")
    address = reverse("task", args=[task.pk])
    assert "我来办" in text(client, address)
    assert "您接了" in posted(client, address, do="take")
    answer = client.post(address, {"do": "close", "note": "写了一半"})
    assert answer.status_code == 400
    assert "写了一半" in answer.content.decode() and "办结要选一个结果" in answer.content.decode()
    page = posted(client, address, do="close", outcome="away", note="明天再去")
    assert "没人在家" in page and "明天再去" in page and "撤回办结" in page
    assert "没人在家" in text(client, TASKS + "?whose=closed")
    assert "在您手里" in posted(client, address, do="reopen")
    with scoped(acting(client), "test"):
        assert Task.objects.get().state == TaskState.TAKEN
    assert client.post(address, {"do": "nonsense"}).status_code == 400


def test_one_task_is_handed_over_on_its_page(client_as: ClientFor) -> None:
    leader = client_as("street_officer", "420704001000", login="leader", name="刘强")
    worker = client_as("community_worker", FENGHUANG, login="worker", name="陈静")
    address = reverse("task", args=[opened(leader, "上门看看").pk])
    assert "陈静" in text(leader, address)
    key = str(worker.account.pk)  # type: ignore[attr-defined]
    assert "交给陈静了" in posted(leader, address, do="hand_over", owner=key)
    assert "交给别人" in text(worker, address)


def test_a_long_list_is_paged_by_key(client_as: ClientFor) -> None:
    client = client_as("street_officer", "420704001000")
    for number in range(53):
        opened(client, f"第{number}件", days=number)
    first = text(client, TASKS + "?whose=all")
    after = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text(client, TASKS + after)
    assert "第49件" in first and "第50件" not in first
    assert "第49件" not in second and "第52件" in second


def test_a_task_with_a_page_is_done_there(client_as: ClientFor) -> None:
    client, subject = client_as("community_worker", FENGHUANG), uuid.uuid4()
    task = opened(client, "看导入", kind="test.page", subject=subject)
    address = reverse("task", args=[task.pk])
    page = text(client, address)
    assert reverse("job", args=[subject]) in page and "办结要" not in page and 'value="close"' not in page
    assert client.post(address, {"do": "close", "outcome": "done"}).status_code == 403
    without = reverse("task", args=[opened(client, "看导入", kind="test.page").pk])
    assert 'value="close"' in text(client, without)


def test_somebody_elses_task_can_be_seen_but_not_closed(client_as: ClientFor) -> None:
    owner = client_as("community_worker", FENGHUANG, login="owner", name="陈静")
    other = client_as("community_worker", FENGHUANG, login="other")
    task = opened(owner, "上门看看")
    take(actor=acting(owner), tasks=[task.pk])
    address = reverse("task", args=[task.pk])
    assert "在陈静手里" in text(other, address)
    assert other.post(address, {"do": "close", "outcome": "done"}).status_code == 403


@pytest.mark.covers("NET-02")
def test_tasks_of_a_sibling_are_not_there(client_as: ClientFor) -> None:
    owner = client_as("street_officer", "420704001000", login="owner")
    task = opened(owner, "凤凰的事")
    sibling = client_as("street_officer", "420704002000", login="sibling")
    assert "凤凰的事" not in text(sibling, TASKS + "?whose=all")
    text(sibling, reverse("task", args=[task.pk]), 404)
    assert sibling.post(reverse("task", args=[task.pk]), {"do": "take"}).status_code == 404
    text(client_as("auditor"), TASKS, 403)


def test_messages_are_listed_opened_and_marked(client_as: ClientFor) -> None:
    client = client_as("street_officer", "420704001000")
    account = client.account  # type: ignore[attr-defined]
    assert "还没有通知" in text(client, NOTICES)
    first, second = send([account], "名册等您审批", link=TASKS)[0], send([account], "明天停机")[0]
    page = text(client, NOTICES)
    assert "2条没读" in page and "名册等您审批" in page
    assert client.post(reverse("notice", args=[first.pk])).headers["Location"] == TASKS
    assert client.post(reverse("notice", args=[second.pk])).headers["Location"] == NOTICES
    send([account], "又一条")
    assert "都读过了" in posted(client, NOTICES)
    assert unread_count(account.pk) == 0
    stranger = client_as("street_officer", "420704002000")
    assert stranger.post(reverse("notice", args=[first.pk])).status_code == 404
    assert "名册等您审批" not in text(stranger, NOTICES)
