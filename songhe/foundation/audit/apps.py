"""The Django application."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See Django."""

    name = "songhe.foundation.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
