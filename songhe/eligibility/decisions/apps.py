"""The Django application."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """See Django."""

    name = "songhe.eligibility.decisions"
    label = "decisions"
    default_auto_field = "django.db.models.BigAutoField"
