"""The page of events that did not reach a handler: what failed, sending it again, deciding that it is not sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.presenters import event_words, place_names
from songhe.foundation.audit.recording import exported
from songhe.foundation.outbox import operations, queries
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.outbox.permissions import READ, RETRY
from songhe.foundation.outbox.queries import OPEN, Filters
from songhe.foundation.outbox.states import State
from songhe.kernel.errors import BadInput
from songhe.kernel.told import phrase
from songhe.ui.lists import file_answer
from songhe.ui.words import said

_MOST_ROWS, _LONGEST, _HOUSE = 20_000, 120, "songhe."
_HEAD = (
    phrase("消息"), phrase("该谁收"), phrase("地方"), phrase("说出"), phrase("试了几次"), phrase("上次"),
    phrase("错在哪里"), phrase("情况"), phrase("处理说明"),
)  # fmt: skip
_WORDS = {State.FAILED: phrase("没送到"), State.WAITING: phrase("还在重试"), State.GIVEN_UP: phrase("决定不再送")}


@require_safe
@needs(READ)
def events(request: ActingRequest) -> HttpResponse:
    """Deliveries that failed; those that are still tried; those that were given up."""
    filters = _filters(request.GET)
    page, counts = queries.page_of(request.actor, filters), queries.counts(request.actor)
    names, handlers = queries.kinds_of(request.actor, State(filters.state))
    context = {
        "rows": _rows(page.rows), "filters": filters, "heads": queries.SORTS.heads(filters),
        "total": queries.listed(request.actor, filters).count(),
        "before_url": page.before_url(filters), "after_url": page.after_url(filters),
        "names": [(one, event_words(one)) for one in names],
        "handlers": [(one, one.removeprefix(_HOUSE)) for one in handlers],
        "tabs": [_tab(one, counts[one], filters) for one in OPEN],
    }  # fmt: skip
    return render(request, "outbox/events.html", context)


@require_POST
@needs(READ)
def events_export(request: ActingRequest) -> HttpResponse:
    """The list as a file: which message, for whom, how often it was tried and what went wrong. Nobody's data."""
    filters = _filters(QueryDict(request.POST.get("within", "")))
    rows = [_cells(row) for row in _rows(list(queries.listed(request.actor, filters)[:_MOST_ROWS]))]
    kept = {name: value for name, value in asdict(filters).items() if value}
    exported(request.actor, action="events.export", rows=len(rows), detail={"filters": kept})
    name = gettext("没送到的消息")
    return file_answer(name, request.POST.get("kind", ""), [gettext(words) for words in _HEAD], rows)


def _tab(state: State, count: int, filters: Filters) -> tuple[str, str, int, bool, bool]:
    return gettext(_WORDS[state]), f"?state={state}", count, state == filters.state, state == State.FAILED and count > 0


def _filters(given: QueryDict) -> Filters:
    asked = {name: given.get(name, "").strip()[:_LONGEST] for name in Filters.__dataclass_fields__}
    state = next((one for one in OPEN if one == asked["state"]), State.FAILED)
    return Filters(**asked | {"state": state, "sort": queries.SORTS.read(asked["sort"])})


def _cells(row: dict[str, Any]) -> list[object]:
    one: Delivery = row["one"]
    return [
        row["name"], row["handler"], row["place"], localtime(one.event.told_at), one.attempts,
        localtime(one.tried_at) if one.tried_at else None, one.error, gettext(_WORDS[State(one.state)]), one.note,
    ]  # fmt: skip


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


def _rows(found: Sequence[Delivery]) -> list[dict[str, Any]]:
    names = place_names(one.event.region.ljust(12, "0") for one in found)
    return [
        {
            "one": one,
            "name": event_words(one.event.name),
            "kind": one.event.name.removeprefix(_HOUSE),
            "handler": one.handler.removeprefix(_HOUSE),
            "place": names[one.event.region.ljust(12, "0")],
        }
        for one in found
    ]
