"""Which fact to tell: all of them, with what the register takes for true now."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.people import permissions
from songhe.people.presenters_facts import fact_lines
from songhe.people.queries import file
from songhe.people.screens.person import frame, open_file


@needs(permissions.WRITE)
@require_GET
def person_facts(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The facts to choose from."""
    found, today = open_file(request, pk), timezone.localdate()
    told, untold = fact_lines(file.facts_of(found, today), today)
    return render(request, "people/facts.html", frame(request, found, "") | {"lines": [*told, *untold]})
