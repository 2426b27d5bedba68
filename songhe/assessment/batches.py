"""A file of results on its way: read, let in by a second officer, written, perhaps taken back."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from songhe.foundation.database.fields import RegionCodeField
from songhe.kernel.errors import Conflict
from songhe.kernel.told import told


class BatchState(models.TextChoices):
    """Where a file stands."""

    READING = "reading", pgettext_lazy("batch", "正在读")
    FAILED = "failed", pgettext_lazy("batch", "读不了")
    STAGED = "staged", _("等审批")
    APPROVED = "approved", pgettext_lazy("batch", "正在写入")
    REFUSED = "refused", pgettext_lazy("batch", "没有批准")
    APPLIED = "applied", pgettext_lazy("batch", "已写入")
    UNDONE = "undone", pgettext_lazy("batch", "已撤回")


_S = BatchState
_WAY = {
    _S.READING: {_S.STAGED, _S.FAILED},
    _S.FAILED: set(),
    _S.STAGED: {_S.APPROVED, _S.REFUSED},
    _S.APPROVED: {_S.APPLIED, _S.STAGED},
    _S.REFUSED: set(),
    _S.APPLIED: {_S.UNDONE},
    _S.UNDONE: set(),
}


class ResultBatch(models.Model):
    """One file of results for one region. `counts` are numbers of rows: read, good, new, same, older, facts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    upload = models.UUIDField(null=True)
    file_name = models.CharField(max_length=160, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.READING)
    counts = models.JSONField(default=dict)
    failure = models.CharField(max_length=400, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    job = models.UUIDField(null=True)
    made_by = models.UUIDField(null=True)
    maker = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decider = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undoer = models.CharField(max_length=40, blank=True)

    class Meta:
        """See Django."""

        app_label = "assessment"
        indexes = (models.Index(fields=("region_code", "id"), name="assessment_batch_region"),)
        constraints = (
            models.CheckConstraint(
                name="assessment_batch_two_persons",
                condition=Q(decided_by__isnull=True) | Q(made_by__isnull=True) | ~Q(decided_by=F("made_by")),
            ),
        )

    def move(self, state: BatchState, **fields: object) -> None:
        """Changes the state along an allowed edge, with other fields, and saves; Conflict for any other edge."""
        before = BatchState(self.state)
        if state not in _WAY[before]:
            raise Conflict(
                told("现在是“{before}”，不能改成“{after}”", before=str(before.label), after=str(state.label))
            )
        self.state = state
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *fields])


class ResultError(models.Model):
    """One cell of a file that cannot be used: row and column as people see them, the value masked, what is taken."""

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    batch = models.ForeignKey(ResultBatch, on_delete=models.CASCADE, related_name="errors")
    number = models.IntegerField()
    column = models.CharField(max_length=120)
    shown = models.CharField(max_length=80, blank=True)
    problem = models.CharField(max_length=200)
    accepted = models.CharField(max_length=200, blank=True)

    class Meta:
        """See Django."""

        app_label = "assessment"
        indexes = (
            models.Index(fields=("region_code", "id"), name="assessment_error_region"),
            models.Index(fields=("batch", "number", "id"), name="assessment_error_row"),
        )
