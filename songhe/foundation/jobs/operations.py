"""Starting and stopping work in the background."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.recording import record
from songhe.foundation.jobs import permissions
from songhe.foundation.jobs.handlers import handler_of
from songhe.foundation.jobs.models import TITLE_LENGTH, Job
from songhe.foundation.jobs.queue import enqueue, withdraw
from songhe.foundation.jobs.states import JobState
from songhe.kernel.errors import Conflict, NotFound, Refused
from songhe.kernel.regions import significant
from songhe.kernel.told import told


def start(
    actor: Actor, kind: str, arguments: dict[str, Any], title: str, region: str = "", *, now: datetime | None = None
) -> Job:
    """Puts work in the queue, in the caller's transaction: it begins when that commits.

    `arguments` (names as the handler takes them) hold ids and settings, no personal data; nor does `title`. `region` is
    the division it belongs to, the actor's own when empty. Refused without the action that the kind asks for.
    """
    wanted = handler_of(kind)
    if wanted.permission:
        actor.require(wanted.permission)
    region = (region or actor.region).ljust(12, "0")
    actor.require_region(significant(region))
    job = Job(
        kind=kind, title=title[:TITLE_LENGTH], region_code=region, started_by_id=actor.account_id,
        starter_name=actor.name, arguments=arguments, created_at=now or timezone.now(),
    )  # fmt: skip
    with scoped(actor, f"start {kind}"):
        job.queue_id = enqueue(str(job.pk), job.region_code)
        job.save(force_insert=True)
    return job


def cancel(*, actor: Actor, job: Job, now: datetime) -> Job:
    """Stops work: at once when it waits; when it runs, as soon as it next asks, and what it did is undone.

    Refused for the work of others without the action "jobs.stop"; Conflict when it has ended.
    """
    if actor.account_id is None or job.started_by_id != actor.account_id:
        actor.require(permissions.STOP)
    with scoped(actor, "jobs.cancel"):
        locked = Job.objects.select_for_update().filter(pk=job.pk).first()
        if locked is None:
            raise NotFound("这项后台工作")
        if not locked.is_open:
            raise Conflict(told("这项后台工作已经{state}", state=locked.get_state_display()))
        record(
            actor, action="jobs.cancel", subject=locked.pk, region=locked.region_code, detail={"kind": locked.kind}
        )  # fmt: skip
        if locked.state == JobState.RUNNING:
            locked.cancel_wanted = True
            locked.save(update_fields=["cancel_wanted"])
            return locked
        if locked.queue_id is not None:
            withdraw(locked.queue_id)
        locked.move(JobState.CANCELLED, finished_at=now, cancel_wanted=True)
        return locked


def check_may_see(actor: Actor, job: Job) -> None:
    """Refused for the work of others without the action "jobs.read"."""
    if not may_see(actor, job):
        raise Refused(told("这项后台工作是{starter_name}开始的，您的角色看不到", starter_name=job.starter_name))


def may_see(actor: Actor, job: Job) -> bool:
    """Own work, or that of others with the action."""
    own = actor.account_id is not None and job.started_by_id == actor.account_id
    return own or actor.may(permissions.READ)


def may_cancel(actor: Actor, job: Job) -> bool:
    """Whether the button to stop is there."""
    own = actor.account_id is not None and job.started_by_id == actor.account_id
    return job.is_open and not job.cancel_wanted and (own or actor.may(permissions.STOP))
