"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, path

from songhe.eligibility.simulating import screens

urlpatterns: list[URLPattern] = [
    path("", screens.simulations, name="simulations"),
    path("kept/<uuid:pk>/", screens.simulation, name="simulation"),
    path("<uuid:pk>/", screens.simulate, name="simulate"),
    path("<uuid:pk>/brief/", screens.simulate_brief, name="simulate-brief"),
    path("<uuid:pk>/people/", screens.simulate_people, name="simulate-people"),
    path("<uuid:pk>/keep/", screens.simulate_keep, name="simulate-keep"),
]
