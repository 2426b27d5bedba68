"""The UI kit as a Django app: templates, components, static files, template tags."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Knows no model and no room."""

    name = "songhe.ui"
    label = "ui"
