"""The page of messages."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.notices.operations import mark_read
from songhe.foundation.notices.queries import notice_of, notices_of, unread_count
from songhe.kernel.errors import NotFound

_ROWS = 100


@require_http_methods(("GET", "HEAD", "POST"))
@needs()
def notices(request: ActingRequest) -> HttpResponse:
    """One's own messages; by POST all are marked as read."""
    if request.method == "POST":
        mark_read(actor=request.actor, now=timezone.now())
        return HttpResponseRedirect(reverse("notices"))
    context = {
        "notices": notices_of(request.actor)[:_ROWS],
        "unread": unread_count(request.actor.account_id),
        "rows": _ROWS,
    }
    return render(request, "notices/notices.html", context)


@require_POST
@needs()
def notice(request: ActingRequest, notice_id: UUID) -> HttpResponse:
    """Marks one message as read and goes where it points."""
    found = notice_of(request.actor, notice_id)
    if found is None:
        raise NotFound("这条通知")
    mark_read(actor=request.actor, notices=[notice_id], now=timezone.now())
    return HttpResponseRedirect(found.link or reverse("notices"))
