"""The page of events that did not reach a handler: what failed, sending it again, deciding that it is not sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.presenters import event_words, place_names
from songhe.foundation.outbox import operations, queries
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.outbox.permissions import READ, RETRY
from songhe.foundation.outbox.queries import OPEN, PAGE
from songhe.foundation.outbox.states import State
from songhe.kernel.errors import BadInput
from songhe.kernel.numbers import MOST_DIGITS, whole_read
from songhe.kernel.told import phrase
from songhe.ui.words import said

_WORDS = {State.FAILED: phrase("没送到"), State.WAITING: phrase("还在重试"), State.GIVEN_UP: phrase("决定不再送")}


@require_safe
@needs(READ)
def events(request: ActingRequest) -> HttpResponse:
    """Deliveries that failed; those that are still tried; those that were given up."""
    state = next((one for one in OPEN if one == request.GET.get("state")), State.FAILED)
    before = request.GET.get("before", "")
    found = list(queries.deliveries(request.actor, state, before=whole_read(before, MOST_DIGITS))[: PAGE + 1])
    shown = found[:PAGE]
    counts = queries.counts(request.actor)
    context = {
        "rows": _rows(shown),
        "state": state,
        "tabs": [
            (gettext(_WORDS[one]), f"?state={one}", counts[one], one == state, one == State.FAILED and counts[one] > 0)
            for one in OPEN
        ],
        "older": f"?state={state}&before={shown[-1].pk}" if len(found) > PAGE else "",
        "newest": f"?state={state}" if before else "",
    }
    return render(request, "outbox/events.html", context)


@require_safe
@needs(READ)
def event(request: ActingRequest, number: int) -> HttpResponse:
    """One delivery: what was told, who should take it, why it failed, what can be done."""
    return _page(request, number)


@require_POST
@needs(RETRY)
def event_send_again(request: ActingRequest, number: int) -> HttpResponse:
    """Puts it back in the queue."""
    operations.send_again(request.actor, delivery=number, now=timezone.now())
    messages.success(request, gettext("放回去了，几秒内再送"))
    return redirect("events")


@require_POST
@needs(RETRY)
def event_give_up(request: ActingRequest, number: int) -> HttpResponse:
    """Decides that it is not sent any more, with a note."""
    note = request.POST.get("note", "")
    try:
        operations.give_up(request.actor, delivery=number, note=note, now=timezone.now())
    except BadInput as error:
        return _page(request, number, error=said(error.problem), note=note)
    messages.success(request, gettext("记下了，不再送"))
    return redirect(reverse("events") + f"?state={State.GIVEN_UP}")


def _page(request: ActingRequest, number: int, error: str = "", note: str = "") -> HttpResponse:
    found = queries.delivery_named(request.actor, number)
    if found is None:
        raise Http404
    context = {
        "row": _rows([found])[0],
        "one": found,
        "body": [(name, value) for name, value in found.event.body.items() if name != "region"],
        "may_decide": request.actor.may(RETRY),
        "failed": found.state == State.FAILED,
        "given_up": found.state == State.GIVEN_UP,
        "asked": request.GET.get("ask", "") or ("give-up" if error else ""),
        "error": error,
        "note": note,
    }
    return render(request, "outbox/event.html", context, status=400 if error else 200)


def _rows(found: list[Delivery]) -> list[dict[str, object]]:
    names = place_names(one.event.region.ljust(12, "0") for one in found)
    return [
        {
            "one": one,
            "name": event_words(one.event.name),
            "kind": one.event.name.removeprefix("songhe."),
            "handler": one.handler.removeprefix("songhe."),
            "place": names[one.event.region.ljust(12, "0")],
        }
        for one in found
    ]
