"""The Django application."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """See Django."""

    name = "songhe.people.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"
