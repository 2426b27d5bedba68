"""What is to be settled with people at their doors, and how it ended; never why, which somebody wrote freely."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Router

from songhe.doors.api import schemas
from songhe.doors.api.gate import CallRequest
from songhe.doors.api.reading import read
from songhe.eligibility.decisions.api import MatterFilters, matter_of, matters_page
from songhe.kernel.told import phrase

router = Router(tags=[phrase("上门的事")])
READ = "decisions.read"
_FIELDS = ("matters",)
_CLOSED = "closed"


@router.get("/matters", response=schemas.Matters, url_name="matters", summary=phrase("上门的事，一页一页取"))
def matters(
    request: CallRequest,
    state: Literal["open", "closed"] = "open",
    kind: Literal["offer", "soon", "stop", "ask"] | None = None,
    item: schemas.Code | None = None,
    region: schemas.RegionCode | None = None,
    after: schemas.Key = "",
    limit: schemas.Rows = schemas.USUAL,
) -> dict[str, Any]:
    """What is still to settle, the first due first; or what was settled, the last first."""
    request.actor.require(READ)
    if region:
        request.actor.within(region)
    filters = MatterFilters(
        kind=kind or "", item=item or "", region=region or "", outcome=_CLOSED if state == "closed" else "",
        after=after,
    )  # fmt: skip
    page = matters_page(request.actor, filters, timezone.localdate(), limit)
    read(request, _FIELDS, rows=len(page.rows))
    return {"rows": [_row(one) for one in page.rows], "after": page.after}


@router.get("/matters/{matter_id}", response=schemas.MatterOut, url_name="matter", summary=phrase("一件上门的事"))
def matter(request: CallRequest, matter_id: UUID) -> dict[str, Any]:
    """One matter."""
    request.actor.require(READ)
    found = matter_of(request.actor, matter_id)
    read(request, _FIELDS, subject=found.person_id, region=found.region_code)
    return _row(found)


def _row(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk, "person_id": one.person_id, "region": one.region_code, "kind": one.kind, "item": one.item,
        "question": one.question, "from_date": one.from_date, "due_date": one.due_date, "opened_at": one.opened_at,
        "outcome": one.outcome, "closed_at": one.closed_at,
    }  # fmt: skip
