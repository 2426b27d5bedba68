"""The pages of divisions: what lies where, as of a day."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.regions.permissions import CHANGE, READ
from songhe.regions.queries import children_of, division_of, upwards


@require_safe
@needs(READ)
def regions(request: ActingRequest) -> HttpResponse:
    """The divisions right below the working region."""
    return region(request, (request.actor.region or "").ljust(12, "0"))


@require_safe
@needs(READ)
def region(request: ActingRequest, code: str) -> HttpResponse:
    """One division: where it lies and what lies in it."""
    day = _day(request)
    whole = not code.strip("0")
    context = {
        "one": None if whole else division_of(code, day),
        "path": [] if whole else upwards(code, day),
        "children": children_of(code, day),
        "day": day,
        "may_change": request.actor.may(CHANGE),
    }
    return render(request, "regions/region.html", context)


def _day(request: ActingRequest) -> date:
    try:
        return parse_date(request.GET.get("day", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()
