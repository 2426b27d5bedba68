"""Batches of rows that departments sent, staged beside the register until a second person lets them in.

Everything of a batch lies in the region of the batch: who may see that sees the batch. Who a row is about is sealed,
or a person of the register; facts are codes. The database does not check that a row's batch is there: rows are only
written with their batch, by the hundred thousand.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from songhe.foundation.database.fields import RegionCodeField
from songhe.people.imports.states import BatchState, check_move
from songhe.people.imports.terms import Choice, ErrorKind, RowKind, Verdict

NAME_LENGTH, WORDS_LENGTH = 40, 400


class Batch(models.Model):
    """One file of one list, for one region.

    `data_until` is the day the list speaks of. `counts` are numbers of rows and facts; `mapping` says which column
    holds what; `list_hash` freezes what was proposed. `emptied_at` is when its rows and its file were removed for age.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    source = models.SlugField(max_length=40)
    upload = models.UUIDField()
    file_name = models.CharField(max_length=160)
    file_hash = models.CharField(max_length=64)
    data_until = models.DateField()
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.UPLOADED)
    mapping = models.JSONField(default=dict)
    notices = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    list_hash = models.CharField(max_length=64, blank=True)
    job = models.UUIDField(null=True)
    failure = models.CharField(max_length=WORDS_LENGTH, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    created_by = models.UUIDField(null=True)
    creator = models.CharField(max_length=NAME_LENGTH)
    created_at = models.DateTimeField()
    proposed_by = models.UUIDField(null=True)
    proposer = models.CharField(max_length=NAME_LENGTH, blank=True)
    proposed_at = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)
    approver = models.CharField(max_length=NAME_LENGTH, blank=True)
    approved_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undoer = models.CharField(max_length=NAME_LENGTH, blank=True)
    undone_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="imports_batch_region"),
            models.Index(fields=("-created_at", "id"), name="imports_batch_newest"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("region_code", "source", "file_hash"),
                condition=Q(state="applied"),
                name="imports_batch_applied_once",
            ),
            models.CheckConstraint(
                name="imports_batch_two_persons",
                condition=Q(approved_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(approved_by=models.F("proposed_by")),
            ),
        )

    def __str__(self) -> str:
        return self.file_name

    def move(self, state: BatchState, **fields: object) -> None:
        """Changes the state along an allowed edge, with other fields, and saves; Conflict for any other edge."""
        check_move(self.state, state)
        self.state = state
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *fields])


class ColumnMapping(models.Model):
    """How a region's files of one list with one header are read; kept when a batch was read by it."""

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    source = models.SlugField(max_length=40)
    signature = models.CharField(max_length=32)
    mapping = models.JSONField()
    saved_by = models.UUIDField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="imports_mapping_region"),)
        constraints = (
            models.UniqueConstraint(fields=("region_code", "source", "signature"), name="imports_mapping_once"),
        )


class StagedRow(models.Model):
    """One row of the file, or (below zero) one person who is no longer on a complete list.

    `sealed` holds what the row says about who it is, when the register does not have that person; `identity_index` is
    kept of those who are to be registered, and of nobody else. `told` holds the facts of a row in doubt, which nobody
    can compare yet: fact to value and first day.
    """

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="rows")
    number = models.IntegerField()
    kind = models.CharField(max_length=12, choices=RowKind.choices)
    person = models.UUIDField(null=True)
    linked = models.BooleanField(default=False)
    included = models.BooleanField(default=True)
    identity_index = models.BinaryField(null=True, max_length=16)
    sealed = models.BinaryField(null=True)
    told = models.JSONField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="imports_stagedrow_region"),
            models.Index(fields=("batch", "kind", "number"), name="imports_stagedrow_kind"),
        )
        constraints = (models.UniqueConstraint(fields=("batch", "number"), name="imports_stagedrow_once"),)


class Change(models.Model):
    """One fact that one row tells and that is not yet told so.

    `was`, `was_source` and `was_as_of` are what the register takes for true before; `replaced` is what the same source
    told before. A death has the fact `death_date`.
    """

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="changes"
    )
    number = models.IntegerField()
    person = models.UUIDField(null=True)
    fact = models.CharField(max_length=40)
    value = models.CharField(max_length=40)
    from_date = models.DateField(null=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    was = models.CharField(max_length=40, null=True)
    was_source = models.CharField(max_length=24, blank=True)
    was_as_of = models.DateField(null=True)
    replaced = models.BigIntegerField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="imports_change_region"),
            models.Index(fields=("batch", "fact", "verdict", "number"), name="imports_change_fact"),
        )
        constraints = (models.UniqueConstraint(fields=("batch", "number", "fact"), name="imports_change_once"),)


class RowError(models.Model):
    """One cell that cannot be used: where, what stands there (masked), what is wrong with it, what would do."""

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="errors"
    )
    number = models.IntegerField()
    letter = models.CharField(max_length=3)
    column = models.CharField(max_length=40)
    shown = models.CharField(max_length=80, blank=True)
    problem = models.CharField(max_length=120)
    accepted = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=12, choices=ErrorKind.choices)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="imports_rowerror_region"),
            models.Index(fields=("batch", "number", "id"), name="imports_rowerror_row"),
        )


class Candidate(models.Model):
    """A person of the register who may be the one a row without an identity number is about.

    `evidence` holds the levels of comparison, not what was compared.
    """

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="candidates"
    )
    number = models.IntegerField()
    person = models.UUIDField()
    probability = models.FloatField()
    rank = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=dict)
    choice = models.CharField(max_length=10, choices=Choice.choices, blank=True, default=Choice.OPEN)
    chosen_by = models.UUIDField(null=True)
    chosen_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="imports_candidate_region"),)
        constraints = (models.UniqueConstraint(fields=("batch", "number", "person"), name="imports_candidate_once"),)
