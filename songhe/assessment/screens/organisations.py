"""Organisations that assess, their assessors, and who may not assess whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from songhe.assessment import permissions
from songhe.assessment.forms_organisations import (
    AssessorChangeForm,
    AssessorForm,
    OrganisationForm,
    StateForm,
    TieForm,
    UntilForm,
)
from songhe.assessment.operations.linking import end_tie, link_account
from songhe.assessment.operations.organising import (
    change_assessor,
    record_tie,
    register_assessor,
    register_organisation,
    set_organisation_state,
)
from songhe.assessment.presenters_organisations import DEEDS, FOLLOWS, WORDS, certificate, rows_behind, workers
from songhe.assessment.queries import organisations as reads
from songhe.assessment.queries.workload import workloads
from songhe.assessment.terms import OrganisationState
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.places import place_names
from songhe.kernel.errors import SongheError
from songhe.people.api import find_people, person_of

_MOST_FOUND = 20
_YEAR = timedelta(days=365)


@require_GET
@needs(permissions.ORGANISE, permissions.EXPORT)
def organisations(request: ActingRequest) -> HttpResponse:
    """What each district has of what it needs, and the organisations."""
    today, state = timezone.localdate(), request.GET.get("state", "")
    state = state if state in OrganisationState.values else ""
    district = request.GET.get("district", "")
    everybody = reads.organisations(request.actor, today)
    codes = {code for code, _name in reads.districts_within(request.actor.region, today)}
    by_district = reads.districts(everybody, codes | {one.organisation.district for one in everybody}, today)
    district = district if district in {one.code for one in by_district} else ""
    rows = [
        one for one in everybody
        if (not state or one.organisation.state == state) and (not district or one.organisation.district == district)
    ]  # fmt: skip
    names = place_names(one.code for one in by_district)
    context = {
        "districts": [(one, names[one.code]) for one in by_district],
        "rows": [(one, names[one.organisation.district]) for one in rows],
        "total": len(everybody),
        "ending": sum(one.ending for one in everybody),
        "state": state,
        "district": district,
        "states": OrganisationState.choices,
        "places": [(one.code, names[one.code]) for one in by_district],
        "may_organise": request.actor.may(permissions.ORGANISE) and bool(codes),
        "may_review": request.actor.may(permissions.REVIEW),
        "may_export": request.actor.may(permissions.EXPORT),
    }
    return render(request, "assessment/organisations.html", context)


@needs(permissions.ORGANISE)
@require_http_methods(["GET", "POST"])
@answered_once
def organisation_new(request: ActingRequest) -> HttpResponse:
    """Enters an organisation."""
    today = timezone.localdate()
    places = reads.districts_within(request.actor.region, today)
    form = OrganisationForm(request.POST or None, districts=places, initial={"from_date": today})
    if request.method == "POST" and form.is_valid():
        try:
            row = register_organisation(actor=request.actor, **form.cleaned_data)
        except SongheError as error:
            form.refuse(error)
        else:
            messages.success(request, _("登记好了，接着登记评估员"))
            return redirect("organisation", row.pk)
    return _answer(request, "assessment/organisation_new.html", {"form": form})


@require_GET
@needs(permissions.ORGANISE, permissions.EXPORT)
def organisation(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Who works there, how much they have in hand, whether they are enough."""
    row, now = reads.organisation_of(request.actor, pk), timezone.now()
    today = timezone.localdate(now)
    here, former = reads.assessors_of(row, today), reads.assessors_of(row, today, former=True)
    loads = workloads(request.actor, [one.pk for one in here], now)
    open_deeds = [deed for deed, (_state, when) in DEEDS.items() if row.state in when]
    context = {
        "row": row,
        "body": reads.bodies([row], today)[0],
        "place": place_names([row.district])[row.district],
        "workers": workers(here, loads, today),
        "former": former,
        "may_read": request.actor.may(permissions.READ),
        "deeds": [(deed, str(WORDS[deed])) for deed in open_deeds],
        "may_organise": request.actor.may(permissions.ORGANISE),
        "is_ended": row.state == OrganisationState.ENDED,
        "kind": {"registered": "yes", "suspended": "unknown"}.get(row.state, "no"),
    }
    return render(request, "assessment/organisation.html", context)


@needs(permissions.ORGANISE)
@require_http_methods(["GET", "POST"])
@answered_once
def organisation_deed(request: ActingRequest, pk: UUID, deed: str) -> HttpResponse:
    """Suspends an organisation, takes it up again or ends it."""
    row, today = reads.organisation_of(request.actor, pk), timezone.localdate()
    if deed not in DEEDS or row.state not in DEEDS[deed][1]:
        raise Http404
    form = StateForm(request.POST or None, initial={"on_date": today})
    if request.method == "POST" and form.is_valid():
        try:
            set_organisation_state(
                actor=request.actor, organisation=pk, state=DEEDS[deed][0], **form.cleaned_data
            )  # fmt: skip
        except SongheError as error:
            form.refuse(error)
        else:
            messages.success(request, _("改好了"))
            return redirect("organisation", pk)
    context = {"row": row, "form": form, "word": WORDS[deed], "follows": FOLLOWS[deed], "deed": deed}
    return _answer(request, "assessment/organisation_deed.html", context)


@needs(permissions.ORGANISE)
@require_http_methods(["GET", "POST"])
@answered_once
def assessor_new(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Enters an assessor of an organisation."""
    row, today = reads.organisation_of(request.actor, pk), timezone.localdate()
    begin = {"joined_date": today, "certified_from": today, "certified_until": today + 3 * _YEAR, "full_time": True}
    form = AssessorForm(request.POST or None, accounts=reads.accounts_to_link(request.actor, today), initial=begin)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "account": form.account_chosen()}
        try:
            one = register_assessor(actor=request.actor, organisation=pk, **given)
        except SongheError as error:
            form.refuse(error)
        else:
            messages.success(request, _("登记好了"))
            return redirect("assessor", one.pk)
    return _answer(request, "assessment/assessor_new.html", {"row": row, "form": form})


@require_GET
@needs(permissions.ORGANISE, permissions.EXPORT)
def assessor(request: ActingRequest, pk: UUID) -> HttpResponse:
    """One assessor: certificate, load, cases, and whom they may not assess."""
    row, now = reads.assessor_of(request.actor, pk), timezone.now()
    today = timezone.localdate(now)
    kind, says = certificate(row, today)
    context = {
        "row": row,
        "kind": kind,
        "says": says,
        "load": workloads(request.actor, [row.pk], now)[row.pk],
        "rows": rows_behind(row) if request.actor.may(permissions.READ) else {},
        "cases": reads.cases_of_assessor(request.actor, row) if request.actor.may(permissions.READ) else [],
        "ties": [
            (tie, tie.until_date is None or tie.until_date > today)
            for tie in reads.ties_of_assessor(request.actor, row)
        ],
        "may_organise": request.actor.may(permissions.ORGANISE),
        "may_review": request.actor.may(permissions.REVIEW),
        "may_tie": request.actor.may(permissions.ACCEPT),
        "has_left": row.left_date is not None and row.left_date <= today,
    }
    return render(request, "assessment/assessor.html", context)


@needs(permissions.ORGANISE)
@require_http_methods(["GET", "POST"])
@answered_once
def assessor_change(request: ActingRequest, pk: UUID) -> HttpResponse:
    """A renewed certificate, leaving, how somebody works, another account."""
    row, today = reads.assessor_of(request.actor, pk), timezone.localdate()
    begin = {name: getattr(row, name) for name in ("certified_until", "medical", "full_time", "left_date")}
    accounts = reads.accounts_to_link(request.actor, today, row)
    if row.account is not None and row.account not in accounts:
        accounts.append(row.account)
    begin["account"] = str(row.account_id or "")
    form = AssessorChangeForm(request.POST or None, accounts=accounts, initial=begin)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("certified_until", "medical", "full_time", "left_date")}
        try:
            change_assessor(actor=request.actor, assessor=pk, still_here=given["left_date"] is None, **given)
            if form.account_chosen() != row.account:
                link_account(actor=request.actor, assessor=pk, account=form.account_chosen())
        except SongheError as error:
            form.refuse(error)
        else:
            messages.success(request, _("改好了"))
            return redirect("assessor", pk)
    return _answer(request, "assessment/assessor_change.html", {"row": row, "form": form})


@needs(permissions.ACCEPT)
@require_http_methods(["GET", "POST"])
@answered_once
def tie_new(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Looks for an older person, then says what binds the assessor to them. A search goes by POST: it holds names."""
    row, today = reads.assessor_of(request.actor, pk), timezone.localdate()
    context: dict[str, Any] = {"row": row, "find": request.POST.get("find", "").strip()}
    if "person" not in request.POST:
        found = find_people(request.actor, context["find"]) if context["find"] else None
        people = [person_of(request.actor, one) for one in found.ids[:_MOST_FOUND]] if found else []
        places = place_names(one.region_code for one in people)
        context |= {"found": found, "people": [(one, places[one.region_code]) for one in people]}
        return render(request, "assessment/assessor_tie_find.html", context)
    begun = "kind" not in request.POST
    first = {"person": request.POST["person"], "from_date": today, "kind": "relative"}
    form = TieForm(None if begun else request.POST, initial=first)
    if not begun and form.is_valid():
        given = form.cleaned_data
        whom, body = (None, row.organisation_id) if given["whole"] else (pk, None)
        try:
            record_tie(actor=request.actor, person_id=given["person"], kind=given["kind"],
                       from_date=given["from_date"], words=given["words"],
                       assessor=whom, organisation=body)  # fmt: skip
        except SongheError as error:
            form.refuse(error)
        else:
            messages.success(request, _("记下了，不会派去这位老人家"))
            return redirect("assessor", pk)
    context |= {"form": form, "person": person_of(request.actor, _uuid(request.POST["person"]))}
    return render(request, "assessment/assessor_tie.html", context, status=200 if begun else 422)


@needs(permissions.ACCEPT)
@require_http_methods(["GET", "POST"])
@answered_once
def tie_end(request: ActingRequest, pk: UUID, tie: UUID) -> HttpResponse:
    """A tie holds no longer."""
    row, found = reads.assessor_of(request.actor, pk), reads.tie_of(request.actor, tie)
    if row.pk != found.assessor_id and row.organisation_id != found.organisation_id:
        raise Http404
    form = UntilForm(request.POST or None, initial={"until_date": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_tie(actor=request.actor, tie=tie, **form.cleaned_data)
        except SongheError as error:
            form.refuse(error, "until_date")
        else:
            messages.success(request, _("记下了"))
            return redirect("assessor", pk)
    return _answer(request, "assessment/assessor_tie_end.html", {"row": row, "tie": found, "form": form})


def _answer(request: ActingRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
