"""Who wants to be rung, how often somebody unknown came today; who came in with a code, and what she said."""

from __future__ import annotations

import uuid

from django.db import models

from songhe.doors.portal.terms import About
from songhe.foundation.database.fields import RegionCodeField

WORDS_LENGTH = 500


class ContactRequest(models.Model):
    """Somebody asks to be rung. Name and telephone are sealed, and gone once the matter is settled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="portal_request_region"),)


class Knock(models.Model):
    """How often an address of the network did one thing on one day; `holder` says nothing but “the same one”."""

    holder = models.BinaryField()
    what = models.CharField(max_length=20)
    day = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        """See Django."""

        constraints = (models.UniqueConstraint(fields=("holder", "what", "day"), name="portal_knock_once"),)


class Entrance(models.Model):
    """A code that was asked for. Whom it is for, if anybody, is sealed; what is kept openly says nothing of her."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    for_sealed = models.BinaryField()
    code_index = models.BinaryField()
    tries = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


class Visit(models.Model):
    """Somebody who came in with a code. `holder` is a digest of what her browser holds; whose file it is is sealed.

    `kept_sealed` is what was typed when the visit had ended meanwhile: it is put back once she came in again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.BinaryField(unique=True)
    for_sealed = models.BinaryField()
    kept_sealed = models.BinaryField(null=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)


class Saying(models.Model):
    """What an older person, or who acts for her, told her community: a fact that is wrong or missing, a doubt.

    `code` is the fact or the item it is about, `value` the fact's value as she says it. It changes nothing by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region_code = RegionCodeField()
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    by_proxy = models.BooleanField(default=False)
    about = models.CharField(max_length=10, choices=About.choices)
    code = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=WORDS_LENGTH, blank=True)
    said_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, blank=True)
    answer = models.CharField(max_length=WORDS_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("region_code", "id"), name="portal_saying_region"),)
