"""One batch: its page for each state, its rows and errors, and what is decided about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.recording import exported
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.uploads.models import Upload
from songhe.foundation.uploads.queries import opened
from songhe.kernel.errors import NotFound, SongheError
from songhe.people.imports import presenters, queries
from songhe.people.imports.exporting import error_rows
from songhe.people.imports.freezing import anything_written
from songhe.people.imports.models import Batch
from songhe.people.imports.operations.approving import approve, propose, send_back, undo
from songhe.people.imports.operations.deciding import include_kind, include_rows
from songhe.people.imports.screens.handing_in import columns_page, rights
from songhe.people.imports.screens.saying import said, say
from songhe.people.imports.sources import list_of
from songhe.people.imports.states import BatchState
from songhe.people.permissions import APPROVE_IMPORT, IMPORT, UNDO
from songhe.ui.words import said_error

_READING = (BatchState.MAPPED, BatchState.STAGED)
_MOST_CHOSEN = 500
_NUMBER = re.compile(r"-?[0-9]{1,8}")


@needs(IMPORT, APPROVE_IMPORT)
@require_GET
def import_page(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The page of the step at which the batch stands."""
    batch = queries.batch_of(request.actor, pk)
    job = queries.job_of(batch)
    working = job is not None and job.is_open
    if working:
        return render(request, "imports/working.html", _frame(request, batch) | {"job": job})
    if batch.state in (BatchState.UPLOADED, BatchState.FAILED, *_READING):
        return columns_page(request, batch)
    if batch.state == BatchState.COMPARED:
        return _differences(request, batch, "imports/differences.html")
    if batch.state in (BatchState.PROPOSED, BatchState.APPROVED):
        return _differences(request, batch, "imports/approval.html")
    return _differences(request, batch, "imports/done.html")


@needs(IMPORT, APPROVE_IMPORT)
@require_GET
def import_progress(request: ActingRequest, pk: UUID) -> HttpResponse:
    """How far the work is; when it has ended, the page is loaded anew."""
    batch = queries.batch_of(request.actor, pk)
    job = queries.job_of(batch)
    if job is None or not job.is_open:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("import", args=[pk])})
    return render(request, "imports/progress.html", {"batch": batch, "job": job})


def _frame(request: ActingRequest, batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch,
        "expected": list_of(batch.source),
        "steps": presenters.steps(batch),
        "status": presenters.status_of(batch),
        "may": rights(request, batch),
        "ask": request.GET.get("ask", ""),
        "said": said(request),
    }


def _differences(request: ActingRequest, batch: Batch, template: str) -> HttpResponse:
    today, url = timezone.localdate(), reverse("import", args=[batch.pk])
    kind, error, fact = (request.GET.get(name, "") for name in ("kind", "error", "fact"))
    rows = queries.rows_of(batch, kind=kind, fact=fact, after=request.GET.get("after", ""))
    errors = queries.errors_of(batch, kind=error, after=request.GET.get("errors_after", ""))
    kinds = batch.counts.get("kinds", {})
    context = _frame(request, batch) | {
        "kinds": kinds, "kind": kind, "error": error, "fact": fact, "rows": rows, "errors": errors,
        "lines": presenters.lines(batch, rows.rows, today),
        "kind_filters": presenters.kind_filters(batch, kind, url),
        "error_filters": presenters.error_filters(batch, error, url),
        "total": sum(kinds.get(each, 0) for each in queries.SHOWN_KINDS),
        "excluded": queries.excluded_count(batch), "review": queries.review_state(batch),
        "facts": presenters.fact_totals(batch.counts.get("proposed", {})),
        "nothing": batch.state == BatchState.COMPARED and not anything_written(batch),
        "include_url": reverse("import-rows", args=[batch.pk]), "choosing": _may_choose(request, batch, kind),
    }  # fmt: skip
    return render(request, template, context)


def _may_choose(request: ActingRequest, batch: Batch, kind: str) -> bool:
    """Whether rows of the kind shown can be left out here."""
    shown = not kind or kind in queries.SHOWN_KINDS
    return shown and batch.state == BatchState.COMPARED and request.actor.may(IMPORT)


@needs(IMPORT)
@require_POST
def import_rows(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Rows are left out, or taken in again: those that were chosen, or all of a kind."""
    included = request.POST.get("do") == "include"
    kind = request.POST.get("all_of", "")
    if kind:
        count = include_kind(actor=request.actor, batch_id=pk, kind=kind, included=included)
    else:
        chosen = request.POST.getlist("chosen")[:_MOST_CHOSEN]
        numbers = [int(value) for value in chosen if _NUMBER.fullmatch(value)]
        count = include_rows(actor=request.actor, batch_id=pk, numbers=numbers, included=included)
    say(
        request, _("{count:,}行{words}").format(count=count, words=_("又算在内") if included else _("不写入了")), "info"
    )
    back = request.POST.get("within", "")
    url = reverse("import", args=[pk])
    return redirect(f"{url}?kind={back}#differences" if back.isalpha() else f"{url}#differences")


@needs(IMPORT)
@require_GET
def import_error_rows(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The rows with errors as a CSV file."""
    batch = queries.batch_of(request.actor, pk)
    upload = Upload.objects.filter(pk=batch.upload).first()
    if upload is None:
        raise NotFound(_("这个文件"))
    with opened(upload) as path:
        data, rows = error_rows(batch, path)
    exported(
        request.actor, action="people.import.error_rows", rows=rows, detail={"batch": str(pk)}, region=batch.region_code
    )
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="error-rows-{batch.pk}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


def _deed(pk: UUID, request: ActingRequest, do: Callable[[], Batch], words: str, ask: str = "") -> HttpResponse:
    """One deed, then the batch again; what was refused is said there."""
    try:
        do()
    except NotFound:
        raise
    except SongheError as error:
        say(request, said_error(error), "alarm")
        url = reverse("import", args=[pk])
        return redirect(f"{url}?ask={ask}" if ask else url)
    say(request, words)
    return redirect("import", pk)


@needs(IMPORT)
@require_POST
@answered_once
def import_propose(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The differences are put before a second person."""
    now = timezone.now()
    return _deed(
        pk,
        request,
        lambda: propose(actor=request.actor, batch_id=pk, now=now),
        _("送审批了，另一位同事批了才写入"),
    )


@needs(APPROVE_IMPORT)
@require_POST
@answered_once
def import_approve(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The second person lets it in."""
    digest, now = request.POST.get("list_hash", ""), timezone.now()
    return _deed(
        pk, request, lambda: approve(actor=request.actor, batch_id=pk, list_hash=digest, now=now), _("批了，正在写入")
    )


@needs(IMPORT, APPROVE_IMPORT)
@require_POST
def import_send_back(request: ActingRequest, pk: UUID) -> HttpResponse:
    """It goes back to whoever handed it in."""
    reason, now = request.POST.get("reason", ""), timezone.now()
    return _deed(
        pk,
        request,
        lambda: send_back(actor=request.actor, batch_id=pk, reason=reason, now=now),
        _("退回了"),
        "send-back",
    )


@needs(UNDO)
@require_POST
@answered_once
def import_undo(request: ActingRequest, pk: UUID) -> HttpResponse:
    """An applied batch is taken back."""
    reason, now = request.POST.get("reason", ""), timezone.now()
    return _deed(
        pk, request, lambda: undo(actor=request.actor, batch_id=pk, reason=reason, now=now), _("正在撤回"), "undo"
    )
