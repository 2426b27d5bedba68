"""The board of a desk: what waits, where, who could go; accepting and sending many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from songhe.assessment import presenters_board as presenters
from songhe.assessment.models import Assessment
from songhe.assessment.operations.sending import Answer, accept_many, send_many
from songhe.assessment.permissions import ACCEPT, READ
from songhe.assessment.queries import board as queries
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.places import place_names
from songhe.kernel.keys import key_read

_DIGITS = 12


@needs(ACCEPT)
@require_http_methods(["GET", "POST"])
@answered_once
def board(request: ActingRequest) -> HttpResponse:
    """What waits; `propose` shows a team for each of the picked ones, a form sends them or accepts."""
    now, place = timezone.now(), request.GET.get("in", "")
    digits, today = queries.place_for(request.actor, place), timezone.localdate(now)
    undone: list[tuple[str, str, str]] = []
    if request.method == "POST":
        answer = _do(request)
        undone = presenters.undone_shown(answer.undone, _known(answer))
        if not undone:
            return redirect(presenters.board_url(place))
    found, free = queries.waiting_by_place(digits), queries.hands(digits, now)
    hands = presenters.hands_shown(free)
    code = digits.ljust(_DIGITS, "0")
    context: dict[str, Any] = {
        "lanes": presenters.lanes_shown(queries.lanes(digits, today), place, today), "undone": undone,
        "places": presenters.places_shown(found, digits), "map": presenters.map_shown(found, digits), "hands": hands,
        "place": place_names([code])[code], "code": place, "here": presenters.board_url(place),
        "at_once": queries.AT_ONCE, "may_read": request.actor.may(READ),
    }  # fmt: skip
    if request.GET.get("propose") and request.method == "GET":
        rows = queries.to_send(digits, _keys(request.GET.getlist("pick")))
        copied = queries.hands(digits, now)
        context["proposals"] = presenters.proposals_shown(queries.proposals(rows, copied, now), today)
    return render(request, "assessment/board.html", context)


def _do(request: ActingRequest) -> Answer:
    now = timezone.now()
    if request.POST.get("do") == "accept":
        answer = accept_many(actor=request.actor, assessments=_keys(request.POST.getlist("pick")), now=now)
        words = _("受理了{number}件")
    else:
        answer = send_many(actor=request.actor, teams=_teams(request.POST.getlist("send")), now=now)
        words = _("派了{number}件，评估员会收到通知")
    if answer.done:
        messages.success(request, words.format(number=len(answer.done)))
    elif not answer.undone:
        messages.error(request, _("没有选"))
    return answer


def _keys(given: Sequence[str]) -> list[UUID]:
    found = (key_read(text) for text in given[: queries.AT_ONCE])
    return [key for key in found if key is not None]


def _teams(given: Sequence[str]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for text in given[: queries.AT_ONCE]:
        whom, _colon, team = text.partition(":")
        key, members = key_read(whom), _keys(team.split(","))
        if key is not None and members:
            found[key] = members
    return found


def _known(answer: Answer) -> dict[UUID, Assessment]:
    keys = [one.assessment for one in answer.undone]
    return Assessment.objects.select_related("person").in_bulk(keys)
