"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.eligibility.decisions.screens import doors, matters, overview

urlpatterns: list[URLPattern] = [
    path("", overview.decisions, name="decisions"),
    path("people/", overview.decided_people, name="decided-people"),
    path("runs/", overview.decision_runs, name="decision-runs"),
    path("matters/", matters.matters, name="matters"),
    path("matters/export/", matters.matters_export, name="matters-export"),
    path("doors/<uuid:pk>/", doors.door, name="door"),
    path("doors/<uuid:pk>/undo/<uuid:matter>/", doors.door_undo, name="door-undo"),
]
