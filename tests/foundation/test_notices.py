"""Messages to people at work."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.notices import mark_read, send, unread_count
from songhe.foundation.notices.models import Notice
from songhe.foundation.notices.queries import notice_of, notices_of
from songhe.kernel.errors import BadInput, NotFound
from tests.platform_fixtures import ClientFor

NOW = timezone.now()


@pytest.fixture
def two(account_for: Callable[..., Account]) -> tuple[Account, Account]:
    return account_for("street_officer", login="first"), account_for("street_officer", login="second")


def acting(account: Account) -> Actor:
    return Actor(account.pk, account.name, "4207", frozenset())


def test_a_message_reaches_each_account_once_and_nobody_else(two: tuple[Account, Account]) -> None:
    first, second = two
    send([first, first.pk], "名册等您审批", "残联11月名册", "/imports/", now=NOW)
    assert (unread_count(first.pk), unread_count(second.pk), unread_count(None)) == (1, 0, 0)
    (notice,) = notices_of(acting(first))
    assert notice_of(acting(second), notice.pk) is None
    assert notice_of(acting(first), notice.pk) == notice


def test_reading_marks_ones_own_messages_only(two: tuple[Account, Account]) -> None:
    first, second = two
    notices = send([first, second], "停机通知", now=NOW)
    keys = [notice.pk for notice in notices]
    assert mark_read(actor=acting(first), notices=keys, now=NOW) == 1
    assert (unread_count(first.pk), unread_count(second.pk)) == (0, 1)
    assert mark_read(actor=acting(second), now=NOW) == 1
    assert mark_read(actor=Actor.system("松鹤", ""), now=NOW) == 0


@pytest.mark.parametrize("link", ["ftp://evil.example", "//evil.example", "/\\evil", "javascript:alert(1)", "/" * 300])
def test_a_link_leads_nowhere_else(two: tuple[Account, Account], link: str) -> None:
    with pytest.raises(BadInput, match="地址"):
        send([two[0]], "看看", link=link)


def test_a_channel_carries_messages_out_after_the_commit(
    two: tuple[Account, Account], settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.NOTICE_FOLDER = tmp_path / "out"
    with django_capture_on_commit_callbacks(execute=True):
        send(list(two), "明天停机", "22点到23点", channels=["sms"], now=NOW)
        assert not (tmp_path / "out").exists()
    lines = [json.loads(line) for line in (tmp_path / "out" / "sms.jsonl").read_text("utf-8").splitlines()]
    assert {line["account"] for line in lines} == {str(account.pk) for account in two}
    assert {line["title"] for line in lines} == {"明天停机"}


def test_an_unknown_channel_is_refused_before_anything_is_sent(two: tuple[Account, Account]) -> None:
    with pytest.raises(NotFound, match="sms"):
        send([two[0]], "看看", channels=["pigeon"])
    assert not Notice.objects.exists()


def test_the_page_shows_what_is_not_read_page_by_page(client_as: ClientFor) -> None:
    client = client_as("district_officer", "420704000000")
    account = client.account  # type: ignore[attr-defined]
    for number in range(52):
        send([account], f"第{number}条", now=NOW + timedelta(minutes=number))
    mark_read(actor=acting(account), now=NOW, notices=[notices_of(acting(account))[0].pk])
    page = client.get(reverse("notices")).content.decode()
    assert "共52条" in page and "51条没读" in page
    after = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "第0条" in client.get(reverse("notices") + after).content.decode()
    read = client.get(reverse("notices") + "?state=read").content.decode()
    assert "第51条" in read and "第50条" not in read and "共1条" in read
    unread = client.get(reverse("notices") + "?state=unread&sort=at").content.decode().split("<tbody>")[1]
    assert unread.index("第0条") < unread.index("第1条") and "第51条" not in unread
    assert client.post(reverse("notices")).status_code == 302
    assert "都读过了" in client.get(reverse("notices") + "?state=unread").content.decode()
