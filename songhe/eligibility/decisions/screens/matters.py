"""The list of matters, and taking it along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from songhe.eligibility.decisions import permissions
from songhe.eligibility.decisions.jobs import EXPORT
from songhe.eligibility.decisions.presenters import item_name
from songhe.eligibility.decisions.presenters_lists import matter_rows, place_choices
from songhe.eligibility.decisions.queries.doors import items_of
from songhe.eligibility.decisions.queries.matters import (
    CLOSED,
    DUE,
    NEWEST,
    Cube,
    Filters,
    cube_of,
    filtered,
    filters_of,
    page_of,
)
from songhe.eligibility.decisions.terms import MatterKind, MatterOutcome
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.uploads.lists import begin_list
from songhe.foundation.views_kept.keeping import drop_view, save_view, views_of
from songhe.foundation.views_kept.models import QUERY_LENGTH
from songhe.kernel.errors import BadInput, SongheError
from songhe.rules.facts import PERSON_TABLE
from songhe.ui.words import said, said_error

_CODE = 12
_VIEWS = "matters"


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
    items, cube = items_of(actor.region.ljust(_CODE, "0"), today), cube_of(actor, filters, today)
    own = views_of(request.account, _VIEWS)
    current = next((view for view in own if f"?{view.query}" == filters.address()), None)
    still = cube.all if filters.is_open else filtered(actor, Filters(), today).count()
    context = {
        "filters": filters,
        "rows": matter_rows(page.rows, items, today),
        "total": cube.total,
        "tabs": [
            (_("要办的"), Filters().address(), still, filters.is_open and not current),
            (_("办了的"), Filters(outcome=CLOSED).address(), None, not filters.is_open and not current),
        ],
        "own_views": [(f"?{view.query}", view.name, view == current) for view in own],
        "current": current,
        "overdue": cube.overdue,
        "kinds": _choices(cube, "kind", lambda code: str(MatterKind(code).label)),
        "listed": _choices(cube, "item", lambda slug: item_name(items, slug)),
        "questions": _choices(cube, "question", lambda fact: said(PERSON_TABLE[fact].label)),
        "outcomes": _choices(cube, "outcome", lambda code: str(MatterOutcome(code).label)),
        "due": [(code, f"{_(words)} {n:,}") for code, words in DUE.items() if (n := cube.split("due").get(code))],
        "places": place_choices(
            sorted((part.ljust(_CODE, "0"), number) for part, number in cube.split("region").items())
        ),
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
    filters = _within(request)
    kept = {name: value for name, value in asdict(filters).items() if value}
    return begin_list(request, EXPORT, "导出上门的事", {"filters": kept}, back="decisions")


@require_POST
@needs(permissions.WORK)
def matter_view_save(request: ActingRequest) -> HttpResponse:
    """Keeps the filters as a view of one's own."""
    filters = _within(request)
    name, query = request.POST.get("name", ""), filters.address().lstrip("?")
    try:
        view = save_view(account=request.account, page=_VIEWS, name=name, query=query, now=timezone.now())
        messages.success(request, _("视图“{name}”存好了").format(name=view.name))
    except SongheError as error:
        messages.error(request, said_error(error))
    return redirect(reverse("matters") + filters.address())


@require_POST
@needs(permissions.WORK)
def matter_view_drop(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Removes a view of one's own."""
    drop_view(account=request.account, page=_VIEWS, view=pk)
    messages.success(request, _("视图删掉了"))
    return redirect("matters")


def _within(request: ActingRequest) -> Filters:
    return replace(filters_of(QueryDict(request.POST.get("within", "")[:QUERY_LENGTH]).dict()), after="")


def _choices(cube: Cube, field: str, words: Callable[[str], str]) -> list[tuple[str, str]]:
    """What a filter offers, the commonest first, each with its count."""
    rows = sorted(cube.split(field).items(), key=lambda row: -row[1])
    return [(code, f"{words(code)} {number:,}") for code, number in rows]
