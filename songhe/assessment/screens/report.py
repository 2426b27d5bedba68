"""The report of a result as a file, in Chinese whatever the page speaks: it goes out of the house."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import override
from django.views.decorators.http import require_GET

from songhe.assessment import permissions
from songhe.assessment.operations.reading import REPORT, opened
from songhe.assessment.queries.results import result_by_key, signatures_of
from songhe.assessment.reporting import report_pdf
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.places import place_names


@require_GET
@needs(permissions.READ)
def result_report(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The PDF with both signatures and a code that anybody can check; making it is written down."""
    row = opened(request.actor, result_by_key(request.actor, pk), action=REPORT)
    address = request.build_absolute_uri(f"{reverse('verify')}?{urlencode({'code': row.code})}")
    with override(settings.LANGUAGE_CODE):
        place = place_names([row.region_code])[row.region_code]
        content = report_pdf(row, signatures_of(row), place=place, address=address)
    headers = {
        "Content-Disposition": f'attachment; filename="assessment-{str(pk)[:8]}.pdf"', "Cache-Control": "no-store"
    }  # fmt: skip
    return HttpResponse(content, content_type="application/pdf", headers=headers)
