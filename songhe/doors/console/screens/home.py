"""The first page: what is mine to do today, then the region at a glance."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from songhe.doors.console.overview import overview_of
from songhe.doors.console.waiting import task_rows, waiting_for
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs, public
from songhe.foundation.jobs.presenters import all_presented
from songhe.foundation.jobs.queries import Filters, page_of
from songhe.foundation.tasks.queries import mine_today
from songhe.people.imports.api import last_lists
from songhe.ui import screens as kit

_TASKS, _JOBS = 5, 5


@require_safe
@needs()
def home(request: ActingRequest) -> HttpResponse:
    """What waits for this person, then the figures of the region."""
    now = timezone.now()
    actor, today = request.actor, timezone.localdate(now)
    context = {
        "waiting": waiting_for(actor, now),
        "tasks": task_rows(mine_today(actor, today, _TASKS), today) if actor.may("tasks.read") else None,
        "overview": overview_of(actor, today) if actor.may("people.read") else None,
        "lists": last_lists() if actor.may("people.import") or actor.may("people.import.approve") else None,
        "jobs": all_presented(page_of(actor, Filters(), _JOBS).rows, actor),
    }
    return render(request, "console/home.html", context)


@require_safe
@public
def components(request: HttpRequest) -> HttpResponse:
    """Every component of the kit; in a demonstration only."""
    if not settings.DEMO:
        raise Http404
    return kit.components(request)
