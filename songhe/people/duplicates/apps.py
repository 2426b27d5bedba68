"""The Django application."""

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """See Django."""

    name = "songhe.people.duplicates"
    label = "duplicates"
    default_auto_field = "django.db.models.BigAutoField"
