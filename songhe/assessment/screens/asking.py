"""Asking for an assessment of a person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from songhe.assessment.forms import AskForm
from songhe.assessment.operations.asking import ask
from songhe.assessment.permissions import ASK, READ
from songhe.assessment.presenters import outcome_of
from songhe.assessment.queries.one import is_changed, results_of_person
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import SongheError
from songhe.people.api import person_of


@needs(ASK)
@require_http_methods(["GET", "POST"])
@answered_once
def assessment_ask(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Why it is needed and why now; beside it what is known from before."""
    person = person_of(request.actor, pk)
    known = results_of_person(request.actor, pk) if request.actor.may(READ) else []
    begin = {"reason": "routine" if known else "first", "asked_by": "self", "purpose": "care_subsidy"}
    if is_changed(pk):
        begin |= {"reason": "immediate", "asked_by": "event"}
    form = AskForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            row = ask(actor=request.actor, person_id=pk, now=timezone.now(), **form.cleaned_data)
        except SongheError as error:
            form.refuse(error)
        else:
            messages.success(request, _("申请了，区里会受理并派评估员"))
            return redirect("assessment", row.pk)
    context = {"person": person, "form": form, "known": [(one, outcome_of(one)) for one in known]}
    return render(request, "assessment/ask.html", context, status=422 if request.method == "POST" else 200)
