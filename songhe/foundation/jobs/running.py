"""Doing the work that waits: one job at a time, from the queue to its end.

A job that fails is told in words its starter understands, or by a short code that leads to the log; the log names the
place in the program and never the data. Rights are asked again: who lost them since gets no result.
"""

from __future__ import annotations

import logging
import secrets
import threading
import traceback
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from songhe.foundation.access.actors import Actor, declared
from songhe.foundation.access.models import RoleAction
from songhe.foundation.access.queries import grants_of
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs.boards import Board, BoardBeside, BoardInPlace
from songhe.foundation.jobs.handlers import Handler, handler_of
from songhe.foundation.jobs.models import WORDS_LENGTH, Job
from songhe.foundation.jobs.progress import Cancelled, Interrupted, Progress
from songhe.foundation.jobs.queue import enqueue, retry_stalled, waiting
from songhe.foundation.jobs.states import OPEN, JobState
from songhe.foundation.jobs.telling import tell_starter
from songhe.kernel.errors import Refused, SongheError
from songhe.kernel.regions import significant

MOST_ATTEMPTS = 3
# of the handler's connection and of the one beside
_DATABASE_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
_log = logging.getLogger(__name__)


def run_beside(job_id: UUID, region: str, stopping: threading.Event | None = None) -> None:
    """Does one job with its progress on a connection beside; nothing when another worker is at it or it has ended."""
    with BoardBeside(job_id, region) as board:
        if board.taken:
            _perform(job_id, region, board, stopping)


def run_in_place(job: Job, *, immediate: bool = False) -> Job:
    """Does one job here and now, on this connection; gives it back as it is afterwards.

    When a worker is at it already, it is left to that. `immediate` as in BoardInPlace.
    """
    with BoardInPlace(job.pk, job.region_code, immediate=immediate) as board:
        if board.taken:
            _perform(job.pk, job.region_code, board, None)
    with scoped(_worker(job.region_code), "job"):
        return Job.objects.get(pk=job.pk)


def run_queued(region: str = "") -> list[Job]:
    """Does here and now all that waits in a region, the oldest first; for commands and tests."""
    with scoped(_worker(region), "job"):
        jobs = list(Job.objects.filter(state=JobState.QUEUED).order_by("created_at", "id"))
    return [run_in_place(job) for job in jobs]


def take_up_stalled(*, seconds: float) -> int:
    """Puts back in the queue what a killed worker or a broken connection left; returns how many."""
    with scoped(_worker(""), "job take up"):
        found = retry_stalled(seconds)
        begun = list(Job.objects.filter(state__in=OPEN).select_for_update(skip_locked=True))
        there = waiting([job.queue_id for job in begun if job.queue_id is not None])
        lost = [job for job in begun if job.queue_id not in there]
        for job in lost:
            job.queue_id = enqueue(str(job.pk), job.region_code)
            job.save(update_fields=["queue_id"])
        return found + len(lost)


def _worker(region: str) -> Actor:
    return Actor.system("后台", region)


def _perform(job_id: UUID, region: str, board: Board, stopping: threading.Event | None) -> None:
    job = _begun(job_id, region)
    if job is None:
        return
    try:
        handler = handler_of(job.kind)
        progress = Progress(job, acting_for(job, handler, timezone.localdate()), board, stopping)
        result = handler.run(progress, **job.arguments)
    except Cancelled:
        _end(job, JobState.CANCELLED, message="按要求停了，做过的都退回了")
    except Interrupted:
        _put_back(job)
    except SongheError as error:
        _end(job, JobState.FAILED, message=str(error)[:WORDS_LENGTH])
    except _DATABASE_AWAY:  # taken up again later
        raise
    except Exception as error:
        _end(job, JobState.FAILED, message="", error_code=_logged(job, error))
    else:
        if not progress.finished:
            _end(job, JobState.DONE, result=result or {})


def _begun(job_id: UUID, region: str) -> Job | None:
    """The job, now running; None when there is nothing to do any more."""
    now = timezone.now()
    with scoped(_worker(region), "job begin"):
        job = Job.objects.select_for_update().filter(pk=job_id, state__in=OPEN).first()
        if job is None:
            return None
        if job.state == JobState.RUNNING:  # its worker is gone, for the lock was free
            job.move(JobState.QUEUED)
        if job.cancel_wanted:
            job.move(JobState.CANCELLED, finished_at=now)
            return None
        if job.attempts >= MOST_ATTEMPTS:
            words = f"中断了{job.attempts}次，没有再试"
            job.move(JobState.FAILED, finished_at=now, message=words)
            tell_starter(job, JobState.FAILED, words, now)
            return None
        job.move(JobState.RUNNING, started_at=now, attempts=job.attempts + 1, done=0, total=0, message="")
        return job


def acting_for(job: Job, handler: Handler, today: date) -> Actor:
    """Whoever started the job, with the rights held today in its region. Refused when the needed one is gone.

    What Songhe itself started may do everything there.
    """
    region = significant(job.region_code)
    account = job.started_by
    if account is None:
        return Actor.system(job.starter_name, job.region_code, declared())
    roles = [
        grant.role_id for grant in grants_of(account, today) if region.startswith(significant(grant.region))
    ] if account.is_active else []  # fmt: skip
    actions = RoleAction.objects.filter(role__in=roles).values_list("action", flat=True)
    actor = Actor(account.pk, account.name, region, frozenset(actions))
    if not roles:
        raise Refused("开始这项工作的人现在没有这里的权限了")
    if handler.permission:
        actor.require(handler.permission)
    return actor


def _end(job: Job, state: JobState, **fields: Any) -> None:
    now = timezone.now()
    with scoped(_worker(job.region_code), "job end"):
        row = Job.objects.select_for_update().get(pk=job.pk)
        row.move(state, finished_at=now, **fields)
        tell_starter(row, state, row.message if state != JobState.DONE else "", now)


def _put_back(job: Job) -> None:
    """The worker was asked to end, which is nobody's failure and does not count as an attempt."""
    with scoped(_worker(job.region_code), "job put back"):
        row = Job.objects.select_for_update().get(pk=job.pk)
        row.move(
            JobState.QUEUED, attempts=row.attempts - 1, queue_id=enqueue(str(row.pk), row.region_code),
            done=0, total=0, message="",
        )  # fmt: skip


def _logged(job: Job, error: Exception) -> str:
    """Writes to the log where it happened, without the error's words: they may quote personal data."""
    code = secrets.token_hex(2).upper()
    places = " < ".join(
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in reversed(traceback.extract_tb(error.__traceback__)[-6:])
    )
    _log.error("job %s (%s) failed, code %s: %s at %s", job.pk, job.kind, code, type(error).__name__, places)
    return code


def ended_before(moment: datetime) -> int:
    """Forgets ended jobs from before the moment; returns how many."""
    with scoped(_worker(""), "job clean"):
        return Job.objects.exclude(state__in=OPEN).filter(finished_at__lt=moment).delete()[0]
