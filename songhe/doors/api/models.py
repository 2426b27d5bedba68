"""Systems that may call, and the answers of what they did. Neither holds anybody's personal data."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from songhe.doors.api.terms import NAME_LENGTH, OFFICE_LENGTH, URL_LENGTH, MessageState
from songhe.foundation.database.fields import RegionCodeField


class ApiClient(models.Model):
    """A system of another office, in a region, until a day (excluded).

    `source` is whose facts it tells, empty when it tells none. `digest` is a keyed digest of its token, empty until a
    second person approved it: the token itself is shown once and kept nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=NAME_LENGTH)
    office = models.CharField(max_length=OFFICE_LENGTH)
    region = RegionCodeField()
    source = models.CharField(max_length=24, blank=True)
    purposes = models.JSONField(default=list)
    actions = models.JSONField(default=list)
    until_date = models.DateField()
    digest = models.BinaryField(max_length=16, null=True, unique=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        constraints = (
            models.UniqueConstraint(fields=("name",), condition=Q(ended_at__isnull=True), name="api_client_name"),
            models.CheckConstraint(
                name="api_client_two_persons",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="api_client_approved", condition=Q(digest__isnull=True) | Q(approved_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.name


class ApiAnswer(models.Model):
    """What a system was answered when it did something, by its key: the same request again gets the same answer.

    `digest` is a keyed digest of what was sent. The answers hold ids, codes and counts.
    """

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=16)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        """See Django."""

        constraints = (models.UniqueConstraint(fields=("client", "key"), name="api_answer_once"),)
        indexes = (models.Index(fields=("asked_at",), name="api_answer_age"),)


class Webhook(models.Model):
    """Where a system is told what happened, and of which kinds.

    `region` is the system's, for the audit. The secrets are sealed; the old one still signs until `old_until`.
    `paused_at` is somebody's doing, `stopped_at` Songhe's, when nothing got through any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="webhooks")
    region = RegionCodeField()
    url = models.CharField(max_length=URL_LENGTH)
    kinds = models.JSONField(default=list)
    secret_sealed = models.BinaryField()
    old_secret_sealed = models.BinaryField(null=True)
    old_until = models.DateTimeField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_done_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        constraints = (
            models.UniqueConstraint(
                fields=("client", "url"), condition=Q(ended_at__isnull=True), name="api_webhook_address"
            ),
            models.CheckConstraint(
                name="api_webhook_old_secret",
                condition=Q(old_secret_sealed__isnull=True, old_until__isnull=True)
                | Q(old_secret_sealed__isnull=False, old_until__isnull=False),
            ),
        )


class WebhookMessage(models.Model):
    """One thing told to one webhook: its id goes out with it, the same each time. Ids, codes, days and numbers only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    subject = models.UUIDField(null=True)
    region = RegionCodeField()
    also = models.JSONField(default=dict)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("next_try_at", "at"), condition=Q(state=MessageState.WAITING), name="api_message_due"),
            models.Index(fields=("webhook", "-at"), name="api_message_of"),
            models.Index(fields=("at",), name="api_message_age"),
        )


class WebhookTry(models.Model):
    """One time a message was sent: what the receiver answered, or what was in the way. Nothing of what was answered."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(WebhookMessage, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=20, blank=True)
    milliseconds = models.PositiveIntegerField()

    class Meta:
        """See Django."""

        indexes = (models.Index(fields=("message", "-at"), name="api_try_of"),)
