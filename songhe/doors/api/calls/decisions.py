"""What people may have: of one person with what is missing, of everybody by item, and what changed."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Router

from songhe.doors.api import schemas
from songhe.doors.api.calls.people import of_each, seen
from songhe.doors.api.gate import CallRequest
from songhe.doors.api.reading import read
from songhe.eligibility.decisions.api import changes_after, course_of, file_now, people_of
from songhe.kernel.told import phrase

router = Router(tags=[phrase("判定")])
READ = "decisions.read"
_FIELDS = ("decisions",)
_OUTCOMES = {True: "yes", False: "no", None: "unknown"}
_LETTERS = {"y": "yes", "n": "no", "u": "unknown", "": ""}


@router.get(
    "/people/{person_id}/decisions",
    response=schemas.Decisions,
    url_name="decisions",
    summary=phrase("一位老人可享什么"),
)
def decisions(request: CallRequest, person_id: UUID) -> dict[str, Any]:
    """Every item of the list that holds where the person lives, by the facts as they stand today."""
    return _decisions(seen(request, person_id, _FIELDS, READ))


@router.post(
    "/decisions/read",
    response=schemas.DecisionsOfMany,
    url_name="decisions-read",
    summary=phrase("很多位老人可享什么，一次取"),
)
def decisions_of_many(request: CallRequest, body: schemas.PersonsIn) -> dict[str, Any]:
    """Of each person by herself: who is not there, or not to be seen, is named, the others are given."""
    return {"rows": of_each(request, body.person_ids, _FIELDS, "decisions", _decisions, READ)}


def _decisions(person: Any) -> dict[str, Any]:
    today = timezone.localdate()
    file, course = file_now(person, today), course_of(person)
    rows: list[dict[str, Any]] = []
    if file.desk is not None and file.facts is not None:
        rows = [
            {
                "item": line.slug, "number": line.number, "name": line.name, "outcome": _OUTCOMES[line.answer],
                "amount": line.amount.strip("–"), "gap": line.gap, "receiving": line.slug in course.receipts,
                "paused": line.slug in course.pauses,
            }
            for line in file.desk.lines(file.facts)
        ]  # fmt: skip
    return {"person_id": person.pk, "on": today, "release": file.release.pk if file.release else None, "rows": rows}


@router.get(
    "/decisions", response=schemas.Standings, url_name="decisions-all", summary=phrase("一项待遇的人，一页一页取")
)
def by_item(
    request: CallRequest,
    item: schemas.Code,
    outcome: Literal["yes", "unknown", "receiving", "gap", "beyond"] = "yes",
    region: schemas.RegionCode | None = None,
    after: schemas.Key = "",
) -> dict[str, Any]:
    """Who may have it, is unknown, receives it, may have it and does not receive it, or the other way round."""
    request.actor.require(READ)
    if region:
        request.actor.within(region)
    page = people_of(request.actor, item, outcome, area=region or "", after=after)
    read(request, _FIELDS, rows=len(page.rows))
    rows = [{"person_id": one.person_id, "region": one.region_code, "on": one.on_date} for one in page.rows]
    return {"rows": rows, "after": page.after}


@router.get("/decisions/changes", response=schemas.Changes, url_name="decisions-changes", summary=phrase("判定的变动"))
def changes(request: CallRequest, cursor: schemas.Cursor = 0, limit: schemas.Rows = schemas.USUAL) -> dict[str, Any]:
    """What came out otherwise than before, behind the cursor; nothing is left out when cursors are kept."""
    request.actor.require(READ)
    found = changes_after(request.actor, cursor, limit + 1, timezone.localdate())
    rows = found[:limit]
    read(request, _FIELDS, rows=len(rows))
    told = [
        {
            "cursor": one.pk, "person_id": one.person_id, "region": one.region_code, "item": slug,
            "on": one.on_date, "before": _LETTERS[one.before], "after": _LETTERS[one.after],
            "fen_before": one.fen_before, "fen_after": one.fen_after,
        }
        for one, slug in rows
    ]  # fmt: skip
    return {"rows": told, "cursor": rows[-1][0].pk if rows else cursor, "more": len(found) > limit}
