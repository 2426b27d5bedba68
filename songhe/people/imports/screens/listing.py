"""The list of batches: filtered, sorted, page by page, taken along."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.recording import exported
from songhe.people.imports import queries
from songhe.people.imports.exporting import LIST_HEAD, list_rows
from songhe.people.imports.presenters import batch_lines
from songhe.people.imports.queries import IN_WORK, SORTS, Filters
from songhe.people.imports.screens.saying import said
from songhe.people.imports.sources import lists
from songhe.people.imports.states import OPEN, BatchState
from songhe.people.permissions import APPROVE_IMPORT, IMPORT
from songhe.regions.api import names_of
from songhe.ui.lists import file_answer

_MOST_ROWS = 5_000


@needs(IMPORT, APPROVE_IMPORT)
@require_GET
def imports(request: ActingRequest) -> HttpResponse:
    """All batches of the working region."""
    filters = _filters(request.GET)
    page, counts, regions = queries.batches(filters), queries.counts_by_state(), queries.regions()
    tabs = [("", _("全部"), sum(counts.values())), (IN_WORK, _("在办"), sum(counts.get(each, 0) for each in OPEN))]
    tabs += [
        (each.value, str(each.label), counts.get(each.value, 0)) for each in (BatchState.PROPOSED, BatchState.APPLIED)
    ]
    places = names_of(regions)
    context = {
        "lines": batch_lines(page.rows), "total": queries.listed(filters).count(), "filters": filters,
        "tabs": [(filters.address(state=state), word, count, state == filters.state) for state, word, count in tabs],
        "heads": SORTS.heads(filters), "before_url": page.before_url(filters), "after_url": page.after_url(filters),
        "sources": [(key, _(each.name)) for key, each in lists().items()],
        "states": BatchState.choices, "regions": [(code, places.get(code, code)) for code in regions],
        "may_import": request.actor.may(IMPORT), "said": said(request),
    }  # fmt: skip
    return render(request, "imports/list.html", context)


@needs(IMPORT, APPROVE_IMPORT)
@require_POST
def imports_export(request: ActingRequest) -> HttpResponse:
    """The list as a file: the batches with their numbers, nothing of a person in them."""
    filters, kind = _filters(QueryDict(request.POST.get("within", ""))), request.POST.get("kind", "")
    rows = list_rows(batch_lines(list(queries.listed(filters)[:_MOST_ROWS])))
    kept = {name: value for name, value in asdict(filters).items() if value}
    exported(request.actor, action="people.import.list", rows=len(rows), detail={"filters": kept})
    return file_answer(_("名册导入"), kind, [_(words) for words in LIST_HEAD], rows)


def _filters(given: QueryDict) -> Filters:
    """What an address asks for; what nobody offers narrows nothing."""
    source, state, region = (given.get(name, "") for name in ("source", "state", "region"))
    return Filters(
        source=source if source in lists() else "",
        state=state if state == IN_WORK or state in BatchState.values else "",
        region=region if len(region) == 12 and region.isascii() and region.isdecimal() else "",
        sort=SORTS.read(given.get("sort", "")), after=given.get("after", "")[:40], before=given.get("before", "")[:40],
    )  # fmt: skip
