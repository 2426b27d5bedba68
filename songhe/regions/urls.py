"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.regions import screens

urlpatterns: list[URLPattern] = [
    path("", screens.regions, name="regions"),
    path("<slug:code>/", screens.region, name="region"),
]
