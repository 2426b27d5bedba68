"""A form of an assessment as a reviewer reads it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from songhe.assessment import permissions, rights
from songhe.assessment.presenters import deed_buttons
from songhe.assessment.presenters_form import basics_of, signatures_of, would_come_to
from songhe.assessment.presenters_result import answers_in
from songhe.assessment.queries.field import photos_of
from songhe.assessment.queries.one import assessment_of, form_of
from songhe.assessment.scales.definition import scale_of
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.audit.models import Kind
from songhe.foundation.audit.recording import record
from songhe.ui.words import said


@require_GET
@needs(permissions.READ)
def assessment_form(request: ActingRequest, pk: UUID, form_pk: UUID) -> HttpResponse:
    """The answers in words, form A, photos, what it would come to, who signed; reading it is written down."""
    row = assessment_of(request.actor, pk)
    form, scale = form_of(row, form_pk), scale_of(row.scale)
    record(
        request.actor, action="assessment.read_form", subject=row.person_id, region=row.region_code,
        detail={"fields": ["assessment_form"], "form": form.pk}, kind=Kind.READING,
    )  # fmt: skip
    scored = would_come_to(form, scale) if form.submitted_at else None
    context = {
        "row": row,
        "form": form,
        "answers": answers_in(form, scale),
        "basics": basics_of(form),
        "signatures": signatures_of(form),
        "photos": photos_of(form),
        "scored": scored,
        "parts": [(said(part.name), scored.parts[part.code], part.most) for part in scale.parts] if scored else [],
        "most": scale.most,
        "level": said(scale.name_of(scored.level)) if scored and scored.level is not None else "",
        "reasons": [said(one.says) for one in scored.reasons] if scored else [],
        "buttons": deed_buttons(
            [deed for deed in rights.deeds_now(request.actor, row) if deed in (rights.CONFIRM, rights.SEND_BACK)]
        ),
    }
    return render(request, "assessment/form.html", context)
