"""What can be done with the list of tasks as a whole: views of one's own, taking it along."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.tasks import permissions
from songhe.foundation.tasks.jobs import EXPORT
from songhe.foundation.tasks.queries import DUE, KEPT, MINE, NEWEST, WHOSE, Filters
from songhe.foundation.uploads.lists import begin_list
from songhe.foundation.views_kept.keeping import drop_view, save_view
from songhe.foundation.views_kept.models import QUERY_LENGTH
from songhe.kernel.errors import SongheError
from songhe.ui.words import said_error

VIEWS = "tasks"


def filters_of(given: QueryDict) -> Filters:
    """The filters that an address says; what nobody offers narrows nothing."""
    asked = {name: given.get(name, "")[:120] for name in (*KEPT, "after")}
    if asked["whose"] not in WHOSE:
        asked["whose"] = MINE
    if asked["due"] not in DUE:
        asked["due"] = ""
    if asked["sort"] != NEWEST:
        asked["sort"] = ""
    return Filters(**asked)


@require_POST
@needs(permissions.READ)
@answered_once
def tasks_export(request: ActingRequest) -> HttpResponse:
    """Starts writing the list to a file."""
    filters = _within(request)
    kept = {name: value for name, value in asdict(filters).items() if value}
    return begin_list(request, EXPORT, "导出待办", {"filters": kept}, back=reverse("tasks") + filters.address())


@require_POST
@needs(permissions.READ)
def task_view_save(request: ActingRequest) -> HttpResponse:
    """Keeps the filters as a view of one's own."""
    filters = _within(request)
    query = filters.address().lstrip("?")
    try:
        view = save_view(
            account=request.account, page=VIEWS, name=request.POST.get("name", ""), query=query, now=timezone.now()
        )  # fmt: skip
        messages.success(request, gettext("视图“{name}”存好了").format(name=view.name))
    except SongheError as error:
        messages.error(request, said_error(error))
    return redirect(reverse("tasks") + filters.address())


@require_POST
@needs(permissions.READ)
def task_view_drop(request: ActingRequest, view_id: UUID) -> HttpResponse:
    """Removes a view of one's own."""
    drop_view(account=request.account, page=VIEWS, view=view_id)
    messages.success(request, gettext("视图删掉了"))
    return redirect("tasks")


def _within(request: HttpRequest) -> Filters:
    return filters_of(QueryDict(request.POST.get("within", "")[:QUERY_LENGTH]))
