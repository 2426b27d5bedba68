"""The Django application."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """See Django."""

    name = "songhe.foundation.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
