"""The Django application."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """See Django."""

    name = "songhe.foundation.idempotency"
    label = "idempotency"
    default_auto_field = "django.db.models.BigAutoField"
