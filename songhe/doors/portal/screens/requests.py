"""For staff: who wants to be rung, and how it went."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from songhe.doors.portal.kinds import CONTACT
from songhe.doors.portal.operations import open_contact, request_of, settle
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.tasks import permissions as tasks
from songhe.regions.api import place_of
from songhe.ui.words import said


@needs(tasks.DO)
@require_http_methods(["GET", "POST"])
@answered_once
def request_page(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Shows name and telephone when asked to, which is kept; closes the matter with what came of it."""
    row, now = request_of(request.actor, pk), timezone.now()
    deed, opened, error = request.POST.get("do", ""), None, ""
    if deed == "open" and row.settled_at is None:
        opened = open_contact(actor=request.actor, request=pk, now=now)
    elif deed == "settle" and row.settled_at is None:
        if request.POST.get("outcome", "") in CONTACT.outcomes:
            settle(actor=request.actor, request=pk, outcome=request.POST["outcome"], now=now)
            return redirect("tasks")
        error = gettext("选一个结果")
    context = {
        "row": row, "opened": opened, "error": error,
        "outcomes": [(code, said(words)) for code, words in CONTACT.outcomes.items()],
        "place_name": place_of(row.region_code, timezone.localdate(now)),
    }  # fmt: skip
    return render(request, "portal/request.html", context, status=422 if error else 200)
