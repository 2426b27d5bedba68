"""The Django application."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """See Django."""

    name = "songhe.doors.console"
    label = "console"
