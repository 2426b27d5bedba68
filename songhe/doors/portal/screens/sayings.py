"""For staff: what an older person said in the portal, and the answer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from songhe.doors.portal.kinds import SAYING
from songhe.doors.portal.mine.presenters import about_words, value_said
from songhe.doors.portal.mine.saying import answer_saying, saying_of
from songhe.doors.portal.terms import About
from songhe.eligibility.decisions.api import items_of
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.tasks import permissions as tasks
from songhe.kernel.errors import BadInput
from songhe.regions.api import place_of
from songhe.ui.words import said, said_error


@needs(tasks.DO)
@require_http_methods(["GET", "POST"])
@answered_once
def saying_page(request: ActingRequest, pk: UUID) -> HttpResponse:
    """What was said, the file it is about, the answer that she will read."""
    row, now, error = saying_of(request.actor, pk), timezone.now(), ""
    request.actor.require("people.read")
    today = timezone.localdate(now)
    if request.method == "POST" and row.answered_at is None:
        outcome, answer = request.POST.get("outcome", ""), request.POST.get("answer", "")
        try:
            answer_saying(actor=request.actor, saying=pk, outcome=outcome, answer=answer, now=now)
            return redirect("tasks")
        except BadInput as problem:
            error = said_error(problem)
    items = items_of(row.region_code, today)
    told = row.about == About.FACT and not row.words
    context = {
        "row": row, "error": error, "given": request.POST,
        "outcomes": [(code, said(words)) for code, words in SAYING.outcomes.items()],
        "outcome_words": said(SAYING.outcomes.get(row.outcome, "")),
        "what": about_words(row.about, row.code, {slug: one.name for slug, one in items.items()}),
        "value": value_said(row.code, row.value, today) if told else "",
        "place_name": place_of(row.region_code, today), "is_fact": row.about == About.FACT,
    }  # fmt: skip
    return render(request, "portal/saying.html", context, status=422 if error else 200)
