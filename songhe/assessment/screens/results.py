"""Results: the list, one with its reasons, a person's, taking the list along, withdrawing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songhe.assessment import permissions, presenters_result, states
from songhe.assessment.forms_result import WithdrawForm
from songhe.assessment.jobs_results import EXPORT
from songhe.assessment.models import Result
from songhe.assessment.operations.objecting import withdraw_result
from songhe.assessment.operations.reading import opened, seen_together
from songhe.assessment.presenters import outcome_of
from songhe.assessment.queries import results as queries
from songhe.assessment.queries.one import objections_of, results_of_person
from songhe.assessment.queries.organisations import assessor_named
from songhe.assessment.scales.definition import CURRENT, HISTORY, scale_keys, scale_of
from songhe.assessment.terms import Purpose, ResultSource, ResultState
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.places import place_names
from songhe.foundation.uploads.lists import begin_list
from songhe.kernel.errors import SongheError
from songhe.people.api import person_of
from songhe.ui.words import said

_MOST_QUERY = 400
_DUE = {queries.SOON: N_("30天内到期"), queries.OVER: N_("过期了")}


@require_GET
@needs(permissions.READ)
def results(request: ActingRequest) -> HttpResponse:
    """Results that stand, the newest first; filters stand in the address."""
    actor, today, filters = request.actor, timezone.localdate(), queries.filters_of(request.GET.dict())
    page = queries.page_of(actor, filters, today)
    context = {
        "filters": filters,
        "rows": presenters_result.result_lines(page.rows, today),
        "total": queries.filtered(actor, filters, today).count(),
        "soon": queries.counts(actor, filters, today, "due").get(queries.SOON, 0),
        "soon_url": filters.address(due=queries.SOON, sort=queries.VALID),
        "heads": queries.SORTS.heads(filters),
        "before_url": page.before_url(filters),
        "after_url": page.after_url(filters),
        "query": filters.address().lstrip("?"),
        "may_import": actor.may(permissions.IMPORT),
        "may_export": actor.may(permissions.EXPORT),
        **_choices(request, filters, today),
    }
    return render(request, "assessment/results.html", context)


@require_POST
@needs(permissions.EXPORT)
@answered_once
def results_export(request: ActingRequest) -> HttpResponse:
    """Starts writing the list to a file."""
    asked = queries.filters_of(QueryDict(request.POST.get("within", "")[:_MOST_QUERY]).dict())
    kept = {name: value for name, value in asdict(replace(asked, after="", before="")).items() if value}
    return begin_list(request, EXPORT, "导出评估结果", {"filters": kept}, back="results")


@require_GET
@needs(permissions.READ)
def result(request: ActingRequest, pk: UUID) -> HttpResponse:
    """What it came to and why, every answer, who saw it. Opening it is written down."""
    row = opened(request.actor, queries.result_by_key(request.actor, pk))
    return render(request, "assessment/result.html", _context(request, row))


@needs(permissions.REVIEW)
@require_http_methods(["GET", "POST"])
@answered_once
def result_withdraw(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Names the person and what follows, asks why, then withdraws the result."""
    row = queries.result_by_key(request.actor, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_result(actor=request.actor, result=pk, now=timezone.now(), **form.cleaned_data)
        except SongheError as error:
            form.refuse(error)
        else:
            messages.success(request, _("撤回了，老人的判定跟着变"))
            return redirect("result", pk)
    context = {"row": row, "outcome": outcome_of(row), "form": form}
    return render(request, "assessment/result_withdraw.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@needs(permissions.READ)
def person_assessments(request: ActingRequest, pk: UUID) -> HttpResponse:
    """A person's results, scales apart; what is in work; who may not assess her."""
    today, person = timezone.localdate(), person_of(request.actor, pk)
    found = [_with(person, one) for one in results_of_person(request.actor, pk)]
    seen_together(request.actor, found)
    apart = {use: [one for one in found if scale_of(one.scale).use == use] for use in {CURRENT, HISTORY}}
    rest = [one for one in found if one not in apart[CURRENT] and one not in apart[HISTORY]]
    groups = [(_("能力评估"), apart[CURRENT]), (_("旧标准，只供对照"), apart[HISTORY]), (_("长护险"), rest)]
    context = {
        "person": person,
        "groups": [(title, presenters_result.result_lines(rows, today)) for title, rows in groups if rows],
        "work": queries.open_of_person(person.pk),
        "ties": queries.ties_of_person(person.pk, today),
        "may_ask": request.actor.may(permissions.ASK) and person.standing == "present",
    }
    return render(request, "assessment/person.html", context)


def _context(request: ActingRequest, row: Result) -> dict[str, Any]:
    actor, today = request.actor, timezone.localdate()
    stands = row.state in states.STANDING
    return {
        "row": row,
        "person": row.person,
        "level": presenters_result.level_words(row),
        "by_points": presenters_result.level_by_points(row),
        "total": presenters_result.total_words(row),
        "scale": presenters_result.scale_words(scale_of(row.scale)),
        "beside": presenters_result.beside_words(row),
        "parts": presenters_result.parts_of(row),
        "reasons": presenters_result.reasons_of(row),
        "answers": presenters_result.answers_of(row),
        "changes": presenters_result.changes_of(row, queries.changes_of(row)),
        "signatures": queries.signatures_of(row),
        "others": presenters_result.result_lines([_with(row.person, one) for one in queries.others_of(row)], today),
        "readers": queries.readers_of(row),
        "objections": objections_of(row),
        "over": presenters_result.is_over(row, today),
        "is_public": stands and row.public_until is not None and row.public_until >= today,
        "place": place_names([row.region_code])[row.region_code],
        "may_object": actor.may(permissions.ASK) and _open_to_objection(row, today),
        "may_withdraw": actor.may(permissions.REVIEW) and stands,
        "may_see_person": actor.may("people.read"),
    }


def _open_to_objection(row: Result, today: date) -> bool:
    return row.state == ResultState.PROVISIONAL and row.objection_until is not None and today <= row.objection_until


def _with(person: Any, one: Result) -> Result:
    one.person = person
    return one


def _choices(request: ActingRequest, filters: queries.ResultFilters, today: date) -> dict[str, Any]:
    """What the filters offer, each with its count."""
    scale = scale_of(filters.scale_of_level)
    levels = {str(one.level): said(one.name) for one in scale.levels}
    standards = {key: scale_of(key).standard for key in scale_keys()}
    by_place = queries.counts(request.actor, filters, today, "region")
    names = place_names(by_place)

    def offered(field: str, words: Mapping[str, Any]) -> list[tuple[str, str]]:
        found = queries.counts(request.actor, filters, today, field)
        return [(code, f"{words[code]} {number:,}") for code, number in found.items()]

    return {
        "levels": offered("level", levels),
        "states": [
            *offered("state", dict(ResultState.choices)),
            (queries.KEPT, _("没有撤回的")),
            (queries.EVERY, _("全部")),
        ],
        "purposes": offered("purpose", dict(Purpose.choices)),
        "sources": offered("source", dict(ResultSource.choices)),
        "scales": offered("scale", standards),
        "due": offered("due", {code: _(words) for code, words in _DUE.items()}),
        "whose": assessor_named(request.actor, filters.assessor),
        "confirmed": [(queries.MONTH, _("本月，本地评的"))],
        "places": [(code, f"{names[code]} {number:,}") for code, number in by_place.items()],
    }
