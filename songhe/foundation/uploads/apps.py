"""The Django application."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """See Django."""

    name = "songhe.foundation.uploads"
    label = "uploads"
    default_auto_field = "django.db.models.BigAutoField"
