"""Addresses of the pages about other systems."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.doors.api import screens

urlpatterns: list[URLPattern] = [
    path("", screens.systems, name="systems"),
    path("new/", screens.system_new, name="system-new"),
    path("<uuid:pk>/decide/", screens.system_decide, name="system-decide"),
]
