"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.regions.screens import changes, places

urlpatterns: list[URLPattern] = [
    path("", places.regions, name="regions"),
    path("changes/", changes.region_alterations, name="region-alterations"),
    path("changes/<uuid:pk>/", changes.region_alteration, name="region-alteration"),
    path("changes/<uuid:pk>/withdraw/", changes.region_alteration_withdraw, name="region-alteration-withdraw"),
    path("changes/<uuid:pk>/retry/", changes.region_alteration_retry, name="region-alteration-retry"),
    path("<slug:code>/", places.region, name="region"),
    path("<slug:code>/change/<slug:deed>/", changes.region_change, name="region-change"),
]
