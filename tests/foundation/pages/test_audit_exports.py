"""Taking entries along: a few at once, many in the background; and looking for what somebody did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit import screens
from songhe.foundation.audit.models import Entry, Kind
from songhe.foundation.audit.queries import read_wanted, told_wanted
from songhe.foundation.audit.recording import record
from songhe.foundation.jobs import run_queued
from songhe.foundation.jobs.models import Job
from songhe.foundation.uploads import content_of
from songhe.foundation.uploads.models import Upload

ClientFor = Callable[..., Client]
AccountFor = Callable[..., Account]


@pytest.fixture
def auditor(client_as: ClientFor, settings: Any, tmp_path: Path) -> Client:
    settings.FILES = tmp_path / "files"
    return client_as("auditor", "420704000000", name="周敏")


def done_by(account: Account, region: str, action: str = "people.died", times: int = 1) -> None:
    actor = Actor(account.pk, account.name, region, frozenset())
    with scoped(actor, "test"):
        for number in range(times):
            record(actor, action=action, subject=UUID(int=number), region=region)


@pytest.mark.covers("NET-03")
def test_more_than_fit_at_once_are_written_in_the_background(
    auditor: Client, account_for: AccountFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "MOST_AT_ONCE", 3)
    officer = account_for("street_officer", "420704001000", name="罗慧")
    done_by(officer, "420704001000", times=7)
    done_by(officer, "420703001000", action="people.merged")
    answer = auditor.post(reverse("audit-export"), {"query": "action=people.died"})
    with scoped(Actor.system("测试", ""), "test"):
        job = Job.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    run_queued()
    with scoped(Actor.system("测试", ""), "test"):
        file = Upload.objects.get()
        told = Entry.objects.get(kind=Kind.EXPORT)
        text = b"".join(content_of(file)).decode("utf-8-sig")
    assert (file.permission, file.region_code) == ("audit.export", "420704000000")
    assert len(text.splitlines()) == 8 and "合并" not in text
    assert (told.row_count, told.detail["action"]) == (7, "people.died")
    assert auditor.get(reverse("upload", args=[file.pk])).status_code == 200


def test_a_few_come_at_once(auditor: Client, account_for: AccountFor) -> None:
    done_by(account_for("street_officer", "420704001000"), "420704001000", times=2)
    answer = auditor.post(reverse("audit-export"), {"query": "action=people.died"})
    assert answer["Content-Type"].startswith("text/csv") and len(answer.content.decode("utf-8-sig").splitlines()) == 3


@pytest.mark.covers("NET-03")
def test_staff_are_looked_for_by_name_and_only_those_of_ones_own_region(
    auditor: Client, account_for: AccountFor
) -> None:
    ours = account_for("street_officer", "420704001000", name="罗慧", unit="凤凰街道")
    other = account_for("street_officer", "420704002000", name="万磊")
    theirs = account_for("street_officer", "420703100000", name="柯文斌", unit="华容镇")
    for one in (ours, other, theirs):
        done_by(one, "420704001000")
    page = auditor.get(reverse("audit")).content.decode()
    assert theirs.unit not in page and str(theirs.pk) not in page.partition("<tbody")[0]
    for words in ("罗慧", ours.login, "凤凰"):
        found = auditor.get(reverse("audit"), {"who": words}).content.decode()
        rows = found.partition("<tbody")[2]
        assert "罗慧" in rows and "万磊" not in rows, words
        assert f"谁：{words}" in found
    assert "没有这样的记录" in auditor.get(reverse("audit"), {"who": "柯文斌"}).content.decode()
    assert "某个账号" in auditor.get(reverse("audit"), {"actor": str(theirs.pk)}).content.decode()


def test_what_is_looked_for_is_kept_and_read_again(db: None) -> None:
    for told in ({}, {"kind": "deed", "actor": str(UUID(int=7)), "from": "2026-11-01"}, {"actors": []}):
        assert told_wanted(read_wanted(told)) == told
