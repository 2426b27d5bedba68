"""What is to do: listed by due date, and closed where the task is not done on a page of its own."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Router

from songhe.doors.api import schemas
from songhe.doors.api.gate import CallRequest
from songhe.foundation.tasks.kinds import kind_of
from songhe.foundation.tasks.models import Task
from songhe.foundation.tasks.operations import close_task
from songhe.foundation.tasks.permissions import ASSIGN, DO, READ
from songhe.foundation.tasks.queries import ALL, CLOSED, Filters, page_of, task_of
from songhe.kernel.errors import Refused
from songhe.kernel.told import phrase

router = Router(tags=[phrase("待办")])


@router.get("/tasks", response=schemas.Tasks, url_name="tasks", summary=phrase("待办"))
def tasks(
    request: CallRequest,
    state: Literal["open", "closed"] = "open",
    kind: schemas.Code | None = None,
    region: schemas.RegionCode | None = None,
    after: schemas.Key = "",
    limit: schemas.Rows = schemas.USUAL,
) -> dict[str, Any]:
    """The tasks of the system's region that concern what it may do, by due date; the closed ones the last first."""
    request.actor.require(READ)
    if region:
        request.actor.within(region)
    filters = Filters(CLOSED if state == "closed" else ALL, kind=kind or "", region=region or "", after=after)
    page = page_of(request.actor, filters, timezone.localdate(), limit)
    return {"rows": [_row(one) for one in page.tasks], "after": page.after}


@router.get("/tasks/{task_id}", response=schemas.TaskOut, url_name="task", summary=phrase("一件待办"))
def task(request: CallRequest, task_id: UUID) -> dict[str, Any]:
    """One task."""
    request.actor.require(READ)
    return _row(task_of(request.actor, task_id))


@router.post("/tasks/{task_id}/close", response=schemas.TaskOut, url_name="task-close", summary=phrase("办结一件待办"))
def close(request: CallRequest, task_id: UUID, body: schemas.Closing) -> dict[str, Any]:
    """Closes a task with one of its kind's outcomes. One that somebody has, or that a page of its own does, is not."""
    request.actor.require(DO)
    found = task_of(request.actor, task_id)
    if kind_of(found.kind).page:
        raise Refused("这件事要在它自己的页面上办，办了就结了")
    if found.owner_id is not None:
        request.actor.require(ASSIGN)
    return _row(close_task(actor=request.actor, task=task_id, outcome=body.outcome, note=body.note, now=timezone.now()))


def _row(one: Task) -> dict[str, Any]:
    return {
        "id": one.pk, "kind": one.kind, "title": one.title, "subject": one.subject, "region": one.region_code,
        "due_date": one.due_date, "state": one.state, "outcome": one.outcome, "opened_at": one.opened_at,
        "closed_at": one.closed_at,
    }  # fmt: skip
