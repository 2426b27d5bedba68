"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.foundation.notices import screens

urlpatterns: list[URLPattern] = [
    path("", screens.notices, name="notices"),
    path("<uuid:notice_id>/", screens.notice, name="notice"),
]
