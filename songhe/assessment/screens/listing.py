"""The list of assessments."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from songhe.assessment import permissions
from songhe.assessment.presenters import rows_of
from songhe.assessment.queries.listing import CLOSED, DUE, Filters, counts, filtered, filters_of, page_of
from songhe.assessment.queries.organisations import assessor_named
from songhe.assessment.queries.workload import WORK
from songhe.assessment.terms import AssessmentState, Purpose, Reason
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.places import place_names


@require_GET
@needs(permissions.READ)
def assessments(request: ActingRequest) -> HttpResponse:
    """What is in work, the first due first, or what is closed; filters stand in the address."""
    actor, today, filters = request.actor, timezone.localdate(), filters_of(request.GET.dict())
    page = page_of(actor, filters, today)
    by_due = counts(actor, filters, today, "due") if filters.is_open else {}
    by_place = counts(actor, filters, today, "region")
    names = place_names(by_place)
    context = {
        "filters": filters,
        "may_see_bodies": actor.may(permissions.ORGANISE) or actor.may(permissions.EXPORT),
        "may_send": actor.may(permissions.ACCEPT),
        "rows": rows_of(page.rows, today),
        "total": filtered(actor, filters, today).count(),
        "tabs": [
            (_("在办的"), Filters().address(), filtered(actor, Filters(), today).count(), filters.is_open),
            (_("办结的"), Filters(state=CLOSED).address(), None, not filters.is_open),
        ],
        "overdue": by_due.get("overdue", 0),
        "states": _options(counts(actor, filters, today, "state"), dict(AssessmentState.choices)),
        "purposes": _options(counts(actor, filters, today, "purpose"), dict(Purpose.choices)),
        "reasons": _options(counts(actor, filters, today, "reason"), dict(Reason.choices)),
        "due": [(code, f"{_(DUE[code])} {number:,}") for code, number in by_due.items() if number],
        "places": [(code, f"{names[code]} {number:,}") for code, number in by_place.items()],
        "whose": assessor_named(actor, filters.assessor),
        "work": [(code, _(words)) for code, words in WORK.items()],
        "heads": filters.sorts.heads(filters),
        "before_url": page.before_url(filters),
        "after_url": page.after_url(filters),
        "wide_url": Filters(state="" if filters.is_open else CLOSED).address(),
    }
    return render(request, "assessment/list.html", context)


def _options(found: dict[str, int], words: dict[str, object]) -> list[tuple[str, str]]:
    return [(code, f"{words[code]} {number:,}") for code, number in found.items()]
