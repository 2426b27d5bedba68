"""Sending messages that are due, beside the outbox, so that a slow receiver holds nothing up but itself.

Messages are taken with a lease, sent outside of any transaction, and settled. Whoever dies in between leaves the lease
to run out: the message is sent again with the same id. Messages of a webhook start in the order they were written, but
one that is sent again comes later: no order is promised.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from songhe.doors.api.models import Webhook, WebhookMessage, WebhookTry
from songhe.doors.api.terms import MessageState
from songhe.doors.api.webhooks.events import WebhookFailed
from songhe.doors.api.webhooks.pace import again_after
from songhe.doors.api.webhooks.posting import Answer, post
from songhe.doors.api.webhooks.secrets import secrets_of
from songhe.doors.api.webhooks.signing import headers_of
from songhe.foundation.outbox.events import name_of, written
from songhe.foundation.outbox.models import Delivery, StoredEvent
from songhe.foundation.outbox.states import State
from songhe.kernel.errors import Conflict, NotFound

SEND_AGAIN = "songhe.doors.api.webhooks.listeners.on_send_again"
GONE = 410
_MOST, _BESIDE = 50, 4
_LEASE, _HELD_BACK = timedelta(minutes=5), timedelta(minutes=1)
_GROUP_SECONDS = 60.0
_log = logging.getLogger(__name__)
Post = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go."""

    message: UUID
    webhook: UUID
    url: str
    body: bytes
    secrets: tuple[str, ...]


def send_due(*, now: datetime, put: Post = post) -> int:
    """Sends what is due, a few webhooks beside each other; gives back how many messages were tried.

    Several processes may do so at once: each takes other messages.
    """
    parcels = _take(now)
    groups: dict[UUID, list[Parcel]] = {}
    for parcel in parcels:
        groups.setdefault(parcel.webhook, []).append(parcel)
    if not groups:
        return 0
    tried = 0
    with ThreadPoolExecutor(max_workers=_BESIDE, thread_name_prefix="webhooks") as beside:
        for group, answers in zip(
            groups.values(), beside.map(lambda one: _send(one, now, put), groups.values()), strict=True
        ):
            for parcel, answer in zip(group, answers, strict=False):
                _settle(parcel.message, answer, now)
            _put_off([one.message for one in group[len(answers) :]], now)
            tried += len(answers)
    return tried


def body_of(message: WebhookMessage) -> bytes:
    """What is sent: the same each time."""
    told = {
        "id": str(message.pk), "type": message.kind, "timestamp": message.at.isoformat(timespec="seconds"),
        "data": {"subject": str(message.subject) if message.subject else None, "region": message.region} | message.also,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode()


def again(*, message: UUID, now: datetime) -> None:
    """A message that failed for good is tried anew, and so is all that its webhook holds.

    Nothing happens to one that did not fail. Conflict when the webhook is no more.
    """
    row = WebhookMessage.objects.select_for_update(of=("self",)).select_related("webhook").filter(pk=message).first()
    if row is None:
        raise NotFound("这条消息")
    if row.state != MessageState.FAILED:
        return
    if row.webhook.ended_at is not None:
        raise Conflict("这个订阅已经停了")
    row.state, row.attempts, row.next_try_at = MessageState.WAITING, 0, now
    row.save(update_fields=["state", "attempts", "next_try_at"])
    Webhook.objects.filter(pk=row.webhook_id).update(stopped_at=None)


def forget_messages(*, before: datetime, at_once: int = 5_000) -> int:
    """Clears away messages from before the moment, those too that nobody took; gives back how many."""
    gone = 0
    old = WebhookMessage.objects.filter(at__lt=before).values_list("pk", flat=True)
    while keys := list(old[:at_once]):
        with transaction.atomic():
            WebhookTry.objects.filter(message__in=keys).delete()
            WebhookMessage.objects.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone


def _take(now: datetime) -> list[Parcel]:
    with transaction.atomic():
        rows = list(
            WebhookMessage.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("webhook")
            .filter(
                state=MessageState.WAITING, next_try_at__lte=now, webhook__ended_at__isnull=True,
                webhook__paused_at__isnull=True, webhook__stopped_at__isnull=True,
                webhook__client__ended_at__isnull=True, webhook__client__approved_at__isnull=False,
                webhook__client__until_date__gt=timezone.localdate(now),
            )
            .order_by("next_try_at", "at", "id")[:_MOST]
        )  # fmt: skip
        WebhookMessage.objects.filter(pk__in=[row.pk for row in rows]).update(next_try_at=now + _LEASE)
    secrets = {row.webhook_id: secrets_of(row.webhook, now) for row in rows}
    return [Parcel(row.pk, row.webhook_id, row.webhook.url, body_of(row), secrets[row.webhook_id]) for row in rows]


def _send(group: list[Parcel], now: datetime, put: Post) -> list[Answer]:
    """The answers, fewer than messages when the receiver cannot be reached or takes long: the rest waits."""
    answers: list[Answer] = []
    until = time.monotonic() + _GROUP_SECONDS
    for parcel in group:
        headers = headers_of(parcel.secrets, parcel.message, now, parcel.body)
        answers.append(put(parcel.url, headers, parcel.body, loopback=settings.DEMO))
        if answers[-1].status in (None, GONE) or time.monotonic() > until:
            break
    return answers


def _put_off(messages: list[UUID], now: datetime) -> None:
    if messages:
        waiting = WebhookMessage.objects.filter(pk__in=messages, state=MessageState.WAITING)
        waiting.update(next_try_at=now + _HELD_BACK)


@transaction.atomic
def _settle(message: UUID, answer: Answer, now: datetime) -> None:
    found = WebhookMessage.objects.select_for_update(of=("self",)).select_related("webhook")
    row = found.filter(pk=message, state=MessageState.WAITING).first()
    if row is None:
        return
    row.attempts += 1
    wait = None if answer.status == GONE else again_after(row.attempts, timezone.localdate(now))
    if answer.taken:
        row.state = MessageState.DONE
        Webhook.objects.filter(pk=row.webhook_id).update(last_done_at=now)
    elif wait is None:
        row.state = MessageState.FAILED
        _give_up(row, answer, now)
    else:
        row.next_try_at = now + wait
    row.save(update_fields=["attempts", "state", "next_try_at"])
    WebhookTry.objects.create(
        message=row, at=now, status=answer.status, error=answer.error, milliseconds=answer.milliseconds
    )
    if not answer.taken:
        _log.warning("message to a system not taken: %s %s %s", row.pk, answer.status or "-", answer.error)


def _give_up(row: WebhookMessage, answer: Answer, now: datetime) -> None:
    """Puts it on the page of what did not arrive; a webhook that takes nothing any more is stopped altogether."""
    event = WebhookFailed(region=row.region, message=row.pk)
    stored = StoredEvent.objects.create(name=name_of(WebhookFailed), region=event.region, body=written(event))
    Delivery.objects.create(
        event=stored, handler=SEND_AGAIN, state=State.FAILED, attempts=row.attempts, tried_at=now,
        error=f"HTTP {answer.status}" if answer.status else answer.error,
    )  # fmt: skip
    hook = row.webhook
    if answer.status == GONE or hook.last_done_at is None or hook.last_done_at < row.at:
        Webhook.objects.filter(pk=hook.pk).update(stopped_at=now)
