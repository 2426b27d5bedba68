"""Views of lists that accounts set up."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

NAME_LENGTH, QUERY_LENGTH, PAGE_LENGTH = 20, 1_000, 20


class KeptView(models.Model):
    """A list of one page (people, tasks, matters) under a name: its filters, never what was searched for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=PAGE_LENGTH)
    name = models.CharField(max_length=NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH)
    created_at = models.DateTimeField()

    class Meta:
        """See Django."""

        db_table = "kept_view"
        constraints = (models.UniqueConstraint(fields=("account", "page", "name"), name="kept_view_name"),)

    def __str__(self) -> str:
        return self.name
