"""The queue beneath: entries of procrastinate, written in the caller's own transaction."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job as Entry
from procrastinate.manager import JobManager

TASK, QUEUE = "songhe.job", "songhe"
_RETRY_STALLED = """
WITH stalled AS (
    SELECT entry.id
      FROM procrastinate_jobs entry
     WHERE entry.status = 'doing' AND entry.task_name = %s
       AND NOT EXISTS (
           SELECT FROM procrastinate_workers worker
            WHERE worker.id = entry.worker_id AND worker.last_heartbeat >= now() - make_interval(secs => %s)
       )
       FOR UPDATE OF entry SKIP LOCKED
)
SELECT procrastinate_retry_job_v2(id, NULL, NULL, NULL, NULL) FROM stalled
"""
_WAITING = "SELECT id FROM procrastinate_jobs WHERE id = ANY(%s) AND status IN ('todo', 'doing')"


def enqueue(job_id: str, region: str) -> int:
    """Puts a job in the queue; it is there when the transaction commits, and not when it does not."""
    entry = Entry(
        id=None, queue=QUEUE, lock=None, queueing_lock=None, task_name=TASK,
        task_kwargs={"job_id": job_id, "region": region},
    )  # fmt: skip
    number = JobManager(DjangoConnector()).defer_job(entry).id
    if number is None:
        raise RuntimeError("the queue gave no number")
    return number


def withdraw(number: int) -> None:
    """Takes an entry out of the queue that no worker has taken yet."""
    JobManager(DjangoConnector()).cancel_job_by_id(number, delete_job=True)


def retry_stalled(seconds: float) -> int:
    """Puts back what workers held that have given no sign of life for so long; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_RETRY_STALLED, [TASK, seconds])
        return len(cursor.fetchall())


def waiting(numbers: list[int]) -> set[int]:
    """Which of these entries a worker has or will have."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [numbers])
        return {row[0] for row in cursor.fetchall()}
