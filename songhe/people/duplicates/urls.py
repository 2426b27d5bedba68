"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.people.duplicates import screens

urlpatterns: list[URLPattern] = [
    path("", screens.duplicates, name="duplicates"),
    path("export/", screens.duplicates_export, name="duplicates-export"),
    path("find/", screens.duplicates_find, name="duplicates-find"),
    path("<uuid:pk>/", screens.duplicate, name="duplicate"),
    path("<uuid:pk>/undo/", screens.duplicate_undo, name="duplicate-undo"),
]
