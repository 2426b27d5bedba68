"""One row for each message to one account."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

TITLE_LENGTH, TEXT_LENGTH, LINK_LENGTH = 120, 400, 200


class Notice(models.Model):
    """A message. It says what happened and where to look, without personal data; every query filters by account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH)
    text = models.CharField(max_length=TEXT_LENGTH, blank=True)
    link = models.CharField(max_length=LINK_LENGTH, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """See Django."""

        indexes = (
            models.Index(fields=("account", "-created_at", "id"), name="notices_notice_newest"),
            models.Index(fields=("account",), condition=Q(read_at__isnull=True), name="notices_notice_unread"),
        )

    def __str__(self) -> str:
        return self.title
