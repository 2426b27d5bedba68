"""Addresses of the pages about other systems."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.doors.api import screens
from songhe.doors.api.webhooks import screens as hooks

urlpatterns: list[URLPattern] = [
    path("", screens.systems, name="systems"),
    path("new/", screens.system_new, name="system-new"),
    path("<uuid:pk>/decide/", screens.system_decide, name="system-decide"),
    path("<uuid:pk>/webhooks/", hooks.system_webhooks, name="system-webhooks"),
    path("<uuid:pk>/webhooks/new/", hooks.webhook_new, name="webhook-new"),
    path("<uuid:pk>/webhooks/<uuid:webhook_pk>/", hooks.webhook, name="webhook"),
    path("<uuid:pk>/webhooks/<uuid:webhook_pk>/do/", hooks.webhook_do, name="webhook-do"),
]
