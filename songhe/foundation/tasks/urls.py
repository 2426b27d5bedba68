"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.foundation.tasks import screens, screens_list

urlpatterns: list[URLPattern] = [
    path("", screens.tasks, name="tasks"),
    path("export/", screens_list.tasks_export, name="tasks-export"),
    path("views/", screens_list.task_view_save, name="task-view-save"),
    path("views/<uuid:view_id>/drop/", screens_list.task_view_drop, name="task-view-drop"),
    path("<uuid:task_id>/", screens.task, name="task"),
]
