"""Objections: raising one, the list, one with both results side by side, taking it up or not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from songhe.assessment import permissions, presenters_result
from songhe.assessment.forms import PlainForm
from songhe.assessment.forms_result import ObjectForm, RefuseForm
from songhe.assessment.models import Result
from songhe.assessment.operations.objecting import assess_again, object_to, refuse_objection
from songhe.assessment.operations.reading import seen_together
from songhe.assessment.presenters import outcome_of
from songhe.assessment.queries import results as queries
from songhe.assessment.terms import AskedBy, ObjectionState
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.places import place_names
from songhe.kernel.errors import Conflict, SongheError
from songhe.kernel.told import told
from songhe.ui.forms import RefusedForm
from songhe.ui.lists import page_at
from songhe.ui.words import said_error

_ORDER, _ROWS = ("raised_at", "pk"), 50
AGAIN, REFUSE = "again", "refuse"


@require_GET
@needs(permissions.READ)
def objections(request: ActingRequest) -> HttpResponse:
    """Open ones, the oldest first, or those of a state."""
    given = request.GET.get("state", "")
    state = given if given in ObjectionState.values else ""
    found, counted = queries.objections_listed(request.actor, state), queries.objection_counts(request.actor)
    page = page_at(
        found, _ORDER, after=request.GET.get("after", ""), before=request.GET.get("before", ""), rows=_ROWS
    )  # fmt: skip
    kept = f"state={state}&" if state else ""
    still = sum(counted.get(one, 0) for one in queries.OPEN_OBJECTIONS)
    closed = (ObjectionState.UPHELD, ObjectionState.CHANGED, ObjectionState.REFUSED)
    context = {
        "rows": presenters_result.objection_rows(page.rows),
        "state": state,
        "total": counted.get(state, 0) if state else still,
        "tabs": [
            (_("在办的"), "?", still, not state),
            *((str(one.label), f"?state={one}", counted.get(one, 0), state == one) for one in closed),
        ],
        "before_url": f"?{kept}before={page.before}" if page.before else "",
        "after_url": f"?{kept}after={page.after}" if page.after else "",
    }
    return render(request, "assessment/objections.html", context)


@require_GET
@needs(permissions.READ)
def objection(request: ActingRequest, pk: UUID) -> HttpResponse:
    """What is doubted, how far it is, and item by item where the second team found otherwise."""
    row = queries.objection_by_key(request.actor, pk)
    second = queries.second_result_of(row)
    seen_together(request.actor, [one for one in (row.result, second) if one is not None])
    context = {
        "row": row,
        "first": row.result,
        "second": second,
        "first_short": outcome_of(row.result),
        "second_short": outcome_of(second),
        "parts": _parts(row.result, second),
        "differing": presenters_result.differing(row.result, second),
        "place": place_names([row.region_code])[row.region_code],
        "may_answer": request.actor.may(permissions.REVIEW) and row.state == ObjectionState.RAISED,
    }
    return render(request, "assessment/objection.html", context)


@needs(permissions.REVIEW)
@require_http_methods(["GET", "POST"])
@answered_once
def objection_deed(request: ActingRequest, pk: UUID, deed: str) -> HttpResponse:
    """Says what follows; then others assess again, or it is not taken up."""
    if deed not in (AGAIN, REFUSE):
        raise Http404
    row = queries.objection_by_key(request.actor, pk)
    if row.state != ObjectionState.RAISED:
        state = str(row.get_state_display())
        messages.error(request, said_error(Conflict(told("现在是“{state}”，这一步不能办", state=state))))
        return redirect("objection", pk)
    form: RefusedForm = RefuseForm(request.POST or None) if deed == REFUSE else PlainForm(request.POST or None)
    if request.method == "POST" and (form.is_valid() or not form.fields):
        try:
            return _done(request, pk, form)
        except SongheError as error:
            form.refuse(error)
    context = {"row": row, "deed": deed, "form": form}
    return render(request, "assessment/objection_deed.html", context, status=422 if request.method == "POST" else 200)


@needs(permissions.ASK)
@require_http_methods(["GET", "POST"])
@answered_once
def result_object(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Who doubts the result, and why; the district answers."""
    row = queries.result_by_key(request.actor, pk)
    form = ObjectForm(request.POST or None, initial={"raised_by": AskedBy.SELF})
    if request.method == "POST" and form.is_valid():
        try:
            made = object_to(actor=request.actor, result=pk, now=timezone.now(), **form.cleaned_data)
        except SongheError as error:
            form.refuse(error)
        else:
            messages.success(request, _("提出了，区里会答复"))
            return redirect("objection", made.pk)
    context = {"row": row, "form": form}
    return render(request, "assessment/result_object.html", context, status=422 if request.method == "POST" else 200)


def _key(request: ActingRequest, pk: UUID) -> list[UUID]:
    return [pk] if request.actor.may(permissions.READ) else []


def _done(request: ActingRequest, pk: UUID, form: RefusedForm) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    if isinstance(form, RefuseForm):
        refuse_objection(actor=actor, objection=pk, words=form.cleaned_data["words"], now=now)
        messages.success(request, _("没有受理，提出的人会看到原因"))
        return redirect("objection", pk)
    again = assess_again(actor=actor, objection=pk, now=now)
    messages.success(request, _("受理了，派另外的评估员再评"))
    return redirect("assessment", again.pk)


def _parts(first: Result, second: Result | None) -> list[tuple[str, int, int, int | None]]:
    if second is None or first.scale != second.scale:
        return []
    pairs = zip(presenters_result.parts_of(first), presenters_result.parts_of(second), strict=False)
    return [(one.name, one.points, other.points, one.most) for one, other in pairs]
