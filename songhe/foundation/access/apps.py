"""The Django application."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """See Django."""

    name = "songhe.foundation.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
