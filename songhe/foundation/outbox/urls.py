"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.foundation.outbox import screens

urlpatterns: list[URLPattern] = [
    path("", screens.events, name="events"),
    path("export/", screens.events_export, name="events-export"),
    path("<int:number>/", screens.event, name="event"),
    path("<int:number>/again/", screens.event_send_again, name="event-send-again"),
    path("<int:number>/give-up/", screens.event_give_up, name="event-give-up"),
]
