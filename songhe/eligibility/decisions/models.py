"""What was decided of whom, how it changed, who receives what, and what has to be done about it."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from songhe.eligibility.decisions.terms import Channel, MatterKind, MatterOutcome, Outcome, RunKind
from songhe.foundation.database.fields import RegionCodeField

WORDS_LENGTH = 500


class ListedItem(models.Model):
    """The place of an item in the words of bits that standings are kept in; given once, for good.

    The same slug means the same item in the lists of all regions. A word has 63 places: a 64th item is refused.
    """

    slug = models.CharField(primary_key=True, max_length=60)
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        """See Django."""

        constraints = (models.CheckConstraint(name="decisions_item_word", condition=Q(position__lt=63)),)


class Run(models.Model):
    """One pass of the rules over people: of a whole region, or of those whose facts changed.

    `figures` holds counts: people, changed, matters opened and closed, seconds by step.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    kind = models.CharField(max_length=10, choices=RunKind.choices)
    on_date = models.DateField()
    releases = models.JSONField(default=list)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    started_by = models.UUIDField(null=True)
    starter = models.CharField(max_length=40)
    figures = models.JSONField(default=dict)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "-started_at"), name="decisions_run_region"),)


class Standing(models.Model):
    """What one person may have as decided last: bits by the places of ListedItem.

    An item is yes where `yes` has its bit, unknown where `unknown` has it, else no; `held` has the bits of what she
    receives. `fen` holds what is payable by place: NULL is unknown or nothing set. `release` and `on_date` are the list
    and the day by which it last came out otherwise: a run that finds the same writes nothing.
    """

    person = models.OneToOneField(
        "people.Person", primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    region_code = RegionCodeField()
    release = models.ForeignKey(
        "policy.Release", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    on_date = models.DateField()
    yes = models.BigIntegerField()
    unknown = models.BigIntegerField()
    held = models.BigIntegerField(default=0)
    fen = ArrayField(models.IntegerField(null=True))

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "person"), name="decisions_standing_region"),)


class Change(models.Model):
    """An item of a person that came out otherwise than before; amounts in fen a month (year, or once)."""

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    on_date = models.DateField()
    before = models.CharField(max_length=1, choices=Outcome.choices, blank=True)
    after = models.CharField(max_length=1, choices=Outcome.choices)
    fen_before = models.IntegerField(null=True)
    fen_after = models.IntegerField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="decisions_change_region"),
            models.Index(fields=("person", "-id"), name="decisions_change_person"),
            models.Index(fields=("run", "position"), name="decisions_change_run"),
        )


class Receipt(models.Model):
    """Somebody receives an item, from a day until a day (excluded; empty: still), as an office's list says.

    Until the rooms that grant and pay exist, this comes from department lists alone.
    """

    id = models.BigAutoField(primary_key=True)
    region_code = RegionCodeField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    item = models.CharField(max_length=60)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    source = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="decisions_receipt_region"),
            models.Index(fields=("person",), name="decisions_receipt_person"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person", "item"), condition=Q(until_date__isnull=True), name="decisions_receipt_now"
            ),
            models.CheckConstraint(
                name="decisions_receipt_dates", condition=Q(until_date__isnull=True) | Q(until_date__gt=F("from_date"))
            ),
        )


class Pause(models.Model):
    """An item of a person that is not to be offered or given for a while; a run does not lift it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    item = models.CharField(max_length=60)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    reason = models.CharField(max_length=200)
    paused_by = models.UUIDField(null=True)
    pauser = models.CharField(max_length=40)
    paused_at = models.DateTimeField()
    resumed_by = models.UUIDField(null=True)
    resumer = models.CharField(max_length=40, blank=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="decisions_pause_region"),)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "item"), condition=Q(until_date__isnull=True), name="decisions_pause_now"
            ),
        )


class Matter(models.Model):
    """One thing to settle with one person about one item. `door` is the household, or the person who has none.

    All matters of a door are one task: who goes there once settles them all. `question` names the fact of kind "ask".
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    door = models.UUIDField()
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    item = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=MatterKind.choices)
    question = models.CharField(max_length=40, blank=True)
    from_date = models.DateField(null=True)
    due_date = models.DateField()
    run = models.ForeignKey(
        Run, null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False, db_index=False
    )
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=MatterOutcome.choices, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    closer = models.CharField(max_length=40, blank=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("region_code", "id"), name="decisions_matter_region"),
            models.Index(fields=("door",), condition=Q(closed_at__isnull=True), name="decisions_matter_door"),
            models.Index(fields=("due_date", "id"), condition=Q(closed_at__isnull=True), name="decisions_matter_due"),
            models.Index(fields=("person", "item"), name="decisions_matter_person"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("person", "item", "kind"), condition=Q(closed_at__isnull=True), name="decisions_matter_once"
            ),
            models.CheckConstraint(
                name="decisions_matter_outcome",
                condition=Q(closed_at__isnull=True, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
            ),
        )


class ItemCount(models.Model):
    """How one item stands in one community: counted after each run."""

    pk = models.CompositePrimaryKey("region_code", "position")
    region_code = RegionCodeField()
    position = models.PositiveSmallIntegerField()
    on_date = models.DateField()
    people = models.PositiveIntegerField()
    yes = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    receiving = models.PositiveIntegerField()
    gap = models.PositiveIntegerField()
    beyond = models.PositiveIntegerField()
    fen = models.BigIntegerField()

    class Meta:
        """See Django."""

        db_table = "decisions_count"


class AdviceTalk(models.Model):
    """What an adviser talked about with somebody, who may have no file; `answers` is what was said in this talk alone.

    `handed_to` is the division that follows it up, "" where nobody has to. The contact is sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    person = models.ForeignKey("people.Person", null=True, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    items = ArrayField(models.CharField(max_length=60))
    answers = models.JSONField(default=dict)
    contact_sealed = models.BinaryField(null=True)
    handed_to = RegionCodeField(blank=True)
    adviser_id = models.UUIDField(null=True)
    adviser = models.CharField(max_length=40)
    talked_at = models.DateTimeField()

    class Meta:
        """See Django."""

        db_table = "decisions_advice"
        indexes = (
            models.Index(fields=("region_code", "id"), name="decisions_advice_region"),
            models.Index(fields=("-talked_at", "id"), name="decisions_advice_at"),
        )
