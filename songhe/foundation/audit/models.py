"""Entries (append-only), seals over them, checks of the seals, and how often an account has looked today.

Entries are written by SQL only (`recording`, and the triggers of `migrating`), never through the model: the database
stamps number, instant, transaction and role, and the application may not.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from songhe.foundation.database.fields import RegionCodeField


class Kind(models.TextChoices):
    """What an entry tells."""

    DEED = "deed", _("办理")
    READING = "reading", _("查看")
    EXPORT = "export", _("导出")
    ROWS = "rows", _("数据")


class Entry(models.Model):
    """One thing that was done, read, taken out, or changed in a table.

    `role` is the database role at work: the application, or somebody at the database itself. `table_name` and `row_id`
    are of changed rows; more than a thousand rows of one statement are one entry a region, with their number in
    `row_count`. `detail` names changed columns, and gives values only of columns that say nothing of who a person is.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    transaction = models.BigIntegerField()
    role = models.CharField(max_length=63)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    actor = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=40, blank=True, default="")
    purpose = models.CharField(max_length=120, blank=True, default="")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=40, blank=True, default="", db_collation="C")
    region_code = RegionCodeField()
    table_name = models.CharField(max_length=63, blank=True, default="")
    row_id = models.CharField(max_length=80, blank=True, default="")
    row_count = models.BigIntegerField(default=1)
    detail = models.JSONField(default=dict)

    class Meta:
        """See Django."""

        db_table = "audit_entry"
        indexes = (
            models.Index(fields=("region_code", "id"), name="audit_entry_region"),
            models.Index(fields=("subject", "-id"), condition=~models.Q(subject=""), name="audit_entry_subject"),
            models.Index(fields=("actor", "-id"), condition=models.Q(actor__isnull=False), name="audit_entry_actor"),
            models.Index(fields=("at",), name="audit_entry_at"),
        )


class Mark(models.Model):
    """How far entries went at a moment, and which transactions were then writing entries.

    Once none of these is at work any more, all entries below the number are settled: none can appear any more.
    """

    id = models.BigAutoField(primary_key=True)
    below = models.BigIntegerField()
    writers = models.JSONField(default=list)

    class Meta:
        """See Django."""

        db_table = "audit_mark"


class Block(models.Model):
    """The seal over the entries `from_id` ≤ id < `until_id`: root of their Merkle tree, chained and keyed."""

    number = models.BigIntegerField(primary_key=True)
    from_id = models.BigIntegerField()
    until_id = models.BigIntegerField()
    entries = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()
    seal = models.BinaryField(max_length=32)

    class Meta:
        """See Django."""

        db_table = "audit_block"


class Check(models.Model):
    """One verification of the seals: how far it went and what it found."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    blocks = models.BigIntegerField()
    until_id = models.BigIntegerField()
    problems = models.JSONField(default=list)

    class Meta:
        """See Django."""

        db_table = "audit_check"


class Usage(models.Model):
    """How often an account has done on a day what has a quota."""

    pk = models.CompositePrimaryKey("holder", "what", "day")
    holder = models.CharField(max_length=40)
    what = models.CharField(max_length=40)
    day = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        """See Django."""

        db_table = "audit_usage"
