"""What every console page shows around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, scope and user for the base template."""
    return {}
