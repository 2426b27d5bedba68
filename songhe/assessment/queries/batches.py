"""Files of results as pages show them."""

from __future__ import annotations

from uuid import UUID

from songhe.assessment.batches import ResultBatch, ResultError
from songhe.foundation.access.actors import Actor
from songhe.foundation.jobs.models import Job
from songhe.kernel.errors import NotFound

PAGE_ROWS = 50


def newest_batches(actor: Actor) -> list[ResultBatch]:
    """The last files of the actor's region, the newest first."""
    lo, hi = actor.range
    found = ResultBatch.objects.filter(region_code__gte=lo, region_code__lt=hi)
    return list(found.order_by("-made_at", "id")[:PAGE_ROWS])


def batch_of(actor: Actor, batch_id: UUID) -> ResultBatch:
    """One file. NotFound when it is not there, or not the actor's to see."""
    batch = ResultBatch.objects.filter(pk=batch_id).first()
    if batch is None or not actor.covers(batch.region_code):
        raise NotFound("这份名册")
    return batch


def errors_of(batch: ResultBatch, after: str = "") -> tuple[list[ResultError], str]:
    """A page of the cells that cannot be used, and what the next page comes after ("" at the end)."""
    found = batch.errors.order_by("id")
    if after.isascii() and after.isdigit() and len(after) < 19:
        found = found.filter(pk__gt=int(after))
    rows = list(found[: PAGE_ROWS + 1])
    return rows[:PAGE_ROWS], str(rows[PAGE_ROWS - 1].pk) if len(rows) > PAGE_ROWS else ""


def open_job_of(batch: ResultBatch) -> Job | None:
    """The work on the file that has not ended."""
    job = Job.objects.filter(pk=batch.job).first() if batch.job else None
    return job if job is not None and job.is_open else None
