"""Organisations and assessors; assessments from asking to result; campaigns.

What is about a person carries the region of her file and goes along when it moves. `merged_from` names the files under
which it was entered, when those were merged into hers: the last one last.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from songhe.assessment import states
from songhe.assessment.batches import ResultBatch as ResultBatch  # noqa: PLC0414
from songhe.assessment.batches import ResultError as ResultError  # noqa: PLC0414
from songhe.assessment.drift_runs import DriftRun as DriftRun  # noqa: PLC0414
from songhe.assessment.openings import Exclusion as Exclusion  # noqa: PLC0414
from songhe.assessment.openings import Opening as Opening  # noqa: PLC0414
from songhe.assessment.photos import Photo as Photo  # noqa: PLC0414
from songhe.assessment.terms import (
    AskedBy,
    AssessmentState,
    FormState,
    ObjectionState,
    OrganisationState,
    Purpose,
    Reason,
    ResultSource,
    ResultState,
    TieKind,
)
from songhe.foundation.database.fields import RegionCodeField
from songhe.kernel.days import last_day

NAME_LENGTH, WORDS_LENGTH, PLACE_LENGTH, SCALE_LENGTH = 60, 300, 120, 24


class _Moving:
    """A row with a state that changes along the edges of a table."""

    WAY: Mapping[Any, Any]

    def move(self: Any, state: Any, **fields: object) -> None:
        """Changes the state along an allowed edge, with other fields, and saves; Conflict for any other edge."""
        states.check_move(self.WAY, self.state, state)
        self.state = state
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *fields])


class Organisation(models.Model):
    """A lawfully registered body that assesses, in the register of a district. Not about older persons."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = RegionCodeField()
    name = models.CharField(max_length=NAME_LENGTH)
    code = models.CharField(max_length=18)
    phone = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12, choices=OrganisationState.choices, default=OrganisationState.REGISTERED)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    note = models.CharField(max_length=WORDS_LENGTH, blank=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("district", "id"), name="assessment_org_district"),)
        constraints = (models.UniqueConstraint(fields=("district", "code"), name="assessment_org_code"),)

    def __str__(self) -> str:
        return self.name


class Assessor(models.Model):
    """Somebody who assesses for an organisation, with a qualification from a day until a day (excluded)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessors")
    account = models.OneToOneField("access.Account", null=True, on_delete=models.PROTECT, related_name="assessor")
    name = models.CharField(max_length=NAME_LENGTH)
    medical = models.BooleanField(default=False)
    full_time = models.BooleanField(default=True)
    certificate = models.CharField(max_length=40)
    certified_from = models.DateField()
    certified_until = models.DateField()
    phone_index = models.BinaryField(null=True, max_length=16)
    joined_date = models.DateField()
    left_date = models.DateField(null=True)

    class Meta:
        """See Django."""

        constraints = (
            models.UniqueConstraint(fields=("certificate",), name="assessment_assessor_certificate"),
            models.CheckConstraint(
                name="assessment_assessor_dates", condition=Q(certified_until__gt=F("certified_from"))
            ),
        )

    def __str__(self) -> str:
        return self.name


class Tie(models.Model):
    """What makes an assessor, or a whole organisation, unfit to assess a person; from a day until a day (excluded)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    assessor = models.ForeignKey(Assessor, null=True, on_delete=models.CASCADE, related_name="ties")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="ties")
    kind = models.CharField(max_length=12, choices=TieKind.choices)
    words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    merged_from = ArrayField(models.UUIDField(), null=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="assessment_tie_region"),)
        constraints = (
            models.CheckConstraint(
                name="assessment_tie_whom",
                condition=Q(assessor__isnull=False, organisation__isnull=True)
                | Q(assessor__isnull=True, organisation__isnull=False),
            ),
        )


class Campaign(models.Model):
    """People of one or more of the register's groups, to be assessed by a day; `final` is how it stood when closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = RegionCodeField()
    name = models.CharField(max_length=NAME_LENGTH)
    group = models.CharField(max_length=30)
    further_groups = ArrayField(models.CharField(max_length=30), default=list)
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.HARDSHIP)
    from_date = models.DateField()
    by_date = models.DateField()
    closed_at = models.DateTimeField(null=True)
    final = models.JSONField(null=True)
    made_by = models.UUIDField(null=True)
    maker = models.CharField(max_length=40)
    made_at = models.DateTimeField()


class Assessment(_Moving, models.Model):
    """One assessment, from asking to its result. `second_of` marks the blind second one of a drawn sample.

    `objects_to` is the result that somebody doubts. A second open assessment of a person for one purpose is refused;
    blind second ones stand beside.
    """

    WAY = states.ASSESSMENT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    scale = models.CharField(max_length=SCALE_LENGTH)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    asked_by = models.CharField(max_length=12, choices=AskedBy.choices)
    words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    state = models.CharField(max_length=12, choices=AssessmentState.choices, default=AssessmentState.ASKED)
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField()
    asker_id = models.UUIDField(null=True)
    asker = models.CharField(max_length=40)
    due_date = models.DateField()
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    visit_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=PLACE_LENGTH, blank=True)
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="+")
    opening = models.ForeignKey(Opening, null=True, on_delete=models.PROTECT, related_name="assessments")
    objects_to = models.ForeignKey("assessment.Result", null=True, on_delete=models.PROTECT, related_name="+")
    second_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="second")
    closed_at = models.DateTimeField(null=True)
    outcome_words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    merged_from = ArrayField(models.UUIDField(), null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="assessment_region"),
            models.Index(fields=("state", "due_date", "id"), name="assessment_due"),
            models.Index(fields=("person", "-asked_at"), name="assessment_person"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person", "purpose"),
                condition=Q(state__in=states.OPEN, second_of__isnull=True, objects_to__isnull=True),
                name="assessment_one_open",
            ),
        )


class Assignment(models.Model):
    """An assessor sent to an assessment, until called back."""

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="assignments")
    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, related_name="assignments")
    sent_at = models.DateTimeField()
    called_back_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="assessment_sent_region"),
            models.Index(fields=("assessor", "-sent_at"), name="assessment_sent_assessor"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "assessor"), condition=Q(called_back_at__isnull=True), name="assessment_sent_once"
            ),
        )


class Form(_Moving, models.Model):
    """What was found at the visit: form A (`basics`), the answers of form B by option code, who told it.

    Its id may come from the device that began it. The database refuses to change it once it is submitted.
    """

    WAY = states.FORM

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="forms")
    state = models.CharField(max_length=12, choices=FormState.choices, default=FormState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    basics = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    assessed_date = models.DateField(null=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="assessment_form_region"),)
        constraints = (
            models.UniqueConstraint(
                fields=("assessment",), condition=Q(state=FormState.DRAFT), name="assessment_form_one_draft"
            ),
        )


class AnswerChange(models.Model):
    """One field of a form as somebody changed it: `field` is an item's code, or a field of form A."""

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="changes")
    field = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    changed_by = models.UUIDField(null=True)
    changer = models.CharField(max_length=40)
    changed_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="assessment_change_region"),)


class Signature(models.Model):
    """A signature under a form; the drawing is sealed. `digest` is that of what was signed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="signatures")
    assessor = models.ForeignKey(Assessor, null=True, on_delete=models.PROTECT, related_name="+")
    signer = models.CharField(max_length=NAME_LENGTH)
    drawing_sealed = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="assessment_sign_region"),)
        constraints = (
            models.UniqueConstraint(
                fields=("form", "assessor"), condition=Q(assessor__isnull=False), name="assessment_sign_once"
            ),
        )


class Result(_Moving, models.Model):
    """What an assessment came to. `parts` holds points by part; `level` is empty where a scale gives none.

    `code` is what anybody can check on the portal. It holds from `assessed_date` until `valid_until` (excluded).
    """

    WAY = states.RESULT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    assessment = models.OneToOneField(Assessment, null=True, on_delete=models.PROTECT, related_name="result")
    form = models.OneToOneField(Form, null=True, on_delete=models.PROTECT, related_name="result")
    scale = models.CharField(max_length=SCALE_LENGTH)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    source = models.CharField(max_length=8, choices=ResultSource.choices)
    state = models.CharField(max_length=12, choices=ResultState.choices, default=ResultState.PROVISIONAL)
    parts = models.JSONField(default=dict)
    total = models.SmallIntegerField(null=True)
    level_by_points = models.SmallIntegerField(null=True)
    level = models.SmallIntegerField(null=True)
    reasons = models.JSONField(default=list)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    organisation_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    assessors = ArrayField(models.UUIDField(), default=list)
    assessor_names = ArrayField(models.CharField(max_length=NAME_LENGTH), default=list)
    assessed_date = models.DateField()
    valid_until = models.DateField(null=True)
    public_until = models.DateField(null=True)
    objection_until = models.DateField(null=True)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmer = models.CharField(max_length=40)
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True)
    batch = models.UUIDField(null=True)
    reminded_date = models.DateField(null=True)
    merged_from = ArrayField(models.UUIDField(), null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="assessment_result_region"),
            models.Index(fields=("person", "-assessed_date"), name="assessment_result_person"),
            models.Index(fields=("batch",), condition=Q(batch__isnull=False), name="assessment_result_batch"),
            models.Index(
                fields=("valid_until", "id"), condition=Q(state__in=states.STANDING), name="assessment_result_valid"
            ),
        )

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None when nobody said how long."""
        return last_day(self.valid_until)


class Objection(_Moving, models.Model):
    """Somebody doubts a result: others assess again, and what they find is final."""

    WAY = states.OBJECTION

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="objections")
    words = models.CharField(max_length=WORDS_LENGTH)
    raised_by = models.CharField(max_length=12, choices=AskedBy.choices)
    raiser_id = models.UUIDField(null=True)
    raiser = models.CharField(max_length=40)
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ObjectionState.choices, default=ObjectionState.RAISED)
    again = models.OneToOneField(Assessment, null=True, on_delete=models.PROTECT, related_name="objection")
    answer = models.CharField(max_length=WORDS_LENGTH, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="assessment_objection_region"),)
        constraints = (
            models.UniqueConstraint(
                fields=("result",), condition=Q(state__in=("raised", "again")), name="assessment_objection_one"
            ),
        )
