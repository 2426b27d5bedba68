"""The Django application."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """See Django."""

    name = "songhe.foundation.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
