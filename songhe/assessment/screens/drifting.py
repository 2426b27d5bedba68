"""Who scores unlike the others, and blind second assessments beside the first."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from songhe.assessment import permissions
from songhe.assessment.drift import newest_run
from songhe.assessment.forms_organisations import LookForm
from songhe.assessment.jobs_drift import MEASURE
from songhe.assessment.models import Assessor
from songhe.assessment.operations.sampling import MOST_AT_ONCE, draw_for, look_at_second
from songhe.assessment.presenters import outcome_of
from songhe.assessment.presenters_organisations import differences, effects_chart, interval, signed
from songhe.assessment.queries import seconds as reads
from songhe.assessment.queries.organisations import assessor_of, organisations
from songhe.assessment.queries.seconds import agreements, is_to_look_at, second_of
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.foundation.jobs import start
from songhe.kernel.errors import SongheError
from songhe.ui.formats import change
from songhe.ui.words import said_error


@require_GET
@needs(permissions.REVIEW)
def drift(request: ActingRequest) -> HttpResponse:
    """The newest comparison: by how much each assessor's totals differ on like people, with the interval."""
    run, today = newest_run(request.actor), timezone.localdate()
    bodies = [one.organisation.pk for one in organisations(request.actor, today)]
    known = Assessor.objects.filter(organisation__in=bodies).select_related("organisation")
    rows = differences(run, {str(one.pk): one for one in known}) if run else []
    judged = [one for one in rows if one.judged]
    context = {
        "run": run,
        "rows": [(one, signed(one.points), signed(one.low), signed(one.high)) for one in rows],
        "differing": sum(one.differs for one in rows),
        "chart": effects_chart(judged) if judged else None,
        "number": MOST_AT_ONCE,
    }
    return render(request, "assessment/drift.html", context)


@require_POST
@needs(permissions.REVIEW)
@answered_once
def drift_measure(request: ActingRequest) -> HttpResponse:
    """Compares anew, in the background."""
    job = start(request.actor, MEASURE, {}, _("比较评估员打分"))
    return redirect("job", job.pk)


@needs(permissions.REVIEW)
@require_http_methods(["GET", "POST"])
@answered_once
def assessor_draw(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Draws some of an assessor's cases for a blind second assessment."""
    row = assessor_of(request.actor, pk)
    if request.method == "POST":
        try:
            number = draw_for(actor=request.actor, assessor=pk, number=MOST_AT_ONCE, now=timezone.now())
        except SongheError as error:
            messages.error(request, said_error(error))
            return redirect("assessor", pk)
        messages.success(request, _("抽了{number}件，等派别的评估员再评一次").format(number=number))
        return redirect("assessment-seconds")
    return render(request, "assessment/assessor_draw.html", {"row": row, "number": MOST_AT_ONCE})


@require_GET
@needs(permissions.REVIEW)
def assessment_seconds(request: ActingRequest) -> HttpResponse:
    """Second assessments, and how far each organisation agrees with who assessed again."""
    actor, filters = request.actor, reads.filters_of(request.GET.dict())
    page, all_of_them = reads.page_of(actor, filters), list(reads.seconds(actor))
    agreed = agreements(row for row in all_of_them if row.closed_at is not None)
    context = {
        "rows": page.rows,
        "filters": filters,
        "total": reads.seconds(actor, filters).count(),
        "states": [(reads.WORK, _("在办的")), (reads.DONE, _("出了结果的"))],
        "organisations": sorted(
            {
                (str(one.second_of.organisation_id), one.second_of.organisation.name)
                for one in all_of_them
                if one.second_of and one.second_of.organisation
            },
            key=lambda pair: pair[1],
        ),
        "heads": reads.SORTS.heads(filters),
        "before_url": page.before_url(filters),
        "after_url": page.after_url(filters),
        "bodies": [
            (one.organisation, one.found, interval(one.found.exact, percent=True), interval(one.found.kappa))
            for one in agreed
        ],
        "open": sum(row.closed_at is None for row in all_of_them),
    }
    return render(request, "assessment/seconds.html", context)


@needs(permissions.REVIEW)
@require_http_methods(["GET", "POST"])
@answered_once
def assessment_second(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Both results item by item; where they differ too much, somebody says what came of looking."""
    found = second_of(request.actor, pk)
    form = LookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            look_at_second(actor=request.actor, second=pk, words=form.cleaned_data["words"], now=timezone.now())
        except SongheError as error:
            form.refuse(error)
        else:
            messages.success(request, _("记下了"))
            return redirect("assessment-second", pk)
    context = {
        "found": found,
        "apart": change(found.apart),
        "first": outcome_of(found.first),
        "second": outcome_of(found.second),
        "lines": [(line, change(line.second - line.first)) for line in found.lines],
        "form": form if is_to_look_at(pk) else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "assessment/second.html", context, status=status)
