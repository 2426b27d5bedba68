"""One row for each thing somebody has to do."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from songhe.foundation.database.fields import RegionCodeField
from songhe.foundation.tasks.states import TaskState, check_move

TITLE_LENGTH, NOTE_LENGTH = 120, 400


class Task(models.Model):
    """Something to do about a subject (a person, a pair, an import), in a region, until a day.

    `title` and `detail` hold ids and words, no personal data; the page shows the subject by its own means. At most one
    task of a kind is open about one subject.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=TITLE_LENGTH)
    detail = models.JSONField(default=dict)
    subject = models.UUIDField(null=True)
    region_code = RegionCodeField()
    # No index of their own: accounts are never deleted, and who has what is found by tasks_task_owner.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # fmt: skip
    due_date = models.DateField()
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    outcome = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # fmt: skip
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # fmt: skip
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="tasks_task_region"),
            models.Index(
                fields=("due_date", "id"), condition=~Q(state="closed"), name="tasks_task_due",
            ),
            models.Index(
                fields=("due_date", "region_code"), include=("kind", "owner"), condition=~Q(state="closed"),
                name="tasks_task_now",
            ),
            models.Index(fields=("owner", "due_date"), condition=~Q(state="closed"), name="tasks_task_owner"),
            models.Index(fields=("subject",), name="tasks_task_subject"),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                name="tasks_task_outcome",
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="closed") & Q(outcome="", closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="tasks_task_owned", condition=~Q(state="taken") | Q(owner__isnull=False)
            ),
            models.UniqueConstraint(
                fields=("kind", "subject"), condition=~Q(state="closed"), name="tasks_task_once"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def move(self, state: TaskState, **fields: object) -> None:
        """Changes the state along an allowed edge, with other fields, and saves; Conflict for any other edge."""
        check_move(self.state, state)
        self.state = state
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *fields])
