"""The page of messages."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.notices.operations import mark_read
from songhe.foundation.notices.queries import READ, SORTS, UNREAD, Filters, counts_of, notice_of, page_of
from songhe.kernel.errors import NotFound


@require_http_methods(("GET", "HEAD", "POST"))
@needs()
def notices(request: ActingRequest) -> HttpResponse:
    """One's own messages; by POST all are marked as read."""
    if request.method == "POST":
        mark_read(actor=request.actor, now=timezone.now())
        return HttpResponseRedirect(reverse("notices"))
    filters = Filters(**{name: request.GET.get(name, "")[:40] for name in ("state", "sort", "after", "before")})
    page, counts = page_of(request.actor, filters), counts_of(request.actor)
    words = {"": gettext("全部"), UNREAD: gettext("没读"), READ: gettext("读过")}
    context = {
        "notices": page.rows,
        "unread": counts[UNREAD],
        "total": counts.get(filters.state, counts[""]),
        "tabs": [(filters.address(state=one), words[one], counts[one], one == filters.state) for one in words],
        "state": filters.state if filters.state in words else "",
        "heads": SORTS.heads(filters),
        "before_url": page.before_url(filters),
        "after_url": page.after_url(filters),
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
