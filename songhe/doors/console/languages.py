"""The language of the pages: Chinese, unless the person at the keyboard chose another; a browser's wish is unheard."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from songhe.foundation.access.views import public


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
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self._get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


language = public(require_POST(set_language))
"""Keeps the choice in a cookie of this browser and goes back to where one was."""
