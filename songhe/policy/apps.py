"""The Django application."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """See Django."""

    name = "songhe.policy"
    label = "policy"
    default_auto_field = "django.db.models.BigAutoField"
