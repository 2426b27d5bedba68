"""The Django application."""

from django.apps import AppConfig


class SimulatingConfig(AppConfig):
    """See Django."""

    name = "songhe.eligibility.simulating"
    label = "simulating"
