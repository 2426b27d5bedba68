"""Results of assessments: of one person, many told at once, and whether a report is real."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.utils import timezone
from ninja import Path, Router

from songhe.assessment.api import ToldResult, genuine, propose_immediate, results_of, take_results
from songhe.doors.api import schemas_assessments as schemas
from songhe.doors.api.calls.people import seen
from songhe.doors.api.gate import CallRequest
from songhe.doors.api.problems import NOT_HERE, problem_body
from songhe.doors.api.reading import read
from songhe.doors.api.schemas import RecordedAll
from songhe.kernel.errors import NotFound
from songhe.kernel.told import phrase

router = Router(tags=[phrase("能力评估")])
READ = "assessment.read"
_FIELDS = {"量表": "scale", "用途": "purpose", "评估日期": "assessed_date", "评估机构": "organisation",
           "评估员": "assessors", "总分": "total", "等级": "level", "rows": "person_id"}  # fmt: skip
_VerificationCode = Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Za-z-]+$")]


@router.get(
    "/people/{person_id}/assessments", response=schemas.AssessmentResults, url_name="assessments",
    summary=phrase("一位老人的评估结果"),
)  # fmt: skip
def assessments(request: CallRequest, person_id: UUID) -> dict[str, Any]:
    """What was found and how long it holds, never single answers; results by other scales stand beside, unconverted."""
    found = seen(request, person_id, ("assessments",), READ)
    rows = [
        {
            "id": one.pk, "scale": one.scale, "purpose": one.purpose, "source": one.source, "state": one.state,
            "level": one.level, "total": one.total, "assessed_date": one.assessed_date,
            "valid_until": one.valid_until, "organisation": one.organisation_name,
        }
        for one in results_of(found.pk)
    ]  # fmt: skip
    return {"person_id": found.pk, "rows": rows}


@router.post(
    "/assessments/results", response=RecordedAll, url_name="assessment-results",
    summary=phrase("一次登记很多条评估结果"),
)  # fmt: skip
def results(request: CallRequest, body: schemas.ResultsIn) -> dict[str, Any]:
    """Each row is scored and checked by itself: those that cannot be used are named, the others are written."""
    now = timezone.now()
    told = [ToldResult(**one.model_dump()) for one in body.rows]
    problems, new = take_results(actor=request.actor, today=timezone.localdate(now), now=now, told=told)
    refused = [
        {"row": place, "problem": _problem(column, words)} for place, (column, words) in enumerate(problems) if words
    ]
    return {"taken": len(told) - len(refused), "new": new, "refused": refused}


@router.post(
    "/people/{person_id}/happenings", response=schemas.Proposed, url_name="happening",
    summary=phrase("出院、跌倒等，提议马上评估"),
)  # fmt: skip
def happening(request: CallRequest, person_id: UUID, body: schemas.HappenedIn) -> dict[str, Any]:
    """Her community is asked whether she is to be assessed at once. What happened is kept in the audit trail alone."""
    proposed = propose_immediate(
        actor=request.actor, person_id=person_id, happening=body.happening, on_date=body.on_date, now=timezone.now()
    )
    return {"proposed": proposed}


@router.get(
    "/assessments/verify/{code}", response=schemas.Verified, url_name="assessment-verify",
    summary=phrase("核验一份评估报告"),
)  # fmt: skip
def verify(request: CallRequest, code: _VerificationCode) -> dict[str, Any]:
    """By the code on the report; a code that is none is answered like any other."""
    request.actor.require(READ)
    try:
        found = genuine(code, today=timezone.localdate())
    except NotFound:
        read(request, ("verification",), rows=0)
        return {"genuine": False}
    read(request, ("verification",))
    return {
        "genuine": True, "name": found.name, "assessed_date": found.assessed_date, "state": found.state,
        "organisation": found.organisation, "valid_until": found.valid_until,
    }  # fmt: skip


def _problem(column: str, words: str) -> dict[str, Any]:
    if column == "person_id":
        return problem_body(404, NOT_HERE)
    return problem_body(400, words, field=_FIELDS.get(column, "answers"))
