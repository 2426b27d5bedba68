"""What the worker does with divisions: changes whose day has come."""

from __future__ import annotations

from django.utils import timezone

from songhe.regions.operations.altering import apply_due_changes


def apply_due() -> int:
    """Does every decided change whose day has come. For the worker, every so often; more often changes nothing."""
    return apply_due_changes(today=timezone.localdate(), now=timezone.now())
