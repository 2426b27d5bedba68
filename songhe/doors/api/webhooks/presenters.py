"""Webhooks and what was sent, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext

from songhe.doors.api.models import Webhook, WebhookMessage, WebhookTry
from songhe.doors.api.terms import MessageState
from songhe.doors.api.webhooks.kinds import KINDS, words_of_kind
from songhe.kernel.told import phrase
from songhe.regions.api import names_of
from songhe.ui.words import said

SHOWN = 50
_ERRORS = {
    "redirect": phrase("对方转到别处，不跟着去"), "timeout": phrase("对方太慢"), "tls": phrase("证书不对"),
    "connection": phrase("连不上"), "name": phrase("查不到这个域名"), "address": phrase("域名指到内网，不送"),
}  # fmt: skip
_MARKS = {MessageState.DONE: "done", MessageState.FAILED: "due"}


@dataclass(frozen=True, slots=True)
class HookRow:
    """One webhook in the list."""

    one: Webhook
    kinds: list[str]
    mark: str
    state: str
    waiting: int


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message in the log; `outcome` of its last try."""

    at: datetime
    kind: str
    place: str
    mark: str
    state: str
    attempts: int
    tried_at: datetime | None
    outcome: str
    milliseconds: int | None
    next_try_at: datetime | None
    failed: bool


def hook_rows(hooks: list[Webhook]) -> list[HookRow]:
    """The webhooks with how many messages wait for each."""
    waiting = Count("pk", filter=Q(state=MessageState.WAITING))
    found = WebhookMessage.objects.filter(webhook__in=hooks).values("webhook").annotate(waiting=waiting)
    counts = {row["webhook"]: row["waiting"] for row in found}
    return [hook_row(one, counts.get(one.pk, 0)) for one in hooks]


def hook_row(one: Webhook, waiting: int = 0) -> HookRow:
    """One of them."""
    kinds = [said(words_of_kind(kind)) for kind in KINDS if kind in one.kinds]
    if one.paused_at is not None:
        return HookRow(one, kinds, "stale", gettext("停着"), waiting)
    if one.stopped_at is not None:
        return HookRow(one, kinds, "due", gettext("一直送不到，停下了"), waiting)
    return HookRow(one, kinds, "running", gettext("在送"), waiting)


def message_rows(hook: Webhook) -> list[MessageRow]:
    """The latest messages with their last tries."""
    tries = Prefetch("tries", WebhookTry.objects.order_by("-at"), to_attr="tried")
    found = list(hook.messages.order_by("-at", "-pk").prefetch_related(tries)[:SHOWN])
    names = names_of({one.region for one in found})
    return [_message(one, names) for one in found]


def _message(one: WebhookMessage, names: Mapping[str, str]) -> MessageRow:
    tried: list[WebhookTry] = one.tried  # type: ignore[attr-defined]
    last = tried[0] if tried else None
    state = MessageState(one.state)
    again = state == MessageState.WAITING and last is not None
    return MessageRow(
        at=one.at, kind=said(words_of_kind(one.kind)), place=names.get(one.region, one.region),
        mark=_MARKS.get(state, "stale" if again else "todo"), state=gettext("还在重试") if again else str(state.label),
        attempts=one.attempts, tried_at=last.at if last else None, outcome=_outcome(last),
        milliseconds=last.milliseconds if last else None, next_try_at=one.next_try_at if again else None,
        failed=state == MessageState.FAILED,
    )  # fmt: skip


def _outcome(last: WebhookTry | None) -> str:
    if last is None:
        return ""
    if last.status is not None and last.error in ("", "status"):
        return gettext("对方答复{status}").format(status=last.status)
    return said(_ERRORS.get(last.error, last.error))
