"""Webhooks on screen: added, tried, paused, given another secret, ended; and how sending went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from songhe.doors.api.clients import client_named
from songhe.doors.api.models import Webhook
from songhe.doors.api.webhooks import subscribing
from songhe.doors.api.webhooks.forms import WebhookForm
from songhe.doors.api.webhooks.presenters import SHOWN, hook_row, hook_rows, message_rows
from songhe.doors.api.webhooks.subscribing import webhook_named, webhooks_of
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.permissions import GRANT, READ
from songhe.foundation.access.views import needs
from songhe.foundation.outbox.permissions import READ as READ_EVENTS
from songhe.kernel.errors import BadInput, SongheError
from songhe.kernel.told import phrase
from songhe.ui.words import said, said_error

_FIELDS = {"地址": "url", "消息": "kinds"}
# What a button does, and what is said when it is done; "secret" is apart, for it shows something.
_DEEDS: dict[str, tuple[Callable[..., object], str]] = {
    "ping": (subscribing.ping, phrase("几秒内送，结果看下面的记录")),
    "pause": (subscribing.pause_webhook, phrase("停着，这期间的消息留着")),
    "resume": (subscribing.resume_webhook, phrase("继续送，先送留着的")),
    "drop": (subscribing.drop_old_secret, phrase("旧密钥作废了")),
    "end": (subscribing.end_webhook, phrase("不再送了")),
}


@require_safe
@needs(READ)
def system_webhooks(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Where a system is told what happened."""
    client = client_named(request.actor, pk)
    rows = hook_rows(list(webhooks_of(request.actor, pk)))
    context = {"client": client, "rows": rows, "may_change": request.actor.may(GRANT)}
    return render(request, "api/webhooks.html", context)


@needs(GRANT)
def webhook_new(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Adds a webhook, and shows its secret this once."""
    client = client_named(request.actor, pk)
    form = WebhookForm(client, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hook, secret = subscribing.add_webhook(
                actor=request.actor, client=pk, now=timezone.now(), **form.cleaned_data
            )
        except BadInput as error:
            form.add_error(_FIELDS.get(error.where), f"{said(error.problem)}（{said(error.accepted)}）")
        except SongheError as error:
            form.add_error(None, said_error(error))
        else:
            return _secret_page(request, hook, secret)
    return render(
        request, "api/webhook_new.html", {"form": form, "client": client}, status=422 if form.is_bound else 200
    )


@require_safe
@needs(READ)
def webhook(request: ActingRequest, pk: UUID, webhook_pk: UUID) -> HttpResponse:
    """One webhook with its latest messages."""
    hook = webhook_named(request.actor, pk, webhook_pk)
    context = {
        "row": hook_row(hook), "one": hook, "client": hook.client, "log": message_rows(hook), "shown": SHOWN,
        "may_change": request.actor.may(GRANT), "may_see_events": request.actor.may(READ_EVENTS),
        "two_secrets": hook.old_until is not None and hook.old_until > timezone.now(),
        "asked": request.GET.get("ask", ""),
    }  # fmt: skip
    return render(request, "api/webhook.html", context)


@require_POST
@needs(GRANT)
def webhook_do(request: ActingRequest, pk: UUID, webhook_pk: UUID) -> HttpResponse:
    """What a button of that page says."""
    hook, name = webhook_named(request.actor, pk, webhook_pk), request.POST.get("deed", "")
    given: dict[str, Any] = {"actor": request.actor, "webhook": hook.pk, "now": timezone.now()}
    try:
        if name == "secret":
            return _secret_page(request, hook, subscribing.change_secret(**given))
        if name in _DEEDS:
            deed, words = _DEEDS[name]
            deed(**given)
            messages.success(request, said(words))
    except SongheError as error:
        messages.error(request, said_error(error))
    if name == "end":
        return redirect("system-webhooks", pk)
    return redirect("webhook", pk, webhook_pk)


def _secret_page(request: HttpRequest, hook: Webhook, secret: str) -> HttpResponse:
    response = render(request, "api/webhook_secret.html", {"one": hook, "secret": secret})
    response["Cache-Control"] = "no-store"
    return response
