"""The list of batches, a new one, and which column holds what."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.uploads.models import Upload
from songhe.foundation.uploads.operations import discard, keep
from songhe.foundation.uploads.queries import opened
from songhe.kernel.errors import BadInput, NotFound, SongheError
from songhe.people.imports.forms import ColumnsForm, NewBatchForm
from songhe.people.imports.models import Batch
from songhe.people.imports.operations.approving import may_approve
from songhe.people.imports.operations.handing_in import (
    AlreadyOpen,
    AlreadyWritten,
    abandon,
    open_batch,
    read_batch,
    suggested,
)
from songhe.people.imports.presenters import steps
from songhe.people.imports.queries import batch_of
from songhe.people.imports.reading import sample
from songhe.people.imports.screens.saying import said, say
from songhe.people.imports.sources import list_of
from songhe.people.permissions import IMPORT, UNDO


@needs(IMPORT)
@require_http_methods(["GET", "POST"])
@answered_once
def import_new(request: ActingRequest) -> HttpResponse:
    """A file is chosen."""
    now = timezone.now()
    form = NewBatchForm(request.POST, request.FILES) if request.method == "POST" else NewBatchForm()
    already: Batch | None = None
    if request.method == "POST" and form.is_valid():
        try:
            batch = _opened(request, form.cleaned_data, now)
        except SongheError as error:
            already = error.batch if isinstance(error, AlreadyWritten | AlreadyOpen) else None
            form.refuse(error)
        else:
            return redirect("import", batch.pk)
    context = {"form": form, "steps": steps(None), "already": already, "today_iso": timezone.localdate(now).isoformat()}
    return render(request, "imports/new.html", context, status=422 if form.is_bound else 200)


def _opened(request: ActingRequest, given: dict[str, Any], now: datetime) -> Batch:
    """The file kept and its batch; a file that is no table, or was there before, is not kept."""
    upload = keep(request.actor, given["file"], permission=IMPORT, now=now)
    try:
        _check_readable(upload, given["source"])
        return open_batch(
            actor=request.actor, upload=upload, source=given["source"], data_until=given["data_until"],
            today=timezone.localdate(now), now=now,
        )  # fmt: skip
    except SongheError:
        discard(actor=request.actor, upload=upload, now=now)
        raise


def _check_readable(upload: Upload, source: str) -> None:
    with opened(upload) as path:
        try:
            sample(path, list_of(source), {})
        except BadInput as error:
            where, problem = (text.replace(path.name, upload.name) for text in (error.where, error.problem))
            raise BadInput(where, problem, given=error.given, accepted=error.accepted) from None


def columns_page(request: ActingRequest, batch: Batch, error: SongheError | None = None) -> HttpResponse:
    """Which column holds what: what is guessed, with some masked cells."""
    upload = Upload.objects.filter(pk=batch.upload).first()
    if upload is None:
        raise NotFound(_("这个文件"))
    expected = list_of(batch.source)
    with opened(upload) as path:
        header = sample(path, expected, {})[0]
        mapped = suggested(batch, header)
        cells = sample(path, expected, mapped)[1]
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, expected=expected, header=header, initial=mapped)
    rows = [
        {
            "field": form[key], "column": column, "cells": cells.get(str(form[key].value() or ""), []),
            "must": column.required,
        }
        for key, column in expected.columns.items()
    ]  # fmt: skip
    unused = [name for name in dict.fromkeys(header) if name and name not in mapped.values()]
    context = {
        "batch": batch, "expected": expected, "rows": rows, "steps": steps(batch), "error": error, "unused": unused,
        "may_import": request.actor.may(IMPORT), "ask": request.GET.get("ask", ""), "said": said(request),
    }  # fmt: skip
    return render(request, "imports/columns.html", context, status=422 if error else 200)


@needs(IMPORT)
@require_http_methods(["POST"])
def import_columns(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The columns are told: reading starts."""
    batch = batch_of(request.actor, pk)
    upload = Upload.objects.filter(pk=batch.upload).first()
    if upload is None:
        raise NotFound(_("这个文件"))
    expected = list_of(batch.source)
    with opened(upload) as path:
        header = sample(path, expected, {})[0]
    wanted = {key: request.POST.get(key, "") for key in expected.columns}
    try:
        read_batch(actor=request.actor, batch_id=pk, header=header, mapping=wanted, now=timezone.now())
    except BadInput as error:
        return columns_page(request, batch, error)
    return redirect("import", pk)


@needs(IMPORT)
@require_http_methods(["POST"])
def import_abandon(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The batch is given up."""
    abandon(actor=request.actor, batch_id=pk, now=timezone.now())
    say(request, _("这批名册放弃了，没有写入任何东西"), "info")
    return redirect("imports")


def rights(request: ActingRequest, batch: Batch) -> dict[str, bool]:
    """What the person at the page may do with the batch."""
    return {
        "import": request.actor.may(IMPORT),
        "approve": may_approve(request.actor, batch),
        "undo": request.actor.may(UNDO),
    }
