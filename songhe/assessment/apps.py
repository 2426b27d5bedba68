"""The Django application."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """See Django."""

    name = "songhe.assessment"
    label = "assessment"
    default_auto_field = "django.db.models.BigAutoField"
