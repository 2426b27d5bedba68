"""The pages of tasks and of messages."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import run_queued
from songhe.foundation.notices import send, unread_count
from songhe.foundation.tasks import declare_kind, open_task, put_back, take
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.queries import NEWEST, PAGE_ROWS, Filters, due_counts, page_of
from songhe.foundation.tasks.states import TaskState
from songhe.foundation.views_kept.keeping import MOST_VIEWS
from songhe.foundation.views_kept.models import KeptView
from songhe.kernel.errors import Refused
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
    whom = str(worker.account.pk)  # type: ignore[attr-defined]
    asked = posted(leader, TASKS, do="hand_over", chosen=keys[1:], owner=whom)
    assert "把这2件都交给陈静" in asked and "第1件" in asked and "第2件" in asked
    with scoped(acting(leader), "test"):
        assert not Task.objects.filter(pk__in=keys[1:], owner=worker.account).exists()  # type: ignore[attr-defined]
    assert "交给陈静2件" in posted(leader, TASKS, do="hand_over", chosen=keys[1:], owner=whom, sure="1")
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


def test_a_list_is_kept_as_a_view_and_dropped(client_as: ClientFor) -> None:
    client = client_as("street_officer", "420704001000")
    opened(client, "过期的事", -3)
    narrowed = text(client, TASKS + "?whose=all&due=overdue")
    assert "存成新视图" in narrowed and "存成新视图" not in text(client, TASKS)
    query = "whose=all&due=overdue"
    assert "存好了" in posted(client, reverse("task-view-save"), name=" 急的 ", within=query)
    view = KeptView.objects.get()
    assert (view.name, view.query) == ("急的", query)
    page = text(client, TASKS + "?" + query)
    assert re.search(r'aria-current="page" ?>急的', page) and "删掉视图“急的”" in page
    assert "要1到20个字" in posted(client, reverse("task-view-save"), name=" ", within=query)
    for number in range(MOST_VIEWS):
        posted(client, reverse("task-view-save"), name=f"视图{number}", within=query)
    assert KeptView.objects.count() == MOST_VIEWS
    other = client_as("street_officer", "420704001000", login="other")
    drop = reverse("task-view-drop", args=[view.pk])
    assert "急的" not in text(other, TASKS) and other.post(drop).status_code == 404
    assert "视图删掉了" in posted(client, drop)
    assert not KeptView.objects.filter(pk=view.pk).exists()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_list_is_taken_along_as_a_file(client_as: ClientFor, settings: Any, tmp_path: Path, kind: str) -> None:
    settings.FILES = tmp_path
    client = client_as("street_officer", "420704001000")
    for title, days in (("过期的事", -3), ("=1+1", 2), ("以后的事", 40)):
        opened(client, title, days)
    page = posted(client, reverse("tasks-export"), kind=kind, within="whose=all&due=overdue&sort=newest")
    assert "导出待办" in page
    (job,) = run_queued()
    assert job.result["counts"] == {"件": 1}
    (job,) = (posted(client, reverse("tasks-export"), kind=kind, within="whose=all") and run_queued())[-1:]
    answer = client.get(job.result["link"])
    written = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    if kind == "csv":
        lines = written.decode("utf-8-sig").splitlines()
        assert len(lines) == 4 and lines[1].startswith("过期的事,上门看看") and "'=1+1" in lines[2]
    assert client_as("street_officer", "420704001000", login="other").get(job.result["link"]).status_code == 404


def test_the_newest_can_stand_first_and_pages_follow_each_other(client_as: ClientFor) -> None:
    client = client_as("street_officer", "420704001000")
    first = timezone.now() - timedelta(days=9)
    for number in range(PAGE_ROWS + 5):
        opened(client, f"第{number:03d}件", 1, now=first + timedelta(minutes=number))
    page = text(client, TASKS + "?sort=newest").split("<tbody>")[1]
    assert page.index(f"第{PAGE_ROWS + 4:03d}件") < page.index(f"第{PAGE_ROWS:03d}件") and "第000件" not in page
    with scoped(acting(client), "test"):
        key = page_of(acting(client), Filters(sort=NEWEST), timezone.localdate()).after
    after = Filters(sort=NEWEST).address(after=key)
    assert "第000件" in text(client, TASKS + after)


def test_a_task_is_put_back_for_others(client_as: ClientFor) -> None:
    client = client_as("street_officer", "420704001000")
    task = opened(client, "看一看", 0)
    page = reverse("task", args=[task.pk])
    assert "放回去" not in text(client, page)
    posted(client, page, do="take")
    assert "放回去了" in posted(client, page, do="put_back")
    with scoped(acting(client), "test"):
        found = Task.objects.get(pk=task.pk)
    assert (found.state, found.owner_id) == (TaskState.OPEN, None)
    worker = client_as("community_worker", FENGHUANG, login="worker")
    other = client_as("community_worker", FENGHUANG, login="another")
    take(actor=acting(worker), tasks=[task.pk])
    with pytest.raises(Refused):
        put_back(actor=acting(other), tasks=[task.pk])


@pytest.mark.parametrize(("days", "words"), [(-1, "过期1天"), (0, "今天到期"), (1, "还有1天"), (7, "还有7天")])
def test_when_a_task_is_due_is_said_in_words(client_as: ClientFor, days: int, words: str) -> None:
    client = client_as("street_officer", "420704001000")
    opened(client, "看一看", days)
    group = "过期" if days < 0 else "今天" if days == 0 else "7天内"
    page = text(client, TASKS)
    assert words in page and f'scope="rowgroup" colspan="7">{group}<' in page


def test_pages_say_whom_a_task_is_about_and_files_do_not(client_as: ClientFor, settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path
    client = client_as("street_officer", "420704001000")
    task = opened(client, "看一看", kind="test.named", subject=uuid.uuid4())
    assert "王秀英" in text(client, TASKS) and "王秀英" in text(client, reverse("task", args=[task.pk]))
    posted(client, reverse("tasks-export"), kind="csv", within="")
    (job,) = run_queued()
    written = b"".join(client.get(job.result["link"]).streaming_content)  # type: ignore[arg-type]
    assert "看一看" in written.decode() and "王秀英" not in written.decode()


def test_a_kind_counts_for_who_may_do_it_and_is_seen_by_who_has_to_do_with_it(client_as: ClientFor) -> None:
    officer = client_as("street_officer", "420704001000")
    opened(officer, "审批名册", kind="test.approve")
    leader = client_as("district_leader", "420704000000", login="leader")
    admin = client_as("security_admin", "420704001000", login="guard")
    for client, counts, sees in ((officer, 0, True), (leader, 1, True), (admin, 0, False)):
        with scoped(acting(client), "test"):
            assert due_counts(acting(client), timezone.localdate()).today == counts
        assert ("审批名册" in text(client, TASKS)) is bool(counts)  # one's own, and what one could take
        assert ("审批名册" in text(client, TASKS + "?whose=all")) is sees
