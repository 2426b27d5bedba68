"""Pages of work in the background: the list, one job, its progress while it runs, and stopping it."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.recording import exported
from songhe.foundation.jobs import permissions
from songhe.foundation.jobs.handlers import known_kinds
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.operations import cancel, may_cancel
from songhe.foundation.jobs.presenters import LIST_HEAD, all_presented, list_rows, presented
from songhe.foundation.jobs.queries import ALL, MINE, SORTS, Filters, count_of, job_of, listed, open_jobs, page_of
from songhe.foundation.jobs.states import JobState
from songhe.kernel.errors import Conflict
from songhe.ui.lists import file_answer
from songhe.ui.words import said, said_error

_MOST_ROWS = 20_000


@require_safe
@needs()
def jobs(request: ActingRequest) -> HttpResponse:
    """What runs, then everything, the newest first."""
    actor, filters = request.actor, _filters(request.GET)
    page = page_of(actor, filters)
    context = {
        "filters": filters,
        "running": all_presented(list(open_jobs(actor, filters)), actor),
        "rows": all_presented(page.rows, actor),
        "heads": SORTS.heads(filters),
        "before_url": page.before_url(filters),
        "after_url": page.after_url(filters),
        "total": count_of(actor, filters),
        "views": [
            (filters.address(whose=whose), words, whose == filters.whose) for whose, words in _views(request)
        ],
        "states": JobState.choices,
        "kinds": [(kind, said(words)) for kind, words in known_kinds().items()],
    }  # fmt: skip
    return render(request, "jobs/jobs.html", context)


@require_POST
@needs()
def jobs_export(request: ActingRequest) -> HttpResponse:
    """The list as a file: what was done, when, by whom and what came of it."""
    actor, filters = request.actor, _filters(QueryDict(request.POST.get("within", "")))
    rows = list_rows(all_presented(list(listed(actor, filters)[:_MOST_ROWS]), actor))
    kept = {name: value for name, value in asdict(filters).items() if value}
    exported(actor, action="jobs.export", rows=len(rows), detail={"filters": kept})
    return file_answer(gettext("运行"), request.POST.get("kind", ""), [gettext(words) for words in LIST_HEAD], rows)


@require_safe
@needs()
def job(request: ActingRequest, job_id: UUID) -> HttpResponse:
    """One job: how far it is, what came of it. With ?stop=1 the question whether to stop it."""
    found = job_of(request.actor, job_id)
    asks = bool(request.GET.get("stop")) and may_cancel(request.actor, found)
    return render(request, "jobs/job.html", {"one": presented(found, request.actor), "asks": asks})


@require_safe
@never_cache
@needs()
def job_progress(request: ActingRequest, job_id: UUID) -> HttpResponse:
    """The part of a page that tells how far a job is; asks again by itself while the job is open."""
    found = job_of(request.actor, job_id)
    return render(request, "jobs/standing.html", {"one": presented(found, request.actor)})


@require_POST
@needs()
def stop_job(request: ActingRequest, job_id: UUID) -> HttpResponse:
    """Stops a job, and shows it."""
    found = job_of(request.actor, job_id)
    try:
        stopped = cancel(actor=request.actor, job=found, now=timezone.now())
    except Conflict as error:
        messages.warning(request, said_error(error))
    else:
        messages.success(request, _stopped_words(stopped))
    return HttpResponseRedirect(reverse("job", args=[job_id]))


def _stopped_words(stopped: Job) -> str:
    if stopped.state == JobState.CANCELLED:
        return gettext("{title}：停了，还没有开始做").format(title=stopped.title)
    return gettext("{title}：正在停，做过的会退回").format(title=stopped.title)


def _views(request: ActingRequest) -> list[tuple[str, str]]:
    own = [(MINE, gettext("我开始的"))]
    return [*own, (ALL, gettext("全部"))] if request.actor.may(permissions.READ) else own


def _filters(given: QueryDict) -> Filters:
    """What an address asks for; what nobody offers narrows nothing."""
    state, kind = given.get("state", ""), given.get("kind", "")
    return Filters(
        whose=ALL if given.get("whose") == ALL else MINE,
        state=state if state in JobState.values else "",
        kind=kind if kind in known_kinds() else "",
        sort=SORTS.read(given.get("sort", "")), after=given.get("after", "")[:40], before=given.get("before", "")[:40],
    )  # fmt: skip
