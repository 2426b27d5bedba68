"""The Django application."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """See Django."""

    name = "songhe.doors.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
