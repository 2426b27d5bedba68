"""Addresses of what the public says."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.policy.screens import opinions

urlpatterns: list[URLPattern] = [
    path("", opinions.opinions, name="opinions"),
    path("<uuid:pk>/", opinions.opinion, name="opinion"),
]
