"""The Django application."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """See Django."""

    name = "songhe.foundation.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
