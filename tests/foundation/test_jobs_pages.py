"""The pages of work in the background."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry, Kind
from songhe.foundation.jobs import start
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.running import run_in_place
from songhe.foundation.jobs.states import JobState
from songhe.foundation.notices.queries import unread_count
from tests.foundation import job_handlers
from tests.platform_fixtures import ClientFor

JOBS = reverse("jobs")


def acting(client: Client, region: str = "420704", actions: frozenset[str] = frozenset()) -> Actor:
    account = client.account  # type: ignore[attr-defined]
    return Actor(account.pk, account.name, region, actions)


def started(client: Client, **fields: object) -> Job:
    return start(acting(client), "test.count", {"upto": 3}, str(fields.get("title", "数到三")), now=timezone.now())


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_empty_list_says_what_will_come(client_as: ClientFor) -> None:
    assert "可以先离开" in text(client_as("district_officer", "420704000000"), JOBS)


def test_a_running_job_asks_again_and_an_ended_one_does_not(client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    job = started(client)
    part = reverse("job-progress", args=[job.pk])
    for address in (JOBS, reverse("job", args=[job.pk]), part):
        page = text(client, address)
        assert f'hx-get="{part}"' in page and "排队" in page
    run_in_place(job)
    page = text(client, part)
    assert "hx-get" not in page and "完成" in page and "数到" in page
    assert unread_count(acting(client).account_id) == 1


def test_a_failed_job_shows_its_words_or_its_code(client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    refused = start(acting(client), "test.refused", {}, "坏文件")
    broken = start(acting(client), "test.broken", {}, "坏程序")
    run_in_place(refused)
    ended = run_in_place(broken)
    assert "出生日期写错了" in text(client, reverse("job", args=[refused.pk]))
    page = text(client, reverse("job", args=[broken.pk]))
    assert f"编号{ended.error_code}" in page and job_handlers.KEY not in page


def test_a_result_link_leads_into_songhe_only(client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    job = started(client)
    run_in_place(job)
    for link, shown in (("/people/", True), ("//evil.example/", False), ("javascript:alert(1)", False)):
        with scoped(acting(client), "test"):
            Job.objects.update(result={"link": link})
        assert ("看结果" in text(client, reverse("job", args=[job.pk]))) is shown


def test_stopping_asks_first_and_names_the_work(client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    job = started(client, title="导入残联名册")
    page = text(client, reverse("job", args=[job.pk]) + "?stop=1")
    assert "停掉“导入残联名册”？" in page
    stop = reverse("job-stop", args=[job.pk])
    assert client.get(stop).status_code == 405
    assert "停了" in client.post(stop, follow=True).content.decode()
    with scoped(acting(client), "test"):
        assert Job.objects.get().state == JobState.CANCELLED
    assert "已经停了" in client.post(stop, follow=True).content.decode()


def test_a_running_job_that_is_to_stop_says_so(client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    job = started(client)
    with scoped(acting(client), "test"):
        Job.objects.update(state=JobState.RUNNING)
    assert "正在停" in client.post(reverse("job-stop", args=[job.pk]), follow=True).content.decode()
    page = text(client, reverse("job", args=[job.pk]))
    assert "正在停，做过的会退回" in page and "?stop=1" not in page


@pytest.mark.covers("NET-02")
def test_others_work_is_hidden_refused_or_shown(client_as: ClientFor) -> None:
    owner = client_as("district_officer", "420704000000", login="owner")
    job = started(owner, title="别人的导出")
    page = reverse("job", args=[job.pk])
    colleague = client_as("community_worker", "420704000000", login="colleague")
    assert "别人的导出" not in text(colleague, JOBS + "?whose=all")
    text(colleague, page, 403)
    assert colleague.post(reverse("job-stop", args=[job.pk])).status_code == 403
    leader = client_as("city_officer", "420700000000", login="leader")
    assert "别人的导出" not in text(leader, JOBS)
    assert "别人的导出" in text(leader, JOBS + "?whose=all")
    assert "停掉" not in text(leader, page)
    sibling = client_as("district_officer", "420703000000", login="sibling")
    text(sibling, page, 404)
    assert "别人的导出" not in text(sibling, JOBS + "?whose=all")


def test_the_list_is_filtered_and_paged(client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    for number in range(32):
        started(client, title=f"第{number}项")
    first = text(client, JOBS)
    assert "第31项" in first and "第1项" not in first.split("<tbody>")[1] and "共32项" in first
    after = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text(client, JOBS + after)
    assert "第1项" in second.split("<tbody>")[1]
    assert "没有这样的" in text(client, JOBS + "?state=failed")
    assert "第31项" in text(client, JOBS + "?state=nonsense&kind=test.count")
    assert "第31项" in text(client, JOBS + "?after=nonsense").split("<tbody>")[1]


def test_who_is_not_signed_in_is_sent_to_sign_in(db: None) -> None:
    assert Client().get(JOBS).status_code == 302


def test_the_list_is_sorted_by_a_head_and_goes_back_as_it_came(client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    for number in range(32):
        started(client, title=f"第{number}项")
    oldest = text(client, JOBS + "?whose=mine&sort=at")
    assert 'aria-sort="ascending"' in oldest and "第0项" in oldest.split("<tbody>")[1]
    after = oldest.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text(client, JOBS + after)
    before = second.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert (
        text(client, JOBS + before).split("<tbody>")[1].split("</tbody>")[0]
        == (oldest.split("<tbody>")[1].split("</tbody>")[0])
    )


def test_the_list_leaves_as_a_file_and_that_is_written_down(client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    run_in_place(started(client))
    started(client, title="别的")
    answer = client.post(reverse("jobs-export"), {"within": "whose=mine&state=done", "kind": "csv"})
    lines = answer.content.decode().splitlines()
    assert len(lines) == 2 and lines[1].startswith("数到三,完成,")
    with scoped(Actor.system("测试", ""), "test"):
        assert Entry.objects.get(action="jobs.export", kind=Kind.EXPORT).row_count == 1
