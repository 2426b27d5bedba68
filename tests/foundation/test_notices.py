"""Messages to people at work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.notices import mark_read, send, unread_count
from songhe.foundation.notices.models import Notice
from songhe.foundation.notices.queries import notice_of, notices_of
from songhe.kernel.errors import BadInput, NotFound

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
