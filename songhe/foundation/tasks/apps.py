"""The Django application."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """See Django."""

    name = "songhe.foundation.tasks"
    label = "tasks"
    default_auto_field = "django.db.models.BigAutoField"
