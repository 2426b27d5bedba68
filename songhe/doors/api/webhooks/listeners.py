"""What is done when rooms tell something: a message for each webhook that it concerns; sending is for later."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from songhe.doors.api.models import ApiClient, Webhook, WebhookMessage
from songhe.doors.api.webhooks.events import WebhookFailed
from songhe.doors.api.webhooks.kinds import KINDS, Tiding, tidings
from songhe.doors.api.webhooks.sending import again
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks.kinds import known_kinds
from songhe.foundation.tasks.queries import concerns
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import significant
from songhe.people.api import person_of

_DIGITS = 12


def on_event(event: Any) -> None:
    """Writes down whom to tell. A handler and the mark that it ran are one transaction: each is told once."""
    now = timezone.now()
    today = timezone.localdate(now)
    messages = []
    for tiding in tidings(event):
        open_ones = Webhook.objects.filter(
            ended_at__isnull=True, kinds__contains=[tiding.kind], client__ended_at__isnull=True,
            client__approved_at__isnull=False, client__until_date__gt=today,
        )  # fmt: skip
        for hook in open_ones.select_related("client"):
            region = _region_for(hook.client, tiding)
            if region:
                messages.append(
                    WebhookMessage(
                        webhook=hook, kind=tiding.kind, subject=tiding.subject, region=region, at=now, next_try_at=now,
                        also=dict(tiding.also) if _within(region, tiding) else {},
                    )
                )  # fmt: skip
    WebhookMessage.objects.bulk_create(messages)


def on_send_again(event: WebhookFailed) -> None:
    """Somebody wants a message sent again that was given up."""
    again(message=event.message, now=timezone.now())


def _region_for(client: ApiClient, tiding: Tiding) -> str:
    """The division that the system is told, within its own; "" when the tiding is none of its business."""
    if KINDS[tiding.kind].action not in client.actions:
        return ""
    if tiding.task and not _concerns(client, tiding.task):
        return ""
    own = significant(client.region)
    for code in tiding.places:
        full = code.ljust(_DIGITS, "0")
        if full.startswith(own) and len(significant(full)) >= len(own):
            return full
    wider = any(own.startswith(significant(code.ljust(_DIGITS, "0"))) for code in tiding.places)
    if not wider:
        return ""
    if tiding.down:
        return str(client.region)
    return _where(own, tiding) if tiding.find else ""


def _concerns(client: ApiClient, task: str) -> bool:
    kind = known_kinds().get(task)
    return kind is not None and concerns(client.actions, kind)


def _within(region: str, tiding: Tiding) -> bool:
    """Whether all that the tiding is about lies in the division, or is one person's."""
    return tiding.subject is not None or region in tiding.places


def _where(own: str, tiding: Tiding) -> str:
    """Where the person is, when that is within the system's region."""
    actor = Actor.system("接口消息", own.ljust(_DIGITS, "0") if own else "")
    with scoped(actor, "webhooks"):
        try:
            found: str = person_of(actor, tiding.subject).region_code if tiding.subject else ""
        except NotFound:
            return ""
        return found
