"""Handing a kept file out."""

from __future__ import annotations

from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.uploads.operations import hand_out
from songhe.foundation.uploads.queries import readable

_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@needs()
def download(request: ActingRequest, upload_id: UUID) -> StreamingHttpResponse:
    """The file as an attachment: a browser stores it and never opens it as a page of ours."""
    upload = readable(request.actor, upload_id)
    return StreamingHttpResponse(
        hand_out(actor=request.actor, upload=upload),
        content_type=_TYPES.get(upload.kind, "application/octet-stream"),
        headers={
            "Content-Disposition": str(content_disposition_header(True, upload.name)),
            "Content-Length": str(upload.size),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
