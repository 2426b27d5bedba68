"""The list of matters, and taking it along."""

from __future__ import annotations

from dataclasses import asdict, replace

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from songhe.eligibility.decisions import permissions
from songhe.eligibility.decisions.exporting import KINDS
from songhe.eligibility.decisions.jobs import EXPORT
from songhe.eligibility.decisions.presenters import item_name
from songhe.eligibility.decisions.presenters_lists import matter_rows, place_choices
from songhe.eligibility.decisions.queries.doors import items_of
from songhe.eligibility.decisions.queries.matters import (
    CLOSED,
    DUE,
    NEWEST,
    OVERDUE,
    Filters,
    filtered,
    filters_of,
    page_of,
    place_split,
    split_by,
)
from songhe.eligibility.decisions.terms import MatterKind, MatterOutcome
from songhe.foundation import jobs
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import BadInput, SongheError
from songhe.rules.facts import PERSON_TABLE
from songhe.ui.words import said, said_error

_CODE = 12


@require_GET
@needs(permissions.WORK)
def matters(request: ActingRequest) -> HttpResponse:
    """What is to be settled, the first due first; filters stand in the address."""
    actor, today, filters = request.actor, timezone.localdate(), filters_of(request.GET.dict())
    try:
        page = page_of(actor, filters, today)
    except BadInput as error:
        messages.error(request, said_error(error))
        return redirect(reverse("matters") + filters.address())
    items = items_of(actor.region.ljust(_CODE, "0"), today)
    still, overdue = Filters(), Filters(due=OVERDUE)
    context = {
        "filters": filters,
        "rows": matter_rows(page.rows, items, today),
        "total": filtered(actor, filters, today).count(),
        "tabs": [
            (_("要办的"), still.address(), filtered(actor, still, today).count(), filters.is_open, False),
            (_("办了的"), Filters(outcome=CLOSED).address(), None, not filters.is_open, False),
        ],
        "overdue": filtered(actor, overdue, today).count(),
        "kinds": [(code, _counted(MatterKind(code).label, count)) for code, count in _split(request, filters, "kind")],
        "listed": [(slug, _counted(item_name(items, slug), n)) for slug, n in _split(request, filters, "item")],
        "questions": [
            (fact, _counted(said(PERSON_TABLE[fact].label), n)) for fact, n in _split(request, filters, "question")
        ],
        "outcomes": [
            (code, _counted(MatterOutcome(code).label, n)) for code, n in _split(request, filters, "outcome")
        ] if not filters.is_open else [],
        "due": [(code, _(words)) for code, words in DUE.items()],
        "places": place_choices(place_split(actor, filters, today)),
        "sorts_due": filters.address(sort=""),
        "sorts_newest": filters.address(sort=NEWEST),
        "first_url": filters.address() if filters.after else "",
        "after_url": filters.address(after=page.after) if page.after else "",
        "query": filters.address().lstrip("?"),
        "may_export": actor.may(permissions.EXPORT),
        "wide_url": Filters(outcome="" if filters.is_open else CLOSED).address(),
    }  # fmt: skip
    return render(request, "decisions/matters.html", context)


@require_POST
@needs(permissions.EXPORT)
@answered_once
def matters_export(request: ActingRequest) -> HttpResponse:
    """Starts writing the list to a file."""
    filters = replace(filters_of(QueryDict(request.POST.get("within", "")[:400]).dict()), after="")
    kind = request.POST.get("kind") if request.POST.get("kind") in KINDS else "xlsx"
    kept = {name: value for name, value in asdict(filters).items() if value}
    try:
        job = jobs.start(request.actor, EXPORT, {"filters": kept, "kind": kind}, "导出上门的事", request.actor.region)
    except SongheError as error:
        messages.error(request, said_error(error))
        return redirect("decisions")
    return redirect("job", job.pk)


def _split(request: ActingRequest, filters: Filters, field: str) -> list[tuple[str, int]]:
    rows = split_by(request.actor, filters, timezone.localdate(), field)
    return sorted(rows.items(), key=lambda row: -row[1])


def _counted(words: object, count: int) -> str:
    return f"{words} {count:,}"
