"""The Django application."""

from django.apps import AppConfig


class ViewsKeptConfig(AppConfig):
    """See Django."""

    name = "songhe.foundation.views_kept"
    label = "views_kept"
    default_auto_field = "django.db.models.BigAutoField"
