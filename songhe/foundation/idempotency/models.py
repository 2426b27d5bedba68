"""Requests that were answered, by account and key."""

from __future__ import annotations

from django.db import models


class Answer(models.Model):
    """What a request was answered with: a place to go on to, or only that it is done.

    `body` is a keyed digest of what was sent; `status` is empty while the request is at work.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.UUIDField()
    key = models.CharField(max_length=80)
    body = models.BinaryField(max_length=16)
    status = models.PositiveSmallIntegerField(null=True)
    location = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()

    class Meta:
        """See Django."""

        constraints = (models.UniqueConstraint(fields=("account", "key"), name="idempotency_answer_once"),)
        indexes = (models.Index(fields=("asked_at",), name="idempotency_answer_age"),)
