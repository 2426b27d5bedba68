"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.foundation.tasks import screens

urlpatterns: list[URLPattern] = [
    path("", screens.tasks, name="tasks"),
    path("<uuid:task_id>/", screens.task, name="task"),
]
