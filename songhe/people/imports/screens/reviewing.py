"""Rows in doubt, side by side with the persons they may be about."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.kernel.errors import Conflict, NotFound
from songhe.kernel.keys import key_read
from songhe.people.imports import presenters, queries
from songhe.people.imports.operations.deciding import accept_candidate, reject_candidates, reopen_row
from songhe.people.imports.screens.saying import said, say
from songhe.people.imports.sources import list_of
from songhe.people.imports.states import BatchState
from songhe.people.permissions import IMPORT
from songhe.ui.words import said_error

_UNDO = "undo"


@needs(IMPORT)
@require_GET
def import_review(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The first row in doubt; when all are decided, the differences again."""
    batch = queries.batch_of(request.actor, pk)
    following = queries.review_state(batch)["next"]
    if following is None:
        say(request, _("要人工认的都认完了"))
        return redirect("import", pk)
    return redirect("import-review-row", pk, following)


@needs(IMPORT)
@require_http_methods(["GET", "POST"])
def import_review_row(request: ActingRequest, pk: UUID, number: int) -> HttpResponse:
    """One row in doubt: who it is, or that it is none of those shown."""
    batch = queries.batch_of(request.actor, pk)
    row = queries.row_of(batch, number)
    if row.told is None:
        raise NotFound(_("这一行"))
    if request.method == "POST":
        return _decide(request, pk, number)
    today = timezone.localdate()
    context = {
        "batch": batch, "expected": list_of(batch.source), "row": row, "state": queries.review_state(batch, number),
        "pairs": presenters.pairs(batch, row, queries.candidates_of(batch, number), today),
        "facts": [(presenters.label_of(fact), presenters.said(fact, told[0])) for fact, told in row.told.items()],
        "open": batch.state == BatchState.COMPARED, "said": said(request),
    }  # fmt: skip
    return render(request, "imports/review.html", context)


def _decide(request: ActingRequest, pk: UUID, number: int) -> HttpResponse:
    wanted, now = request.POST.get("person", ""), timezone.now()
    try:
        if wanted == _UNDO:
            reopen_row(actor=request.actor, batch_id=pk, number=number)
            return redirect("import-review-row", pk, number)
        if wanted == "none":
            reject_candidates(actor=request.actor, batch_id=pk, number=number, now=now)
            say(request, _("第{number:,}行记下了：都不是").format(number=number), "info")
        else:
            accept_candidate(
                actor=request.actor, batch_id=pk, number=number, person=_chosen(wanted), today=timezone.localdate(now),
                now=now,
            )  # fmt: skip
            say(request, _("第{number:,}行认好了").format(number=number))
    except Conflict as error:
        say(request, said_error(error), "alarm")
        return redirect("import-review-row", pk, number)
    return redirect("import-review", pk)


def _chosen(text: str) -> UUID:
    key = key_read(text)
    if key is None:
        raise NotFound(_("这位老人"))
    return key
