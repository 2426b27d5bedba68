"""The language of the pages: Chinese, unless the person at the keyboard chose another; a browser's wish is unheard."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from songhe.foundation.access.views import public
from songhe.ui.shell import MenuItem


class LanguageMiddleware:
    """Says the language that the cookie chose while a request runs; anything else in the cookie is Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._known = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See Django."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self._known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self._get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


@public
@require_POST
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Keeps the choice in a cookie of this browser and goes back to where one was."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    came_from = request.headers.get("Referer", "")
    fits = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(came_from if fits else "/")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def other_languages() -> list[MenuItem]:
    """What one can change to, each in its own words."""
    now = get_language()
    return [
        MenuItem(name, reverse("language", args=[code]), "pencil", post=True)
        for code, name in settings.LANGUAGES
        if code != now
    ]
