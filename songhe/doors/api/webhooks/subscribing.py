"""What security administrators do about webhooks: add, pause, go on, change the secret, try, end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from songhe.doors.api.clients import client_named
from songhe.doors.api.models import ApiClient, Webhook, WebhookMessage
from songhe.doors.api.webhooks.destinations import checked_url
from songhe.doors.api.webhooks.kinds import KINDS, PING
from songhe.doors.api.webhooks.pace import old_secret_counts
from songhe.doors.api.webhooks.secrets import retired, sealed
from songhe.doors.api.webhooks.signing import new_secret
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.permissions import GRANT
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.told import told

MOST_WEBHOOKS = 10


def kinds_for(client: ApiClient) -> list[str]:
    """What the system can be told by what it may do."""
    return [name for name, kind in KINDS.items() if kind.action in client.actions]


def add_webhook(*, actor: Actor, client: UUID, url: str, kinds: Iterable[str], now: datetime) -> tuple[Webhook, str]:
    """The webhook and its secret: this once, it is kept sealed and not shown again.

    BadInput for an address that nothing is sent to and for kinds that the system may not read; Conflict for an
    address that it has already.
    """
    actor.require(GRANT)
    system = client_named(actor, client)
    chosen = sorted(set(kinds))
    if not chosen or not set(chosen) <= set(kinds_for(system)):
        raise BadInput("消息", "没有选，或者这个系统不能看", accepted="、".join(kinds_for(system)))
    if system.webhooks.filter(ended_at__isnull=True).count() >= MOST_WEBHOOKS:
        raise Conflict(told("一个系统最多{most}个地址", most=MOST_WEBHOOKS))
    secret = new_secret()
    hook = Webhook(
        client=system, region=system.region, url=checked_url(url, loopback=settings.DEMO), kinds=chosen,
        added_by_id=actor.account_id, added_at=now,
    )  # fmt: skip
    hook.secret_sealed = sealed(secret, hook.pk)
    try:
        with transaction.atomic():
            hook.save(force_insert=True)
    except IntegrityError:
        raise Conflict("这个系统已经有这个地址") from None
    _record(actor, "api.add_webhook", hook, kinds=chosen)
    return hook, secret


def pause_webhook(*, actor: Actor, webhook: UUID, now: datetime) -> None:
    """Nothing is sent until somebody lets it go on; what happens meanwhile is kept for it."""
    hook = _open(actor, webhook)
    if hook.paused_at is not None:
        raise Conflict("已经停着")
    _set(hook, paused_at=now)
    _record(actor, "api.pause_webhook", hook)


def resume_webhook(*, actor: Actor, webhook: UUID, now: datetime) -> None:
    """Sending goes on, with what waited, whoever had stopped it."""
    hook = _open(actor, webhook)
    if hook.paused_at is None and hook.stopped_at is None:
        raise Conflict("没有停着")
    _set(hook, paused_at=None, stopped_at=None)
    _record(actor, "api.resume_webhook", hook)


def end_webhook(*, actor: Actor, webhook: UUID, now: datetime) -> None:
    """Nothing is sent any more, and the secrets are forgotten as far as they can be."""
    hook = _open(actor, webhook)
    _set(hook, ended_at=now, secret_sealed=b"", old_secret_sealed=None, old_until=None)
    _record(actor, "api.end_webhook", hook)


def change_secret(*, actor: Actor, webhook: UUID, now: datetime) -> str:
    """A new secret, shown this once. The one before signs beside it for a while, an older one no more."""
    hook = _open(actor, webhook)
    secret, until = new_secret(), now + old_secret_counts(timezone.localdate(now))
    _set(hook, old_secret_sealed=retired(hook), old_until=until, secret_sealed=sealed(secret, hook.pk))
    _record(actor, "api.change_webhook_secret", hook, old_until=until)
    return secret


def drop_old_secret(*, actor: Actor, webhook: UUID, now: datetime) -> None:
    """The secret before signs no more from now on: somebody who should not may have got it."""
    hook = _open(actor, webhook)
    if hook.old_until is None or hook.old_until <= now:
        raise Conflict("只有一个密钥")
    _set(hook, old_secret_sealed=None, old_until=None)
    _record(actor, "api.drop_webhook_secret", hook)


def ping(*, actor: Actor, webhook: UUID, now: datetime) -> WebhookMessage:
    """A message that says nothing, to see whether it arrives."""
    hook = _open(actor, webhook)
    if hook.paused_at is not None or hook.stopped_at is not None:
        raise Conflict("停着，先让它继续")
    _record(actor, "api.ping_webhook", hook)
    return WebhookMessage.objects.create(webhook=hook, kind=PING, region=hook.region, at=now, next_try_at=now)


def webhooks_of(actor: Actor, client: UUID) -> QuerySet[Webhook]:
    """A system's webhooks that are not ended. NotFound for a system that is not there, or elsewhere."""
    return client_named(actor, client).webhooks.filter(ended_at__isnull=True).order_by("added_at", "pk")


def webhook_named(actor: Actor, client: UUID, webhook: UUID) -> Webhook:
    """One of these. NotFound when it is not there, or elsewhere."""
    found = webhooks_of(actor, client).select_related("client", "added_by").filter(pk=webhook).first()
    if found is None:
        raise NotFound("这个订阅")
    return found


def _open(actor: Actor, webhook: UUID) -> Webhook:
    actor.require(GRANT)
    hook = Webhook.objects.select_for_update(of=("self",)).select_related("client").filter(pk=webhook).first()
    if hook is None or not actor.covers(hook.region):
        raise NotFound("这个订阅")
    if hook.ended_at is not None or hook.client.ended_at is not None:
        raise Conflict("这个订阅已经停了")
    return hook


def _set(hook: Webhook, **values: Any) -> None:
    for name, value in values.items():
        setattr(hook, name, value)
    hook.save(update_fields=list(values))


def _record(actor: Actor, action: str, hook: Webhook, **detail: Any) -> None:
    record(actor, action=action, subject=hook.pk, region=hook.region, detail={"client": hook.client_id, **detail})
