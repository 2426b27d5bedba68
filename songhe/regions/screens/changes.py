"""The pages on which divisions are changed: filled in, looked at with what follows, then done."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.models import Account
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import NotFound, SongheError
from songhe.regions import forms
from songhe.regions.models import Alteration, Division
from songhe.regions.operations.altering import decide, retry, try_out, withdraw
from songhe.regions.permissions import CHANGE, READ
from songhe.regions.presenters import following, lines_of, say_deed, title_of
from songhe.regions.queries import (
    DIGITS,
    alteration_of,
    alterations_of,
    below,
    children_of,
    division_of,
    names_of,
    upwards,
)
from songhe.regions.states import AlterationState
from songhe.regions.terms import Deed
from songhe.ui.words import said_error

_CONFIRM = "confirm"


@needs(CHANGE)
@require_http_methods(["GET", "POST"])
@answered_once
def region_change(request: ActingRequest, code: str, deed: str) -> HttpResponse:
    """One change of a division; of 000000000000 a new province."""
    if deed not in Deed.values:
        raise Http404
    today, chosen = timezone.localdate(), Deed(deed)
    division = _division(request, code, chosen, today)
    form = _form(request, chosen, division, today)
    context: dict[str, Any] = {
        "form": form,
        "division": division,
        "deed": chosen,
        "title": title_of(chosen, division.name if division else ""),
        "path": upwards(division.code, today) if division else [],
    }
    if request.method == "POST" and form.is_valid():
        try:
            planned = form.planned()
            if _CONFIRM in request.POST:
                return _done(request, form, planned, today)
            on_date = form.cleaned_data["on_date"]
            tried = try_out(actor=request.actor, today=today, planned=planned, on_date=on_date)
        except SongheError as error:
            form.refuse(error)
        else:
            context |= {"follows": following(planned, tried, today), "sentence": say_deed(planned)}
            return render(request, "regions/change.html", context)
    return render(request, "regions/change.html", context, status=422 if form.is_bound else 200)


def _done(request: ActingRequest, form: forms.ChangeForm, planned: Any, today: date) -> HttpResponse:
    altered = decide(
        actor=request.actor, today=today, now=timezone.now(), planned=planned,
        on_date=form.cleaned_data["on_date"], document=form.cleaned_data["document"],
    )  # fmt: skip
    if altered.state == AlterationState.WAITING:
        messages.success(request, _("记下了，到生效那天自动改"))
        return redirect("region-alteration", altered.pk)
    messages.success(request, _("{deed}已生效").format(deed=altered.get_deed_display()))
    return redirect("region", planned.codes[-1])


def _division(request: ActingRequest, code: str, deed: Deed, today: date) -> Division | None:
    if not code.strip("0") and deed == Deed.ADD and not request.actor.region:
        return None
    request.actor.require_region(code)
    return division_of(code, today)


def _form(request: ActingRequest, deed: Deed, division: Division | None, today: date) -> forms.ChangeForm:
    more: dict[str, Any] = {}
    if deed == Deed.ADD:
        more["within"] = division.digits if division else ""
    elif deed == Deed.MERGE and division:
        more = {"others": _others(request, division, today), "own_name": division.name}
    elif deed == Deed.SPLIT and division:
        more["below"] = [(one.code, one.name) for one in children_of(division.code, today)]
    data = request.POST if request.method == "POST" else None
    code = division.code if division else ""
    return forms.FORMS[deed](data, code=code, initial={"on_date": today}, **more)


def _others(request: ActingRequest, division: Division, today: date) -> forms.Choices:
    """Divisions of the same level in the working region, by what they lie in; those beside it first."""
    region = request.actor.region.ljust(DIGITS, "0")
    others = [one for one in below(region, division.level, today) if one.code != division.code]
    parents = names_of({one.parent for one in others})
    grouped: dict[str, list[tuple[str, str]]] = {}
    for one in sorted(others, key=lambda one: (one.parent != division.parent, one.code)):
        grouped.setdefault(one.parent, []).append((one.code, one.name))
    return [(parents.get(parent, parent), choices) for parent, choices in grouped.items()]


@needs(READ)
@require_safe
def region_alterations(request: ActingRequest) -> HttpResponse:
    """Decided changes in the working region, the latest day first."""
    found = alterations_of(request.actor.region.ljust(DIGITS, "0"))
    return render(request, "regions/alterations.html", {"lines": _lines(found)})


@needs(READ)
@require_safe
def region_alteration(request: ActingRequest, pk: UUID) -> HttpResponse:
    """One decided change."""
    altered = alteration_of(request.actor, pk)
    may = request.actor.may(CHANGE)
    context = {
        "line": _lines([altered])[0],
        "may_withdraw": may and altered.state in (AlterationState.WAITING, AlterationState.FAILED),
        "may_retry": may and altered.state == AlterationState.FAILED,
    }
    return render(request, "regions/alteration.html", context)


@needs(CHANGE)
@require_POST
def region_alteration_withdraw(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Takes a change back that has not taken effect."""
    try:
        withdraw(actor=request.actor, now=timezone.now(), alteration_id=pk)
        messages.success(request, _("撤回了，不会生效"))
    except NotFound:
        raise
    except SongheError as error:
        messages.error(request, said_error(error))
    return redirect("region-alteration", pk)


@needs(CHANGE)
@require_POST
def region_alteration_retry(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Does a change now that was not possible on its day."""
    try:
        retry(actor=request.actor, today=timezone.localdate(), now=timezone.now(), alteration_id=pk)
        messages.success(request, _("生效了"))
    except NotFound:
        raise
    except SongheError as error:
        messages.error(request, said_error(error))
    return redirect("region-alteration", pk)


def _lines(alterations: list[Alteration]) -> list[Any]:
    people = Account.objects.filter(pk__in=[one.entered_by for one in alterations if one.entered_by])
    return lines_of(alterations, dict(people.values_list("pk", "name")))
