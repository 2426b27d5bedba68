"""What the public says about the lists of one's region, and answering it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import BadInput
from songhe.policy.operations.opinions import LONGEST, answer_opinion, open_opinion_contact
from songhe.policy.opinions import ANSWERED, Filters, opinion_counts, opinion_of, opinions_in
from songhe.policy.permissions import ANSWER
from songhe.ui.words import said_error


@needs(ANSWER)
@require_safe
def opinions(request: ActingRequest) -> HttpResponse:
    """What waits for an answer, and what was answered."""
    given = {name: request.GET.get(name, "")[:40] for name in ("state", "after", "before")}
    filters = Filters(**given | {"state": ANSWERED if given["state"] == ANSWERED else ""})
    page, (waiting, answered) = opinions_in(request.actor, filters), opinion_counts(request.actor)
    context = {
        "rows": page.rows, "answered": filters.state == ANSWERED, "waiting_count": waiting, "answered_count": answered,
        "total": answered if filters.state == ANSWERED else waiting,
        "before_url": page.before_url(filters), "after_url": page.after_url(filters),
    }  # fmt: skip
    return render(request, "policy/opinions.html", context)


@needs(ANSWER)
@require_http_methods(["GET", "POST"])
@answered_once
def opinion(request: ActingRequest, pk: UUID) -> HttpResponse:
    """One opinion: read, answered once; the contact is shown when asked for, which is kept."""
    row, now = opinion_of(request.actor, pk), timezone.now()
    deed, contact, error = request.POST.get("do", ""), "", ""
    given = request.POST.get("answer", "")
    if deed == "open" and row.contact_sealed is not None:
        contact = open_opinion_contact(actor=request.actor, opinion=pk, now=now)
    elif deed == "answer":
        try:
            answer_opinion(actor=request.actor, opinion=pk, words=given, now=now)
            return redirect("opinions")
        except BadInput as refusal:
            error = said_error(refusal)
    context = {"row": row, "contact": contact, "error": error, "given": given, "longest": LONGEST}
    return render(request, "policy/opinion.html", context, status=422 if error else 200)
