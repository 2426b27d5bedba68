"""A job in words, ready for a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from songhe.foundation.access.actors import Actor
from songhe.foundation.jobs.handlers import known_kinds
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.operations import may_cancel
from songhe.foundation.jobs.states import JobState
from songhe.foundation.places import place_names
from songhe.kernel.told import phrase
from songhe.ui.words import said

_STATUS = {
    JobState.QUEUED: "todo", JobState.RUNNING: "running", JobState.DONE: "done",
    JobState.FAILED: "due", JobState.CANCELLED: "no",
}  # fmt: skip

LIST_HEAD = (
    phrase("事项"), phrase("状态"), phrase("类别"), phrase("地方"), phrase("谁"), phrase("开始"), phrase("结束"),
    phrase("说明"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class JobWords:
    """What pages show of a job."""

    job: Job
    key: UUID
    kind: str
    state: str
    status: str
    text: str
    place: str
    url: str
    progress_url: str
    stop_url: str
    result_url: str
    counts: list[tuple[str, int]]


def presented(job: Job, actor: Actor) -> JobWords:
    """The job as the actor sees it; `stop_url` is empty for who may not stop it."""
    return all_presented([job], actor)[0]


def all_presented(jobs: Sequence[Job], actor: Actor) -> list[JobWords]:
    """The same for many jobs."""
    places = place_names(job.region_code for job in jobs)
    return [_presented(job, actor, places[job.region_code]) for job in jobs]


def list_rows(found: Sequence[JobWords]) -> list[list[object]]:
    """Jobs as rows of a file, one a job, under LIST_HEAD."""
    return [
        [one.job.title, one.state, one.kind, one.place, one.job.starter_name, localtime(one.job.created_at),
         localtime(one.job.finished_at) if one.job.finished_at else None, one.text]
        for one in found
    ]  # fmt: skip


def _presented(job: Job, actor: Actor, place: str) -> JobWords:
    counts = job.result.get("counts") or {}
    return JobWords(
        job=job,
        key=job.pk,
        kind=said(known_kinds().get(job.kind, job.kind)),
        state=gettext("在停") if job.is_open and job.cancel_wanted else job.get_state_display(),
        status=_STATUS[JobState(job.state)],
        text=_text(job),
        place=place,
        url=reverse("job", args=[job.pk]),
        progress_url=reverse("job-progress", args=[job.pk]) if job.is_open else "",
        stop_url=reverse("job-stop", args=[job.pk]) if may_cancel(actor, job) else "",
        result_url=_own(job.result.get("link")),
        counts=[(said(words), value) for words, value in counts.items() if isinstance(value, int)],
    )


def _text(job: Job) -> str:
    if job.is_open and job.cancel_wanted:
        return gettext("正在停，做过的会退回")
    if job.state == JobState.QUEUED:
        return gettext("排队，前面的做完就开始")
    if job.state == JobState.RUNNING:
        return job.message or gettext("在算")
    if job.error_code:
        return gettext("没有做成，编号{code}").format(code=job.error_code)
    return "" if job.state == JobState.DONE else job.message  # how far it was says nothing any more


def _own(link: object) -> str:
    return link if isinstance(link, str) and link.startswith("/") and not link.startswith("//") else ""
