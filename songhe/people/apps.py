"""The Django application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See Django."""

    name = "songhe.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
