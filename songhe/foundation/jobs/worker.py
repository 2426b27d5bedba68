"""The worker: a process that takes jobs from the queue, and does beside them what has to be done every so often.

It ends when asked to: running work is told at its next `check_cancelled`, undone, and begins anew with the next worker.
When the database goes away it waits and comes back.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import psycopg
from django.db import Error, close_old_connections, connections
from procrastinate import App
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.db_cleanup import close_db_connections
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import DeleteJobCondition
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker

from songhe.foundation.jobs.handlers import load_handlers
from songhe.foundation.jobs.queue import QUEUE, TASK
from songhe.foundation.jobs.running import run_beside, take_up_stalled

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a worker is, in seconds.

    How often it shows that it lives, after how long without that another takes up its work, how often it looks for
    work that no notice told of, and how long it rests before it tries a lost database again.
    """

    heartbeat: float = 5.0
    stalled: float = 20.0
    look: float = 5.0
    again: float = 3.0


@dataclass(frozen=True, slots=True)
class Repeated:
    """Something done every so many seconds."""

    name: str
    deed: Callable[[], object]
    every: float


def work(
    *, stopping: threading.Event, at_once: int = 1, pace: Pace | None = None, repeated: Sequence[Repeated] = ()
) -> None:
    """Works until `stopping` is set. `at_once` jobs run beside each other."""
    pace = pace or Pace()
    load_handlers()
    take_up = Repeated("take up", partial(take_up_stalled, seconds=pace.stalled), pace.stalled / 4)
    threads = [
        threading.Thread(target=_repeat, args=(deed, stopping), name=deed.name, daemon=True)
        for deed in (take_up, *repeated)
    ]
    for thread in threads:
        thread.start()
    while not stopping.is_set():
        try:
            asyncio.run(_until_stopped(stopping, at_once, pace))
        except (ProcrastinateException, psycopg.Error, Error) as error:
            _log.warning("the database is away (%s), trying again", type(error).__name__)
        stopping.wait(pace.again)
    for thread in threads:
        thread.join(timeout=10)


async def _until_stopped(stopping: threading.Event, at_once: int, pace: Pace) -> None:
    app = App(connector=PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=at_once + 3))

    @app.task(name=TASK, queue=QUEUE)
    def run(job_id: str, region: str) -> None:
        if not stopping.is_set():
            run_beside(UUID(job_id), region, stopping)
        if stopping.is_set():
            worker.stop()  # type: ignore[no-untyped-call]  # before it looks for more: the work just put back is for the next one

    async with app.open_async():
        worker = Worker(
            app, queues=[QUEUE], concurrency=at_once, install_signal_handlers=False,
            delete_jobs=DeleteJobCondition.ALWAYS, fetch_job_polling_interval=pace.look,
            update_heartbeat_interval=pace.heartbeat, stalled_worker_timeout=pace.stalled,
            task_middleware=[close_db_connections],
        )  # fmt: skip
        running = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        while not running.done():
            await asyncio.wait([running], timeout=_LOOK_SECONDS)
            if stopping.is_set():
                worker.stop()  # type: ignore[no-untyped-call]
        await running


def _repeat(deed: Repeated, stopping: threading.Event) -> None:
    while not stopping.wait(deed.every):
        close_old_connections()
        try:
            deed.deed()
        except (psycopg.OperationalError, Error) as error:
            _log.warning("%s: the database said %s", deed.name, type(error).__name__)
        except Exception as error:  # the next time may go well; nothing of the data goes to the log
            _log.error("%s failed: %s", deed.name, type(error).__name__)
    connections.close_all()
