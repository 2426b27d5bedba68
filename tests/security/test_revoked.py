"""T17: whatever ends a right ends it with the next request: pages, parts of pages, downloads, progress, jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access import operations
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant, RoleAction
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import run_queued, start
from songhe.foundation.jobs.models import Job
from songhe.foundation.uploads.models import Upload
from songhe.foundation.uploads.operations import keep
from songhe.people import jobs
from tests.people.invented import registered

REGION = "420704"
MORNING = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
EVERYBODY = Actor.system("测试", "", ["access.accounts", "access.grant"])
Ending = Callable[[Account], None]


def grant_ends(account: Account) -> None:
    operations.end_grant(actor=EVERYBODY, grant=account.grants.get(), now=timezone.now())


def grant_runs_out(account: Account) -> None:
    Grant.objects.filter(account=account).update(until_date=timezone.localdate())


def grant_moves_away(account: Account) -> None:
    Grant.objects.filter(account=account).update(region="420703000000")


def account_is_closed(account: Account) -> None:
    operations.close_account(actor=EVERYBODY, account=account, reason="离职")


def password_is_reset(account: Account) -> None:
    operations.reset_password(actor=EVERYBODY, account=account)


def role_loses_actions(account: Account) -> None:
    RoleAction.objects.filter(role__grants__account=account).exclude(action="jobs.read").delete()


def second_factor_is_asked_for(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(needs_second_factor=True)


ENDINGS = (
    grant_ends, grant_runs_out, grant_moves_away, account_is_closed, password_is_reset, role_loses_actions,
    second_factor_is_asked_for,
)  # fmt: skip


class AtWork:
    """An officer in the middle of work: a person open, a file kept, an export waiting."""

    def __init__(self, client: Client) -> None:
        self.client, self.account = client, client.account  # type: ignore[attr-defined]
        actor = actor_of(self.account, timezone.localdate())
        assert actor is not None
        self.person = person = registered("李桂芳")
        with scoped(actor, "test"):
            kept = keep(
                actor, SimpleUploadedFile("名册.csv", "姓名\r\n李桂芳\r\n".encode()), permission="people.import"
            )
            arguments: dict[str, Any] = {"query": "", "kind": "csv", "columns": []}
            self.job = start(actor, jobs.EXPORT, arguments, "导出老人名单")
        self.pages = {
            "page": reverse("person", args=[person.pk]),
            "list": reverse("people"),
            "download": reverse("upload", args=[kept.pk]),
        }
        self.progress = reverse("job-progress", args=[self.job.pk])

    def ask(self, url: str, *, partial: bool = False) -> Any:
        answer = self.client.get(url, headers={"HX-Request": "true"} if partial else {})
        if answer.streaming:
            b"".join(answer.streaming_content)
        return answer


@pytest.fixture
def at_work(client_as: Callable[..., Client], settings: Any, tmp_path: Any) -> AtWork:
    settings.FILES = tmp_path / "files"
    return AtWork(client_as("district_officer", REGION))


@pytest.mark.covers("PER-06")
@pytest.mark.parametrize("ends", ENDINGS, ids=lambda one: one.__name__)
def test_the_next_request_is_refused(at_work: AtWork, ends: Ending) -> None:
    for name, url in at_work.pages.items():
        assert at_work.ask(url).status_code == 200, name
    ends(at_work.account)
    for name, url in at_work.pages.items():
        for partial in (False, True):
            answer = at_work.ask(url, partial=partial)
            shown = answer.status_code == 200 or (answer.status_code == 204 and "HX-Redirect" not in answer.headers)
            elsewhere = ends is grant_moves_away and name == "list"  # the list of another region, without the person
            assert shown == elsewhere, (name, partial)
            assert "李桂芳" not in answer.content.decode() if not answer.streaming else False
    posted = at_work.client.post(reverse("people-search"), {"words": "李桂芳"}, follow=True).content.decode()
    assert reverse("person", args=[at_work.person.pk]) not in posted


@pytest.mark.parametrize(
    "ends", [end for end in ENDINGS if end is not role_loses_actions], ids=lambda one: one.__name__
)
def test_progress_is_not_told_any_more(at_work: AtWork, ends: Ending) -> None:
    assert at_work.ask(at_work.progress, partial=True).status_code == 200
    ends(at_work.account)
    answer = at_work.ask(at_work.progress, partial=True)
    assert answer.status_code in (302, 403, 404) or answer.headers.get("HX-Redirect", "").startswith("/sign-in/")


@pytest.mark.parametrize(
    "ends",
    [grant_ends, grant_runs_out, grant_moves_away, account_is_closed, role_loses_actions],
    ids=lambda one: one.__name__,
)
def test_a_job_that_waits_does_nothing_for_who_lost_the_right(at_work: AtWork, ends: Ending) -> None:
    ends(at_work.account)
    run_queued()
    with scoped(EVERYBODY, "test"):
        job = Job.objects.get(pk=at_work.job.pk)
        assert (job.state == "failed" and "权限" in job.message) or "不能" in job.message
        assert Upload.objects.count() == 1


def test_an_export_is_not_handed_out_after_the_right_to_export_ended(at_work: AtWork) -> None:
    run_queued()
    with scoped(EVERYBODY, "test"):
        link = Job.objects.get(pk=at_work.job.pk).result["link"]
    assert at_work.ask(link).status_code == 200
    RoleAction.objects.filter(role__grants__account=at_work.account, action="people.export").delete()
    assert at_work.ask(at_work.pages["page"]).status_code == 200
    assert at_work.ask(link).status_code == 404


def test_what_one_worked_on_elsewhere_is_out_of_reach_after_choosing_another_region(at_work: AtWork) -> None:
    other = Account.objects.create(login="other", name="周敏", created_at=timezone.now())
    there = Grant.objects.create(
        account=at_work.account, role_id="district_officer", region="420703000000", from_date=date(2020, 1, 1),
        proposed_by=at_work.account, proposed_at=timezone.now(), approved_by=other, approved_at=timezone.now(),
    )  # fmt: skip
    here = at_work.account.grants.exclude(pk=there.pk).get()
    for grant, status in ((there, 404), (here, 200)):
        assert at_work.client.post(reverse("working-region"), {"grant": str(grant.pk)}).status_code == 302
        assert at_work.ask(at_work.pages["page"]).status_code == status
        assert at_work.ask(at_work.progress).status_code == status


@pytest.mark.covers("PER-06")
def test_who_does_nothing_for_half_an_hour_signs_in_again(client_as: Callable[..., Client]) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = client_as("district_officer", REGION)
        for minutes in (29, 29, 29):
            clock.shift(timedelta(minutes=minutes))
            assert client.get(reverse("home")).status_code == 200
        clock.shift(timedelta(minutes=31))
        answer = client.get(reverse("home"))
        assert answer.status_code == 302 and "sign-in" in answer["Location"]


@pytest.mark.parametrize(
    ("region_time", "allowed"),
    [
        (datetime(2026, 11, 17, 23, 59), False),
        (datetime(2026, 11, 18, 0, 0), True),
        (datetime(2026, 11, 19, 23, 59), True),
        (datetime(2026, 11, 20, 0, 0), False),
    ],
)
def test_a_grant_counts_by_the_days_of_the_region_and_not_of_the_server(
    client_as: Callable[..., Client], region_time: datetime, allowed: bool
) -> None:
    """T16: from the 18th until the 20th, excluded, as days are in Shanghai; in UTC it is still the day before."""
    client = client_as("district_officer", REGION)
    Grant.objects.filter(account=client.account).update(  # type: ignore[attr-defined]
        from_date=date(2026, 11, 18), until_date=date(2026, 11, 20)
    )
    with time_machine.travel(region_time.replace(tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        client.force_login(client.account, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[attr-defined]
        assert client.get(reverse("people")).status_code == (200 if allowed else 403)
