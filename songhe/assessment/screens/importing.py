"""Files of results: handed in, their errors, let in by a second officer, taken back."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from songhe.assessment import permissions
from songhe.assessment.batches import BatchState, ResultBatch
from songhe.assessment.forms import WordsForm
from songhe.assessment.operations import importing
from songhe.assessment.operations.reading_rows import HEADERS
from songhe.assessment.queries.batches import batch_of, errors_of, newest_batches, open_job_of
from songhe.assessment.scales.definition import current_scale
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.recording import exported
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.uploads.operations import discard, keep
from songhe.kernel.errors import SongheError
from songhe.ui.forms import RefusedForm
from songhe.ui.words import said_error

_MARKS = {
    BatchState.READING: "todo", BatchState.APPROVED: "todo", BatchState.STAGED: "due", BatchState.APPLIED: "yes",
}  # fmt: skip
_DEEDS = {"approve": gettext_lazy("批准，写入"), "refuse": gettext_lazy("不批"), "undo": gettext_lazy("整批撤回")}
_STATE_OF = {"approve": BatchState.STAGED, "refuse": BatchState.STAGED, "undo": BatchState.APPLIED}


class FileForm(RefusedForm):
    """The file."""

    file = forms.FileField(label=gettext_lazy("文件"))


@require_GET
@needs(permissions.IMPORT)
def result_batches(request: ActingRequest) -> HttpResponse:
    """The files that were handed in."""
    rows = [(one, _MARKS.get(BatchState(one.state), "no")) for one in newest_batches(request.actor)]
    return render(request, "assessment/batches.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@needs(permissions.IMPORT)
@answered_once
def result_batch_new(request: ActingRequest) -> HttpResponse:
    """A file is handed in; reading it begins."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            upload = keep(request.actor, form.cleaned_data["file"], permission=permissions.IMPORT, now=now)
            try:
                batch = importing.hand_in(actor=request.actor, upload=upload, now=now)
            except SongheError:
                discard(actor=request.actor, upload=upload, now=now)
                raise
            return redirect("result-batch", batch.pk)
        except SongheError as error:
            form.refuse(error, "file")
    return render(request, "assessment/batch_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
@needs(permissions.IMPORT)
def result_batch_template(request: ActingRequest) -> HttpResponse:
    """An empty file with all the columns of the scale of today."""
    scale = current_scale(timezone.localdate())
    header = [*(names[0] for names in HEADERS.values()), *(f"{item.code} {item.name}" for item in scale.items)]
    return _csv([header], "assessment-results.csv")


@require_GET
@needs(permissions.IMPORT, permissions.REVIEW)
def result_batch(request: ActingRequest, pk: UUID) -> HttpResponse:
    """One file: where it stands, how many rows can be used, and every cell that cannot."""
    batch = batch_of(request.actor, pk)
    errors, after = errors_of(batch, request.GET.get("after", ""))
    context = {
        "batch": batch, "errors": errors, "after": after, "job": open_job_of(batch), "counts": batch.counts,
        "mark": _MARKS.get(BatchState(batch.state), "no"), "buttons": _buttons(request, batch),
    }  # fmt: skip
    return render(request, "assessment/batch.html", context)


@require_http_methods(["GET", "POST"])
@needs(permissions.REVIEW)
@answered_once
def result_batch_deed(request: ActingRequest, pk: UUID, deed: str) -> HttpResponse:
    """A file is let in, refused or taken back."""
    batch, now = batch_of(request.actor, pk), timezone.now()
    if deed not in _DEEDS:
        raise Http404
    form = WordsForm(request.POST or None) if deed != "approve" else None
    if request.method == "POST" and (form is None or form.is_valid()):
        words = form.cleaned_data["words"] if form else ""
        try:
            if deed == "approve":
                importing.approve(actor=request.actor, batch_id=pk, now=now)
            else:
                do = importing.refuse if deed == "refuse" else importing.ask_undo
                do(actor=request.actor, batch_id=pk, words=words, now=now)
            return redirect("result-batch", pk)
        except SongheError as error:
            messages.error(request, said_error(error))
            return redirect("result-batch", pk)
    context = {"batch": batch, "deed": deed, "word": _DEEDS[deed], "form": form}
    return render(request, "assessment/batch_deed.html", context, status=422 if form and form.is_bound else 200)


@require_http_methods(["POST"])
@needs(permissions.IMPORT, permissions.REVIEW)
def result_batch_errors(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Every cell that cannot be used, as a table to keep."""
    batch = batch_of(request.actor, pk)
    rows = list(batch.errors.order_by("id").values_list("number", "column", "shown", "problem", "accepted"))
    detail = {"batch": str(batch.pk)}
    exported(request.actor, action="assessment.export", rows=len(rows), detail=detail, region=batch.region_code)
    header = [_("行"), _("列"), _("写的是"), _("问题"), _("能接受的写法")]
    return _csv([header, *rows], f"errors-{batch.pk}.csv")


def _buttons(request: ActingRequest, batch: ResultBatch) -> list[tuple[str, object]]:
    """What this person may do with the file now."""
    if not request.actor.may(permissions.REVIEW) or open_job_of(batch):
        return []
    mine = batch.made_by is not None and batch.made_by == request.actor.account_id
    possible = [deed for deed, state in _STATE_OF.items() if batch.state == state and (deed == "undo" or not mine)]
    return [(reverse("result-batch-deed", args=[batch.pk, deed]), _DEEDS[deed]) for deed in possible]


def _csv(rows: list[Any], name: str) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
