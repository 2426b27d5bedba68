"""Divisions from the province to the community, each from a day until a day. Public data: no row-level security."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from songhe.foundation.database.fields import RegionCodeField
from songhe.kernel.regions import significant
from songhe.regions.states import AlterationState, check_move
from songhe.regions.terms import Deed


class Level(models.IntegerChoices):
    """How far down a division is; the value is how many digits of its code say something."""

    PROVINCE = 2, _("省级")
    CITY = 4, _("市级")
    DISTRICT = 6, _("区县级")
    TOWNSHIP = 9, _("乡镇级")
    COMMUNITY = 12, _("村级")


class Change(models.TextChoices):
    """Why a division gave way to another."""

    MERGED = "merged", _("并入")
    SPLIT = "split", _("拆出")
    RENAMED = "renamed", _("改名")
    RECODED = "recoded", _("改码")


class Division(models.Model):
    """One division while it is called so and lies there. The same code can come twice, never at the same time.

    `code` and `parent` are 12 digits; `valid_until` is excluded and empty while the division lasts.
    """

    code = RegionCodeField()
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    kind = models.CharField(max_length=20, blank=True)
    parent = RegionCodeField(blank=True)
    is_urban = models.BooleanField(null=True)
    inhabited = models.BooleanField(default=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        """See Django."""

        ordering = ("code", "valid_from")
        indexes = (models.Index(fields=("parent", "code"), name="regions_division_parent"),)
        constraints = (
            models.UniqueConstraint(fields=("code", "valid_from"), name="regions_division_from"),
            models.UniqueConstraint(
                fields=("code",), condition=Q(valid_until__isnull=True), name="regions_division_now"
            ),
            models.CheckConstraint(
                name="regions_division_dates",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def digits(self) -> str:
        """The leading digits that say something: the prefix of everything within."""
        return significant(self.code)


class Succession(models.Model):
    """One division gave way to another on a day."""

    before = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="successors")
    after = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="predecessors")
    change = models.CharField(max_length=10, choices=Change.choices)
    on_date = models.DateField()
    document = models.CharField(max_length=120, blank=True)

    class Meta:
        """See Django."""

        constraints = (models.UniqueConstraint(fields=("before", "after"), name="regions_succession_once"),)


class Alteration(models.Model):
    """A decided change of divisions: done at once, or on its day when that is still to come.

    `code` is the division it begins with, `details` what the deed takes (codes and names of divisions). `problem` says
    why it could not be done on its day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    deed = models.CharField(max_length=10, choices=Deed.choices)
    code = RegionCodeField()
    on_date = models.DateField()
    document = models.CharField(max_length=120)
    details = models.JSONField()
    state = models.CharField(max_length=10, choices=AlterationState.choices)
    problem = models.CharField(max_length=300, blank=True)
    entered_by = models.UUIDField(null=True)
    entered_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        ordering = ("on_date", "entered_at")
        indexes = (
            models.Index(fields=("on_date",), condition=Q(state="waiting"), name="regions_alteration_due"),
            models.Index(fields=("code",), name="regions_alteration_code"),
        )

    def move(self, state: AlterationState) -> None:
        """Another state, if the table of states has that step; not yet saved. Conflict otherwise."""
        check_move(self.state, state)
        self.state = state
