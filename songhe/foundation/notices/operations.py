"""Sending and reading messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.notices.channels import Message, channel
from songhe.foundation.notices.models import LINK_LENGTH, TEXT_LENGTH, TITLE_LENGTH, Notice
from songhe.kernel.errors import BadInput


def send(
    accounts: Iterable[Account | UUID],
    title: str,
    text: str = "",
    link: str = "",
    channels: Iterable[str] = (),
    *,
    now: datetime | None = None,
) -> list[Notice]:
    """Puts a message in each account's list, in the caller's transaction; `channels` carry it out after the commit.

    `title` and `text` hold no personal data. `link` is an address of Songhe itself; BadInput for any other.
    """
    if link and (not link.startswith("/") or link.startswith(("//", "/\\")) or len(link) > LINK_LENGTH):
        raise BadInput("通知的链接", "要是本平台里的地址", accepted="以/开头")
    out = {name: channel(name) for name in channels}
    at = now or timezone.now()
    keys = {account.pk if isinstance(account, Account) else account for account in accounts}
    notices = Notice.objects.bulk_create(
        Notice(account_id=key, title=title[:TITLE_LENGTH], text=text[:TEXT_LENGTH], link=link, created_at=at)
        for key in sorted(keys)
    )
    messages = [Message(notice.pk, notice.account_id, notice.title, notice.text) for notice in notices]
    for carrier in out.values():
        transaction.on_commit(partial(carrier.deliver, messages), robust=True)
    return notices


def mark_read(*, actor: Actor, now: datetime, notices: Iterable[UUID] | None = None) -> int:
    """Marks one's own messages as read, all of them when none is named; returns how many."""
    if actor.account_id is None:
        return 0
    mine = Notice.objects.filter(account_id=actor.account_id, read_at__isnull=True)
    if notices is not None:
        mine = mine.filter(pk__in=list(notices))
    return mine.update(read_at=now)
