"""Where progress is written: on a connection beside the handler's, or, for work done on the spot, on the same one.

The one beside also holds the lock that keeps two workers from the same job: when a worker is killed its connection
ends, and the lock with it.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol
from uuid import UUID

import psycopg
from django.db import connection, connections

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped

_SCOPE = "SELECT set_config('app.lo', %s, true), set_config('app.hi', %s, true)"
_WRITE = """
UPDATE jobs_job SET done = %s, total = %s, message = %s WHERE id = %s AND state = 'running' RETURNING cancel_wanted
"""
_READ = "SELECT cancel_wanted FROM jobs_job WHERE id = %s"
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%s, 7305003))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtextextended(%s, 7305003))"


class Board(Protocol):
    """Takes progress, tells whether to stop."""

    immediate: bool

    def write(self, done: int, total: int, words: str) -> bool:
        """Writes the progress; True when the work should stop."""
        ...

    def cancel_wanted(self) -> bool:
        """Whether the work should stop."""
        ...


class BoardBeside:
    """A connection of its own. `taken` says whether the job is ours: False when another worker is at it."""

    immediate = False

    def __init__(self, job_id: UUID, region: str) -> None:
        self._job_id = job_id
        self._scope = Actor.system("后台", region).range
        parameters: dict[str, Any] = connections["default"].get_connection_params()
        for name in ("cursor_factory", "context"):
            parameters.pop(name, None)
        self._connection = psycopg.connect(**parameters, autocommit=True)
        row = self._connection.execute(_LOCK, [str(job_id)]).fetchone()
        self.taken = bool(row and row[0])

    def __enter__(self) -> BoardBeside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def write(self, done: int, total: int, words: str) -> bool:
        """See Board."""
        return self._asked(_WRITE, [done, total, words, self._job_id])

    def cancel_wanted(self) -> bool:
        """See Board."""
        return self._asked(_READ, [self._job_id])

    def _asked(self, statement: str, values: list[Any]) -> bool:
        with self._connection.transaction():
            self._connection.execute(_SCOPE, self._scope)
            row = self._connection.execute(statement.encode(), values).fetchone()
        return bool(row and row[0])


class BoardInPlace:
    """The handler's own connection: for work done on the spot and for tests in a transaction that is undone.

    With `immediate` every progress is written and every question asked, which is slow for work of many steps.
    """

    def __init__(self, job_id: UUID, region: str, *, immediate: bool = False) -> None:
        self.immediate = immediate
        self._job_id = job_id
        self._actor = Actor.system("后台", region)
        self.taken = False

    def __enter__(self) -> BoardInPlace:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [str(self._job_id)])
            self.taken = bool(cursor.fetchone()[0])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.taken and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(_UNLOCK, [str(self._job_id)])

    def write(self, done: int, total: int, words: str) -> bool:
        """See Board."""
        return self._asked(_WRITE, [done, total, words, self._job_id])

    def cancel_wanted(self) -> bool:
        """See Board."""
        return self._asked(_READ, [self._job_id])

    def _asked(self, statement: str, values: list[Any]) -> bool:
        with scoped(self._actor, "job progress"), connection.cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone()
        return bool(row and row[0])
