"""Opening, taking, handing over and closing tasks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import grants_of
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.foundation.tasks import permissions
from songhe.foundation.tasks.events import (
    TaskClosed,
    TaskEvent,
    TaskMoved,
    TaskOpened,
    TaskPutBack,
    TaskReopened,
    TaskTaken,
)
from songhe.foundation.tasks.kinds import kind_of
from songhe.foundation.tasks.models import NOTE_LENGTH, TITLE_LENGTH, Task
from songhe.foundation.tasks.states import TaskState
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.regions import significant
from songhe.kernel.told import told

REOPENED_WITHIN = timedelta(days=1)


def open_task(
    *,
    actor: Actor,
    kind: str,
    title: str,
    region: str,
    due_date: date,
    now: datetime,
    subject: UUID | None = None,
    owner: Account | None = None,
    detail: dict[str, Any] | None = None,
) -> Task:
    """Opens a task; when one of the kind is already open about the subject, that one is given back unchanged.

    `region` is a division within the actor's, by its code or its leading digits. `title` and `detail` carry no
    personal data.
    """
    kind_of(kind)
    region = region.ljust(12, "0")
    actor.require_region(significant(region))
    with scoped(actor, f"open task {kind}"):
        if subject is not None:
            known = Task.objects.filter(kind=kind, subject=subject).exclude(state=TaskState.CLOSED).first()
            if known is not None:
                return known
        row = Task.objects.create(
            kind=kind, title=title[:TITLE_LENGTH], region_code=region, due_date=due_date,
            subject=subject, owner=owner, state=TaskState.TAKEN if owner else TaskState.OPEN, detail=detail or {},
            opened_by_id=actor.account_id, opened_at=now,
        )  # fmt: skip
        _tell(TaskOpened, row, due_date=due_date)
        return row


def take(*, actor: Actor, tasks: list[UUID]) -> int:
    """Makes the tasks one's own; those that somebody else has stay theirs. Returns how many are now taken."""
    actor.require(permissions.DO)
    account = _account(actor)
    with scoped(actor, "tasks.take"):
        rows = list(_locked(tasks).filter(state=TaskState.OPEN))
        for row in rows:
            _check_may_do(actor, row)
            row.move(TaskState.TAKEN, owner_id=account)
            _tell(TaskTaken, row)
            _recorded(actor, "tasks.take", row)
        return len(rows)


def hand_over(*, actor: Actor, tasks: list[UUID], owner: Account, today: date) -> int:
    """Gives open tasks to somebody who may do them there; one's own always, those of others with "tasks.assign".

    Refused when the new owner holds no right in a task's region. Returns how many changed hands.
    """
    with scoped(actor, "tasks.hand_over"):
        rows = list(_locked(tasks).exclude(state=TaskState.CLOSED))
        regions = [significant(grant.region) for grant in grants_of(owner, today)] if owner.is_active else []
        for row in rows:
            if actor.account_id is None or row.owner_id != actor.account_id:
                actor.require(permissions.ASSIGN)
            if not any(row.region_code.startswith(region) for region in regions):
                raise Refused(told("{name}不管这个地方，不能交给他", name=owner.name))
            row.move(TaskState.TAKEN, owner=owner)
            _tell(TaskTaken, row)
            _recorded(actor, "tasks.hand_over", row, owner=owner.pk)
        return len(rows)


def put_back(*, actor: Actor, tasks: list[UUID]) -> int:
    """Nobody has the tasks any more; one's own always, those of others with "tasks.assign". Returns how many."""
    with scoped(actor, "tasks.put_back"):
        rows = list(_locked(tasks).filter(state=TaskState.TAKEN))
        for row in rows:
            if actor.account_id is None or row.owner_id != actor.account_id:
                actor.require(permissions.ASSIGN)
            row.move(TaskState.OPEN, owner_id=None)
            _tell(TaskPutBack, row)
            _recorded(actor, "tasks.put_back", row)
        return len(rows)


def close_task(*, actor: Actor, task: UUID | Task, outcome: str, now: datetime, note: str = "") -> Task:
    """Closes a task with one of its kind's outcomes; BadInput for any other, Conflict when it is closed already.

    The task of another owner is closed only with "tasks.assign".
    """
    with scoped(actor, "tasks.close"):
        row = _one(task)
        _check_may_do(actor, row)
        if row.owner_id is not None and row.owner_id != actor.account_id and actor.account_id is not None:
            actor.require(permissions.ASSIGN)
        _close(actor, row, outcome, note, now)
        return row


def close_about(*, actor: Actor, kind: str, subject: UUID, outcome: str, now: datetime, note: str = "") -> int:
    """Closes what is open of a kind about a subject, because the deed itself was done elsewhere; returns how many."""
    with scoped(actor, f"close {kind}"):
        rows = list(Task.objects.select_for_update().filter(kind=kind, subject=subject).exclude(state=TaskState.CLOSED))
        for row in rows:
            _close(actor, row, outcome, note, now)
        return len(rows)


def lay_about(*, actor: Actor, kind: str, subject: UUID, region: str) -> None:
    """What is open of a kind about a subject belongs to another division: the subject itself went there."""
    with scoped(actor, f"lay {kind}"):
        found = Task.objects.select_for_update().filter(kind=kind, subject=subject)
        for row in found.exclude(state=TaskState.CLOSED).exclude(region_code=region):
            before, row.region_code = row.region_code, region
            row.save(update_fields=["region_code"])
            _tell(TaskMoved, row, from_region=before)


def reopen(*, actor: Actor, task: UUID | Task, now: datetime) -> Task:
    """Takes back the closing, within a day, by who closed it. Refused for others and later."""
    with scoped(actor, "tasks.reopen"):
        row = _one(task)
        if row.state != TaskState.CLOSED or row.closed_at is None:
            raise Conflict("这件事没有办结")
        if row.closed_by_id is None or row.closed_by_id != actor.account_id:
            raise Refused("只有办结的人能撤回")
        if now - row.closed_at > REOPENED_WITHIN:
            raise Refused("办结超过1天，不能撤回")
        same = Task.objects.filter(kind=row.kind, subject=row.subject).exclude(state=TaskState.CLOSED)
        if row.subject is not None and same.exists():
            raise Conflict("同一件事已经另有一件待办")
        row.move(
            TaskState.TAKEN, owner_id=actor.account_id, outcome="", note="", closed_at=None, closed_by=None
        )  # fmt: skip
        _tell(TaskReopened, row, due_date=row.due_date)
        _recorded(actor, "tasks.reopen", row)
        return row


def _close(actor: Actor, row: Task, outcome: str, note: str, now: datetime) -> None:
    outcomes = kind_of(row.kind).outcomes
    if outcome not in outcomes:
        raise BadInput("结果", "办结要选一个结果", given=outcome, accepted="、".join(outcomes.values()))
    if len(note) > NOTE_LENGTH:
        raise BadInput("说明", told("最多{most}字", most=NOTE_LENGTH), given=told("{count}字", count=len(note)))
    row.move(TaskState.CLOSED, outcome=outcome, note=note, closed_at=now, closed_by_id=actor.account_id)
    _tell(TaskClosed, row, outcome=outcome)
    _recorded(actor, "tasks.close", row, outcome=outcome)


def _tell(what: type[TaskEvent], row: Task, **more: Any) -> None:
    publish(what(region=row.region_code, task=row.pk, kind=row.kind, **more))


def _recorded(actor: Actor, action: str, row: Task, **detail: object) -> None:
    about = {"kind": row.kind, "about": row.subject, **detail}
    record(actor, action=action, subject=row.pk, region=row.region_code, detail=about)


def _check_may_do(actor: Actor, row: Task) -> None:
    actor.require(permissions.DO)
    action = kind_of(row.kind).action
    if action:
        actor.require(action)


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise Refused("要登录的人才能接办")
    return actor.account_id


def _one(task: UUID | Task) -> Task:
    key = task.pk if isinstance(task, Task) else task
    row = Task.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise NotFound("这件待办")
    return row


def _locked(tasks: list[UUID]):  # type: ignore[no-untyped-def]
    return Task.objects.select_for_update().filter(pk__in=tasks).order_by("pk")
