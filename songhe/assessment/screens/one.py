"""One assessment and the deeds on its way: each is looked at with what follows, then done."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from songhe.assessment import permissions, rights
from songhe.assessment.forms import AppointForm, PlainForm, TeamForm, WordsForm, tomorrow
from songhe.assessment.models import Assessment
from songhe.assessment.operations.asking import accept, end, refuse, withdraw
from songhe.assessment.operations.assigning import appoint, assign, call_back
from songhe.assessment.operations.reading import seen_together
from songhe.assessment.operations.reviewing import confirm, send_back
from songhe.assessment.presenters import DONE, WORDS, deed_buttons, filled, outcome_of, steps_of, when_of
from songhe.assessment.queries.one import (
    Candidate,
    assessment_of,
    candidates,
    forms_of,
    objections_of,
    result_of,
    team_now,
)
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.places import place_names
from songhe.kernel.errors import Conflict, SongheError
from songhe.kernel.told import told
from songhe.ui.forms import RefusedForm
from songhe.ui.words import said_error

_WITH_WORDS = {rights.REFUSE: refuse, rights.WITHDRAW: withdraw, rights.END: end, rights.SEND_BACK: send_back}
_PLAIN = {rights.ACCEPT: accept, rights.CALL_BACK: call_back, rights.CONFIRM: confirm}
_ANY = (permissions.READ, permissions.ASSESS)


@require_GET
@needs(*_ANY)
def assessment(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Where it stands, who is sent, what was filled in, what it came to."""
    row, today = assessment_of(request.actor, pk), timezone.localdate()
    forms, result = forms_of(row), result_of(row)
    seen_together(request.actor, [result] if result is not None else [])
    context = {
        "row": row,
        "place": place_names([row.region_code])[row.region_code],
        "steps": steps_of(row),
        "when": when_of(row.due_date, today),
        "late": row.closed_at is None and row.due_date < today,
        "team": team_now(row),
        "forms": [(form, *filled(form, row)) for form in forms],
        "outcome": outcome_of(result),
        "result": result,
        "may_read": request.actor.may(permissions.READ),
        "objections": objections_of(result),
        "buttons": deed_buttons(rights.deeds_now(request.actor, row)),
        "may_see_person": request.actor.may("people.read"),
    }
    return render(request, "assessment/one.html", context)


@needs(*_ANY, permissions.ACCEPT, permissions.REVIEW, permissions.ASK)
@require_http_methods(["GET", "POST"])
@answered_once
def assessment_deed(request: ActingRequest, pk: UUID, deed: str) -> HttpResponse:
    """One step; who may not take it now is told so and sent back."""
    if deed not in rights.DEEDS:
        raise Http404
    row, now = assessment_of(request.actor, pk), timezone.now()
    if deed not in rights.deeds_now(request.actor, row):
        state = str(row.get_state_display())
        messages.error(request, said_error(Conflict(told("现在是“{state}”，这一步不能办", state=state))))
        return redirect("assessment", pk)
    found = candidates(row, now) if deed == rights.ASSIGN else []
    form = _form(request, deed, found)
    if request.method == "POST" and (form.is_valid() or not form.fields):
        try:
            _do(request, row, deed, form)
        except SongheError as error:
            form.refuse(error, "words" if "words" in form.fields else None)
        else:
            messages.success(request, str(DONE[deed]))
            return redirect("assessment", pk)
    context = {
        "row": row, "deed": deed, "word": WORDS[deed], "form": form, "candidates": found,
        "chosen": request.POST.getlist("assessors") or [str(one.assessor.pk) for one in found if one.sent],
        "team": team_now(row),
    }  # fmt: skip
    return render(request, "assessment/deed.html", context, status=422 if request.method == "POST" else 200)


def _form(request: ActingRequest, deed: str, found: list[Candidate]) -> RefusedForm:
    given = request.POST or None
    if deed == rights.ASSIGN:
        return TeamForm(given, known=[str(one.assessor.pk) for one in found])
    if deed == rights.APPOINT:
        return AppointForm(given, initial=tomorrow(timezone.now()))
    return WordsForm(given) if deed in _WITH_WORDS else PlainForm(given)


def _do(request: ActingRequest, row: Assessment, deed: str, form: RefusedForm) -> None:
    actor, now = request.actor, timezone.now()
    if deed == rights.ASSIGN:
        assign(actor=actor, assessment=row.pk, assessors=[UUID(key) for key in form.cleaned_data["assessors"]], now=now)
    elif isinstance(form, AppointForm):
        appoint(actor=actor, assessment=row.pk, visit_at=form.visit_at(), place=form.cleaned_data["place"], now=now)
    elif deed in _WITH_WORDS:
        _WITH_WORDS[deed](actor=actor, assessment=row.pk, words=form.cleaned_data["words"], now=now)
    else:
        _PLAIN[deed](actor=actor, assessment=row.pk, now=now)
