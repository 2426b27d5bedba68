"""The Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """See Django."""

    name = "songhe.doors.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
