"""Addresses of advising."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.doors.console.adviser import screens, talks

urlpatterns: list[URLPattern] = [
    path("", screens.adviser, name="adviser"),
    path("talks/", talks.advice_talks, name="advice-talks"),
    path("talks/export/", talks.advice_talks_export, name="advice-talks-export"),
    path("talks/<uuid:pk>/", talks.advice_talk, name="advice-talk"),
    path("<uuid:key>/", screens.adviser_talk, name="adviser-talk"),
    path("<uuid:key>/sheet/", screens.adviser_sheet, name="adviser-sheet"),
]
