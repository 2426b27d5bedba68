"""What every page of the portal shows: how it looks, whose it is, the telephone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language

from songhe.doors.console.languages import other_languages

COOKIE = "songhe-portal-look"
COOKIE_AGE = 365 * 24 * 3600  # seconds
CARE, LARGE, CONTRAST = "care", "large", "contrast"
LOOKS = (CARE, LARGE, CONTRAST)
_TOKEN = "the token of the form stands here"  # noqa: S105 the place of one
_MOST = 600  # pages of a list, in some looks and languages
_KEPT: dict[tuple[Hashable, ...], str] = {}


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
    page = {**_frame(look_of(request)), **(context or {})}
    response = render(request, f"portal/{template}.html", page, status=status)
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def same_for_all(
    request: HttpRequest, template: str, key: tuple[Hashable, ...], context: Callable[[], Mapping[str, Any]]
) -> HttpResponse:
    """A page that says the same to everybody, drawn once for each look and language; `key` is all that it depends on.

    Only the token of its forms is each browser's own, and because of it no cache on the way may keep the page.
    """
    look = look_of(request)
    named = (template, look, get_language(), settings.PLACE, settings.DUTY_PHONE, *key)
    text = _KEPT.get(named)
    if text is None:
        if len(_KEPT) >= _MOST:
            _KEPT.clear()
        page = {**_frame(look), **context(), "csrf_token": _TOKEN}
        text = _KEPT[named] = render_to_string(f"portal/{template}.html", page, request)
    response = HttpResponse(text.replace(_TOKEN, get_token(request)))
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _frame(look: Look) -> dict[str, Any]:
    digits = settings.DUTY_PHONE.replace(" ", "").replace("-", "")
    return {"look": look, "place": settings.PLACE, "languages": other_languages(), "digits": digits}
