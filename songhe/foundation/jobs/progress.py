"""What a handler holds while it works: who it works for, how far it is, and whether it should stop.

Progress is written beside the handler's own transaction, so that others see it while that is open.
"""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from songhe.foundation.access.actors import Actor
from songhe.foundation.jobs.boards import Board
from songhe.foundation.jobs.models import WORDS_LENGTH, Job
from songhe.foundation.jobs.states import JobState
from songhe.foundation.jobs.telling import tell_starter
from songhe.kernel.errors import Conflict

_EVERY_SECONDS = 0.4


class Cancelled(Exception):
    """Somebody wants the work stopped: leave it to undo the transaction."""


class Interrupted(Exception):
    """The worker has to end; the work begins anew with the next one."""


class Progress:
    """A job at work. `actor` has the rights of whoever started it as they are now, in the job's region."""

    def __init__(self, job: Job, actor: Actor, board: Board, stopping: threading.Event | None = None) -> None:
        self.id: UUID = job.pk
        self.kind: str = job.kind
        self.region: str = job.region_code
        self.actor = actor
        self._job = job
        self.finished = False
        self._board = board
        self._stopping = stopping
        self._written_at = self._asked_at = -_EVERY_SECONDS
        self._cancel_wanted = False

    def at(self, done: int, total: int = 0, words: str = "") -> None:
        """Says how far the work is; `total` 0 while unknown. Cheap: but for the end, written some times a second."""
        self._still_open()
        now = time.monotonic()
        early = now - self._written_at < _EVERY_SECONDS and done != total
        if early and not self._board.immediate:
            return
        self._written_at = self._asked_at = now  # the answer to writing says whether to stop
        self._cancel_wanted = self._board.write(done, total, words[:WORDS_LENGTH])

    def check_cancelled(self) -> None:
        """Raises Cancelled when somebody wants the work stopped, Interrupted when the worker has to end."""
        if self._stopping is not None and self._stopping.is_set():
            raise Interrupted
        now = time.monotonic()
        if not self._cancel_wanted and (now - self._asked_at >= _EVERY_SECONDS or self._board.immediate):
            self._asked_at = now
            self._cancel_wanted = self._board.cancel_wanted()
        if self._cancel_wanted:
            raise Cancelled

    def finish(self, result: dict[str, Any] | None = None) -> None:
        """Ends the work in the handler's own transaction: the deed and its end are written together or not at all.

        The last thing a handler does within its `scoped` block. Without it the end is written when the handler
        returns, and a worker killed in between makes the work run twice.
        """
        self._still_open()
        if not connection.in_atomic_block:
            raise RuntimeError("finish() belongs into the handler's transaction")
        now = timezone.now()
        changed = Job.objects.filter(pk=self.id, state=JobState.RUNNING).update(
            state=JobState.DONE, result=result or {}, finished_at=now
        )
        if not changed:
            raise Conflict("这项后台工作已经不在运行")
        tell_starter(self._job, JobState.DONE, "", now)
        self.finished = True

    def _still_open(self) -> None:
        if self.finished:
            raise RuntimeError("the job said it has finished")
