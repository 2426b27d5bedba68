"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.foundation.uploads import screens

urlpatterns: list[URLPattern] = [path("<uuid:upload_id>/", screens.download, name="upload")]
