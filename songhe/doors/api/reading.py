"""Readings of people leave an entry with the purpose, before anything is given out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from songhe.doors.api.gate import CallRequest
from songhe.foundation.audit.models import Kind
from songhe.foundation.audit.recording import record


def read(
    request: CallRequest, fields: Sequence[str], *, subject: UUID | str = "", region: str = "", rows: int = 1
) -> None:
    """Writes that the system read these fields, of one person or of so many."""
    detail = {"fields": list(fields), "reason": str(request.purpose.label), "client": request.client.pk}
    record(
        request.actor, action="api.read", subject=subject, region=region, detail=detail, kind=Kind.READING, number=rows
    )
