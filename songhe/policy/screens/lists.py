"""The page of lists, one list with its releases, importing from the folder and the yearly look."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import SongheError
from songhe.policy.forms import BeginForm, ImportForm, UnchangedForm
from songhe.policy.importable import importable
from songhe.policy.operations.drafting import begin_draft
from songhe.policy.operations.importing import import_list, load_instruments
from songhe.policy.operations.revising import keep_unchanged
from songhe.policy.permissions import PROPOSE, READ
from songhe.policy.presenters import list_lines, region_names, status_of, turn_of
from songhe.policy.queries import list_seen_by, releases, revision_asked
from songhe.policy.rights import may_begin


@needs(READ)
@require_safe
def policies(request: ActingRequest) -> HttpResponse:
    """The lists seen from the working region."""
    lines = list_lines(request.actor, timezone.localdate())
    return render(request, "policy/lists.html", {"lines": lines, "may_import": request.actor.may(PROPOSE)})


@needs(READ)
@require_safe
def service_list(request: ActingRequest, pk: UUID) -> HttpResponse:
    """One list: its releases, and the yearly look when it is due."""
    return _page(request, pk)


def _page(
    request: ActingRequest, pk: UUID, begin: BeginForm | None = None, unchanged: UnchangedForm | None = None
) -> HttpResponse:
    today, found = timezone.localdate(), list_seen_by(request.actor.region, pk)
    rows = [
        (one, *status_of(one, today), turn_of(one) if one.state in ("draft", "proposed", "approved") else "")
        for one in releases().filter(of_list=found).order_by("-number")
    ]
    begins = may_begin(request.actor, found) and bool(rows)
    context = {
        "list": found, "place": region_names()(found.region),
        "rows": rows, "begin": begin or BeginForm() if begins else None,
        "revision": revision_asked(found), "unchanged": unchanged or UnchangedForm(),
        "may_propose": request.actor.may(PROPOSE) and request.actor.covers(found.region),
    }  # fmt: skip
    bound = any(form is not None and form.is_bound for form in (begin, unchanged))
    return render(request, "policy/list.html", context, status=422 if bound else 200)


@needs(PROPOSE)
@require_POST
@answered_once
def list_draft(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Begins a draft from the last release."""
    found, form = list_seen_by(request.actor.region, pk), BeginForm(request.POST)
    if form.is_valid():
        try:
            draft = begin_draft(
                actor=request.actor, of_list=found, from_date=form.cleaned_data["from_date"], now=timezone.now(),
                note=form.cleaned_data["note"],
            )  # fmt: skip
        except SongheError as error:
            form.refuse(error, "from_date")
        else:
            messages.success(request, _("草稿起好了，和上一版一样，从这里改起"))
            return redirect("release", draft.pk)
    return _page(request, pk, begin=form)


@needs(PROPOSE)
@require_POST
@answered_once
def list_unchanged(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The list was looked at and stays as it is this year."""
    found, form = list_seen_by(request.actor.region, pk), UnchangedForm(request.POST)
    if form.is_valid():
        try:
            keep_unchanged(
                actor=request.actor, of_list=found.pk, reason=form.cleaned_data["words"], now=timezone.now()
            )  # fmt: skip
        except SongheError as error:
            form.refuse(error, "words")
        else:
            messages.success(request, _("记下了：今年不改"))
            return redirect("service-list", pk)
    return _page(request, pk, unchanged=form)


@needs(PROPOSE)
@require_http_methods(["GET", "POST"])
@answered_once
def list_import(request: ActingRequest) -> HttpResponse:
    """A list of the folder becomes a draft."""
    root = settings.POLICIES
    keys = importable(root, request.actor.region)
    form = ImportForm(request.POST if request.method == "POST" else None, keys=keys)
    if form.is_bound and form.is_valid():
        try:
            load_instruments(root=root)
            draft = import_list(actor=request.actor, root=root, key=form.cleaned_data["key"], now=timezone.now())
        except SongheError as error:
            form.refuse(error, "key")
        else:
            messages.success(request, _("导入了，是草稿；查过以后送审批"))
            return redirect("release", draft.pk)
    return render(request, "policy/import.html", {"form": form, "keys": keys}, status=422 if form.is_bound else 200)
