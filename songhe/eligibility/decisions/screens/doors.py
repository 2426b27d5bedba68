"""The page of a door: one visit settles several things, on a phone, without scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from songhe.eligibility.decisions import permissions, presenters
from songhe.eligibility.decisions.forms import Settling
from songhe.eligibility.decisions.operations.working import answer, nobody_there, settle, take_back
from songhe.eligibility.decisions.queries.doors import Door, door_of
from songhe.eligibility.decisions.terms import MatterOutcome
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.keys import key_read
from songhe.regions.api import place_of
from songhe.rules.facts import PERSON_TABLE
from songhe.ui.words import said, said_error

_UNDO = "decisions_undo"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(permissions.WORK)
@answered_once
def door(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Who lives there and what is to be settled; by POST one thing is. `matter` opens the form of a row."""
    today, now = timezone.localdate(), timezone.now()
    found = _open(request, pk)
    if request.method != "POST":
        return _shown(request, found)
    try:
        words, undo = _done(request, found)
    except BadInput as error:
        return _shown(request, found, error)
    except (Conflict, Refused) as error:
        messages.error(request, said_error(error))
        return redirect("door", pk)
    if undo:
        request.session[_UNDO] = {"door": str(pk), "matter": str(undo), "words": words, "at": now.timestamp()}
    else:
        messages.success(request, words)
    if not door_of(request.actor, pk, today, now).number_open:
        messages.success(request, _("这一户都办了"))
    return redirect("door", pk)


@require_POST
@needs(permissions.WORK)
def door_undo(request: ActingRequest, pk: UUID, matter: UUID) -> HttpResponse:
    """What was settled is open again."""
    _open(request, pk)
    try:
        take_back(actor=request.actor, matter=matter, today=timezone.localdate(), now=timezone.now())
        messages.success(request, _("撤回了，还等着办"))
    except NotFound as error:
        raise Http404 from error
    except (Conflict, Refused) as error:
        messages.error(request, said_error(error))
    return redirect("door", pk)


def _open(request: ActingRequest, pk: UUID) -> Door:
    try:
        return door_of(request.actor, pk, timezone.localdate(), timezone.now())
    except NotFound as error:
        raise Http404 from error


def _done(request: ActingRequest, found: Door) -> tuple[str, UUID | None]:
    """Does what was sent; gives what to say, and what can be taken back."""
    actor, today, now = request.actor, timezone.localdate(), timezone.now()
    if request.POST.get("do") == "nobody":
        number = nobody_there(actor=actor, door=found.key, today=today, now=now)
        return _("没找到人，{number}件事晚几天再来").format(number=number), None
    sent = Settling.read(request.POST)
    matters = {one.pk: one for resident in found.residents for one in [*resident.open, *resident.closed]}
    if sent.matter not in matters:
        raise BadInput("要办的事", "不在这一户")
    if sent.value is not None:
        done = answer(actor=actor, matter=sent.matter, value=sent.value, today=today, now=now)
        fact = PERSON_TABLE[done.matter.question]
        decided = presenters.changes_words(done.changes, found.items)
        words = _("记下了{fact}：{decided}").format(fact=said(fact.label), decided=decided)
        return words, sent.matter
    row = settle(
        actor=actor, matter=sent.matter, outcome=sent.outcome, reason=sent.reason, from_date=sent.from_date,
        today=today, now=now,
    )  # fmt: skip
    item = presenters.item_name(found.items, row.item)
    if row.closed_at is None:
        return _("{item}留着，晚几天再来").format(item=item), None
    return _("{item}：{outcome}").format(item=item, outcome=MatterOutcome(row.outcome).label), row.pk


def _shown(request: ActingRequest, found: Door, error: BadInput | None = None) -> HttpResponse:
    today, now = timezone.localdate(), timezone.now()
    given = request.POST if error else request.GET
    opened = key_read(given.get("matter", ""))
    context: dict[str, Any] = {
        "door": found,
        "names": presenters.names_of(found),
        "place": place_of(found.region_code, today),
        "residents": presenters.residents_of(found, request.actor, today, now),
        "opened": opened,
        "given": request.POST if error else {},
        "error": said_error(error) if error else "",
        "undo": _undo(request, found.key, now.timestamp()),
        "page": reverse("door", args=[found.key]),
        "may_see": request.actor.may("people.read"),
    }
    return render(request, "decisions/door.html", context, status=422 if error else 200)


def _undo(request: ActingRequest, key: UUID, now: float) -> dict[str, str] | None:
    """What was settled just now at this door, said once."""
    kept = request.session.pop(_UNDO, None)
    if not kept or kept["door"] != str(key) or now - kept["at"] > 60:
        return None
    return {"text": kept["words"], "url": reverse("door-undo", args=[key, kept["matter"]])}
