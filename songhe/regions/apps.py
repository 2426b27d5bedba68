"""The Django application."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """See Django."""

    name = "songhe.regions"
    label = "regions"
    default_auto_field = "django.db.models.BigAutoField"
