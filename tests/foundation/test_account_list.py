"""The list of accounts: filtered, sorted, page by page, taken along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry, Kind
from tests.platform_fixtures import ClientFor

ACCOUNTS = reverse("accounts")
NOW = timezone.now()


@pytest.fixture
def many(db: None) -> None:
    Account.objects.bulk_create(
        Account(
            login=f"worker-{number:02}", name=f"顾{45 - number:02}", unit="桃源社区" if number % 2 else "",
            created_at=NOW - timedelta(days=number), is_active=number != 7,
        )
        for number in range(45)
    )  # fmt: skip


def test_pages_go_on_and_come_back(client_as: ClientFor, many: None) -> None:
    admin = client_as("security_admin", "420700000000")
    first = admin.get(ACCOUNTS + "?words=worker").content.decode()
    assert "worker-39" in first and "worker-40" not in first and "共45个" in first
    after = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = admin.get(ACCOUNTS + after).content.decode()
    assert "worker-40" in second and "worker-39" not in second
    before = second.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "worker-00" in admin.get(ACCOUNTS + before).content.decode()


def test_a_head_sorts_and_a_filter_stays(client_as: ClientFor, many: None) -> None:
    admin = client_as("security_admin", "420700000000")
    page = admin.get(ACCOUNTS + "?words=worker&sort=name").content.decode()
    assert page.index("worker-44") < page.index("worker-20") and "sort=-name" in page and "worker-00" not in page
    assert "worker-07" in admin.get(ACCOUNTS + "?state=closed").content.decode()
    assert "worker-08" not in admin.get(ACCOUNTS + "?state=closed").content.decode()


def test_the_list_leaves_as_a_file_and_that_is_written_down(client_as: ClientFor, many: None) -> None:
    admin = client_as("security_admin", "420700000000")
    answer = admin.post(reverse("accounts-export"), {"within": "state=closed&words=worker", "kind": "csv"})
    lines = answer.content.decode().splitlines()
    assert len(lines) == 2 and lines[1].startswith("顾38,worker-07,桃源社区")
    with scoped(Actor.system("测试", ""), "test"):
        entry = Entry.objects.get(action="access.export", kind=Kind.EXPORT)
    assert entry.row_count == 1 and entry.detail == {"filters": {"state": "closed"}}
