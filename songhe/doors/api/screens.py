"""Other systems on screen: proposed by one security administrator, let in by another, shut out by either."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from songhe.doors.api import listing
from songhe.doors.api.clients import approve_client, client_named, end_client, propose_client
from songhe.doors.api.forms import SystemForm
from songhe.doors.api.models import ApiClient
from songhe.doors.api.terms import Purpose
from songhe.foundation.access.actors import words_of
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.permissions import APPROVE, GRANT, READ
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import BadInput, SongheError
from songhe.people.terms import Source
from songhe.regions.api import names_of
from songhe.ui.words import said, said_error

_FIELDS = {"名称": "name", "单位": "office", "到期日": "until_date"}


@require_safe
@needs(READ)
def systems(request: ActingRequest) -> HttpResponse:
    """The systems of the region, those that wait for a second person first."""
    filters, actor = listing.Filters.read(request.GET), request.actor
    page, waiting = listing.page_of(actor, filters), list(listing.waiting_for(actor))
    names = names_of(one.region for one in (*page.rows, *waiting))
    context = {
        "rows": [_row(one, names) for one in page.rows], "waiting": [_row(one, names) for one in waiting],
        "filters": filters, "heads": listing.SORTS.heads(filters), "count": listing.listed(actor, filters).count(),
        "before_url": page.before_url(filters), "after_url": page.after_url(filters),
        "may_propose": actor.may(GRANT), "may_approve": actor.may(APPROVE), "mine": actor.account_id,
        "ending": listing.named(actor, request.GET.get("confirm", "")),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "api/systems.html", context)


@needs(GRANT)
@answered_once
def system_new(request: ActingRequest) -> HttpResponse:
    """Proposes a system."""
    form = SystemForm(request.POST or None)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            propose_client(actor=request.actor, today=timezone.localdate(now), now=now, **form.cleaned_data)
        except BadInput as error:
            form.add_error(_FIELDS.get(error.where), said(error.problem))
        except SongheError as error:
            form.add_error(None, said_error(error))
        else:
            messages.success(request, gettext("提出了，等另一位安全管理员批准"))
            return redirect("systems")
    return render(request, "api/system_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@needs(GRANT, APPROVE)
def system_decide(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Lets a system in, which shows its token this once; or shuts it out."""
    client, deed = client_named(request.actor, pk), request.POST.get("deed", "")
    try:
        if deed == "approve":
            token = approve_client(actor=request.actor, client=pk, now=timezone.now())
            return _token_page(request, client, token)
        if deed == "end":
            end_client(actor=request.actor, client=pk, now=timezone.now())
            messages.success(request, gettext("停用了，它的下一次调用就不算数"))
    except SongheError as error:
        messages.error(request, said_error(error))
    return redirect("systems")


def _token_page(request: HttpRequest, client: ApiClient, token: str) -> HttpResponse:
    response = render(request, "api/system_token.html", {"one": client, "token": token})
    response["Cache-Control"] = "no-store"
    return response


def _row(one: ApiClient, names: dict[str, str]) -> dict[str, Any]:
    return {
        "one": one, "region": names.get(one.region, one.region), "waiting": one.approved_at is None,
        "purposes": [str(Purpose(purpose).label) for purpose in one.purposes],
        "actions": [said(words_of(action)) for action in one.actions],
        "source": str(Source(one.source).label) if one.source else "",
    }  # fmt: skip
