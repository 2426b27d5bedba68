"""One row for each piece of work in the background."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from songhe.foundation.database.fields import RegionCodeField
from songhe.foundation.jobs.states import JobState, check_move

TITLE_LENGTH, WORDS_LENGTH = 120, 400


class Job(models.Model):
    """A piece of work, seen in the region it belongs to.

    `arguments` hold ids and settings, never personal data; so do `title`, `message` and `result`. `queue_id` is the
    entry in the queue; `attempts` counts how often a worker began.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=TITLE_LENGTH)
    region_code = RegionCodeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    starter_name = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=WORDS_LENGTH, blank=True)
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=8, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_wanted = models.BooleanField(default=False)
    queue_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="jobs_job_region"),
            models.Index(fields=("-created_at", "id"), name="jobs_job_newest"),
            models.Index(fields=("started_by", "-created_at"), name="jobs_job_mine"),
            models.Index(fields=("state",), condition=models.Q(state__in=("queued", "running")), name="jobs_job_open"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def percent(self) -> int | None:
        """How much is done, None while nobody knows."""
        return min(100, self.done * 100 // self.total) if self.total else None

    def move(self, state: JobState, **fields: object) -> None:
        """Changes the state along an allowed edge, with other fields, and saves; Conflict for any other edge."""
        check_move(self.state, state)
        self.state = state
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *fields])
