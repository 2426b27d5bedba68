"""The states of a job and the only ways from one to the next."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from songhe.kernel.errors import Conflict
from songhe.kernel.told import told


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("排队")
    RUNNING = "running", _("在算")
    DONE = "done", _("完成")
    FAILED = "failed", _("没成")
    CANCELLED = "cancelled", _("停了")


# From running back to queued: the worker was killed or asked to end, and the work begins anew.
TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED, JobState.FAILED}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.QUEUED}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}
OPEN = (JobState.QUEUED, JobState.RUNNING)


def check_move(old: str, new: str) -> None:
    """Raises Conflict for a change that is not in the table."""
    if JobState(new) not in TRANSITIONS[JobState(old)]:
        raise Conflict(told("这项后台工作已经{old}，不能改成{new}", old=JobState(old).label, new=JobState(new).label))
