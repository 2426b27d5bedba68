"""One household: who lives together, and moving together."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import NotFound, SongheError
from songhe.people import forms, permissions, presenters_file
from songhe.people.models import Household
from songhe.people.operations.housing import move_household
from songhe.people.queries import file
from songhe.people.screens import places
from songhe.people.screens.deeds import first
from songhe.people.screens.saying import said, say
from songhe.regions.api import place_of


@needs(permissions.READ)
@require_GET
def household(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Everybody under one roof with what changes the work, and whom to ring."""
    found, today = _open(request, pk), timezone.localdate()
    members = file.members_of(found.pk, contacts=True)
    context = {
        "household": found,
        "place": place_of(found.region_code, today),
        "members": presenters_file.member_lines(members, None, today),
        "contacts": [
            (one.name, line)
            for one in members
            for line in presenters_file.contact_lines(file.contacts_of(one, today)[0], today)
        ],
        "may_move": request.actor.may(permissions.LIFE_EVENT) and bool(members),
        "said": said(request),
    }
    return render(request, "people/household.html", context)


@needs(permissions.LIFE_EVENT)
@require_http_methods(["GET", "POST"])
@answered_once
def household_move(request: ActingRequest, pk: UUID) -> HttpResponse:
    """All of a household move together."""
    found, today = _open(request, pk), timezone.localdate()
    form = forms.MoveForm(
        request.POST if request.method == "POST" else None,
        communities=places.communities(request.actor, today),
        initial=first(on_date=today.isoformat()),
    )
    for name in ("place", "source", "reason"):
        del form.fields[name]
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("area", "address", "on_date")}
        try:
            moved = move_household(actor=request.actor, today=today, now=timezone.now(), household_id=pk, **given)
        except SongheError as error:
            form.refuse(error)
        else:
            say(request, _("{number}位老人一起迁过去了").format(number=len(moved)))
            return redirect("household", pk)
    context = {"household": found, "form": form}
    return render(request, "people/household_move.html", context, status=422 if form.is_bound else 200)


def _open(request: ActingRequest, pk: UUID) -> Household:
    try:
        return file.household_of(request.actor, pk)
    except NotFound as error:
        raise Http404 from error
