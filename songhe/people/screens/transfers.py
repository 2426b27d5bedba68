"""Files on their way from one district to another: what waits, asking for a file, answering, taking back."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import NotFound, SongheError
from songhe.people import forms, permissions
from songhe.people.operations import transferring
from songhe.people.presenters_transfers import line_of, lines_of
from songhe.people.queries import file
from songhe.people.queries import transfers as queries
from songhe.people.screens import places
from songhe.people.screens.deeds import first
from songhe.people.screens.saying import said, say
from songhe.people.terms import Side, TransferState
from songhe.ui.words import said_error


@needs(permissions.TRANSFER)
@require_GET
def transfers(request: ActingRequest) -> HttpResponse:
    """The transfers of the working region: those that wait for its answer, then all of them, the latest first."""
    today, filters = timezone.localdate(), _filters(request)
    page = queries.page_of(request.actor, filters)
    context = {
        "waiting": lines_of(queries.waiting_for(request.actor), today), "lines": lines_of(page.rows, today),
        "filters": filters, "heads": queries.SORTS.heads(filters),
        "count": queries.listed(request.actor, filters).count(),
        "before_url": page.before_url(filters), "after_url": page.after_url(filters),
        "states": TransferState.choices, "sides": Side.choices, "said": said(request),
    }  # fmt: skip
    return render(request, "people/transfers.html", context)


def _filters(request: ActingRequest) -> queries.Filters:
    asked = {name: request.GET.get(name, "").strip()[:40] for name in queries.Filters.__dataclass_fields__}
    asked["sort"] = queries.SORTS.read(asked["sort"])
    for name, known in (("state", TransferState.values), ("side", Side.values)):
        asked[name] = asked[name] if asked[name] in known else ""
    return queries.Filters(**asked)


@needs(permissions.TRANSFER)
@require_http_methods(["GET", "POST"])
@answered_once
def transfer_new(request: ActingRequest) -> HttpResponse:
    """Asks for a file that lies in another district."""
    today = timezone.localdate()
    form = forms.RequestTransferForm(
        request.POST if request.method == "POST" else None,
        communities=places.communities(request.actor, today),
        initial=first(),
    )
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("identity", "area", "address", "reason")}
        try:
            transferring.request_transfer(actor=request.actor, now=timezone.now(), **given)
        except SongheError as error:
            form.refuse(error)
        else:
            say(request, _("申请已送出，等对方答复"))
            return redirect("transfers")
    return render(request, "people/transfer_new.html", {"form": form}, status=422 if form.is_bound else 200)


@needs(permissions.TRANSFER)
@require_http_methods(["GET", "POST"])
@answered_once
def transfer(request: ActingRequest, pk: UUID) -> HttpResponse:
    """One transfer, and the answer to it."""
    today = timezone.localdate()
    try:
        found = file.transfer_of(request.actor, pk)
    except NotFound as error:
        raise Http404 from error
    asked = found.state == TransferState.PROPOSED and found.side != found.asked_by
    form = forms.AnswerTransferForm(
        request.POST if request.method == "POST" else None,
        communities=places.communities(request.actor, today) if asked else (),
        receiving=found.side == Side.RECEIVING,
        initial=first(area=found.to_region, address=found.address),
    )
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data.get(name, "") for name in ("area", "address", "answer")}
        yes = form.cleaned_data["accepted"] == "yes"
        try:
            transferring.answer_transfer(
                actor=request.actor, today=today, now=timezone.now(), transfer_id=pk, accepted=yes, **given
            )
        except SongheError as error:
            form.refuse(error)
        else:
            say(request, _("已同意，档案转过去了") if yes else _("已答复不同意"))
            return redirect("transfers")
    context = {"line": line_of(found, today), "form": form if asked else None, "said": said(request)}
    return render(request, "people/transfer.html", context, status=422 if form.is_bound else 200)


@needs(permissions.TRANSFER)
@require_POST
def transfer_withdraw(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The side that asked takes it back."""
    try:
        transferring.withdraw_transfer(actor=request.actor, now=timezone.now(), transfer_id=pk)
    except NotFound as error:
        raise Http404 from error
    except SongheError as error:
        say(request, said_error(error), kind="alarm")
    else:
        say(request, _("转区撤回了"))
    return redirect("transfers")
