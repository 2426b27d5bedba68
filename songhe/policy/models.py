"""Instruments, lists and their releases. None of it is about persons: every officer may read what is issued."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from songhe.foundation.database.fields import RegionCodeField
from songhe.policy.states import check_move
from songhe.policy.terms import ReleaseState


class Instrument(models.Model):
    """A document that clauses cite; `key` is what stands before the first / of a clause."""

    key = models.CharField(primary_key=True, max_length=60)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=100, blank=True)
    region = RegionCodeField()
    issued_date = models.DateField(null=True)
    status = models.CharField(max_length=40, blank=True)
    notes = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)


class ServiceList(models.Model):
    """A list of a region, such as the basic list of a city; `key` is its folder below policies/."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=120)
    region = RegionCodeField()

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region", "id"), name="policy_list_region"),)


class Release(models.Model):
    """One edition of a list: its files as they were read, and the way it went.

    `files` maps the names of its YAML files to their text; the database refuses to change them once the release left
    the draft. It holds from `from_date` until `until_date` (excluded; empty: until the next one). `parent` is the
    release of the list above that it extends. `digest` is what `songhe determine` prints for the same files.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    of_list = models.ForeignKey(ServiceList, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=ReleaseState.choices, default=ReleaseState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    parent = models.ForeignKey("policy.Release", null=True, on_delete=models.PROTECT, related_name="heirs")
    based_on = models.ForeignKey("policy.Release", null=True, on_delete=models.PROTECT, related_name="+")
    files = models.JSONField(default=dict)
    doubts = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    drafted_by = models.UUIDField(null=True)
    drafter = models.CharField(max_length=40, blank=True)
    proposed_by = models.UUIDField(null=True)
    proposer = models.CharField(max_length=40, blank=True)
    proposed_at = models.DateTimeField(null=True)
    approved_by = models.UUIDField(null=True)
    approver = models.CharField(max_length=40, blank=True)
    approved_at = models.DateTimeField(null=True)
    issued_by = models.UUIDField(null=True)
    issuer = models.CharField(max_length=40, blank=True)
    issued_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=400, blank=True)

    class Meta:
        """See Django."""

        constraints = (
            models.UniqueConstraint(fields=("of_list", "number"), name="policy_release_number"),
            models.CheckConstraint(
                name="policy_release_dates", condition=Q(until_date__isnull=True) | Q(until_date__gt=F("from_date"))
            ),
            models.CheckConstraint(
                name="policy_release_two",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.UniqueConstraint(
                fields=("of_list",), condition=Q(state__in=("draft", "proposed", "approved")), name="policy_release_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.of_list.title}第{self.number}版"

    def move(self, state: ReleaseState, **fields: object) -> None:
        """Changes the state along an allowed edge, with other fields, and saves; Conflict for any other edge."""
        check_move(self.state, state)
        self.state = state
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *fields])


class Step(models.Model):
    """One step on the way of a release: who did what when, and what was said."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="steps")
    deed = models.CharField(max_length=20)
    words = models.CharField(max_length=400, blank=True)
    done_by = models.UUIDField(null=True)
    doer = models.CharField(max_length=40)
    done_at = models.DateTimeField()


class Simulation(models.Model):
    """A what-if that was kept: changed figures of a draft or of a release, and what came out for whom.

    `result` holds sums by item, district and age; nobody can be told from it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="simulations")
    name = models.CharField(max_length=60)
    on_date = models.DateField()
    changes = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    attached = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True)
    maker = models.CharField(max_length=40)
    made_at = models.DateTimeField()


class Opinion(models.Model):
    """What somebody from the public says about the list or asks, and the answer.

    The contact is sealed. Personal: bound to a region like a file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    code = models.CharField(max_length=12, unique=True)
    item = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=1000)
    contact_sealed = models.BinaryField(null=True)
    said_at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answerer = models.CharField(max_length=40, blank=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="policy_opinion_region"),)
