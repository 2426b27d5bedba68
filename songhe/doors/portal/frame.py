"""What every page of the portal shows: how it looks, whose it is, the telephone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from songhe.doors.console.languages import other_languages

COOKIE = "songhe-portal-look"
COOKIE_AGE = 365 * 24 * 3600  # seconds
CARE, LARGE, CONTRAST = "care", "large", "contrast"
LOOKS = (CARE, LARGE, CONTRAST)


@dataclass(frozen=True, slots=True)
class Look:
    """How pages look to this browser."""

    care: bool = False
    large: bool = False
    contrast: bool = False

    def turned(self, what: str) -> str:
        """What the cookie says once one of the looks is turned on or off."""
        return "-".join(name for name in LOOKS if getattr(self, name) != (name == what))


def look_of(request: HttpRequest) -> Look:
    """The looks that the cookie chose; anything else in it is nothing."""
    chosen = request.COOKIES.get(COOKIE, "").split("-")
    return Look(CARE in chosen, LARGE in chosen, CONTRAST in chosen)


def shown(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of the portal; no cache keeps it, for what one was asked is nobody's business."""
    frame = {
        "look": look_of(request), "place": settings.PLACE, "languages": other_languages(),
        "digits": settings.DUTY_PHONE.replace(" ", "").replace("-", ""),
    }  # fmt: skip
    response = render(request, f"portal/{template}.html", {**frame, **(context or {})}, status=status)
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
