"""The notice to whoever started work that has ended: people leave the page while it runs."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.states import JobState
from songhe.foundation.notices.operations import send

_WORDS = {JobState.DONE: "完成", JobState.FAILED: "没有做成", JobState.CANCELLED: "停了"}


def tell_starter(job: Job, state: JobState, words: str, now: datetime) -> None:
    """Puts a notice in the starter's list, in the caller's transaction."""
    if job.started_by_id is not None:
        send([job.started_by_id], f"{job.title}：{_WORDS[state]}", words, reverse("job", args=[job.pk]), now=now)
