"""Pages for what goes wrong, in words; and how an error of the house becomes one."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from songhe.foundation.database.away import database_away
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused, SongheError
from songhe.kernel.told import phrase
from songhe.ui.words import said_error

_LOG = logging.getLogger("songhe.errors")
_STATUS: dict[type[SongheError], int] = {BadInput: 400, Refused: 403, NotFound: 404, Conflict: 409}
_FAILED = phrase("没有办成")
_TITLES = {
    400: _FAILED, 403: phrase("这件事您不能办"), 404: phrase("没有这一页"), 409: phrase("刚刚变了"), 500: _FAILED,
}  # fmt: skip
_AGAIN_SECONDS = 5
_NOT_THERE = phrase("可能写错了，可能已经删了，也可能不在您管的地方")


class ErrorMiddleware:
    """Turns errors of the house that a view let through into pages; not there and not ours look alike."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See Django."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Texts with NUL, which no keyboard sends and no database takes, are refused before any page reads them."""
        given = [request.GET, request.POST] if request.method == "POST" else [request.GET]
        texts = (text for form in given for name, values in form.lists() for text in (name, *values))
        return bad_request(request) if any("\0" in text for text in texts) else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a SongheError; None for a bug."""
        if not isinstance(error, SongheError):
            return None
        transaction.set_rollback(True)
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
        return _page(request, status, gettext(_NOT_THERE) if status == 404 else said_error(error))


def _page(request: HttpRequest, status: int, text: str, code: str = "") -> HttpResponse:
    request.failed = True  # type: ignore[attr-defined]
    context = {"title": gettext(_TITLES[status]), "text": text, "code": code, "phone": settings.DUTY_PHONE}
    return render(request, "console/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent cannot be read."""
    return _page(request, 400, gettext("送来的内容读不懂。请回到上一页再试"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not allowed."""
    return _page(request, 403, gettext("您的角色不能办这件事"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not there, or not ours: told alike."""
    return _page(request, 404, gettext(_NOT_THERE))


def failed(request: HttpRequest) -> HttpResponse:
    """A bug: nothing half done stays; the code finds it in the log. A database that is away is no bug."""
    if database_away(sys.exc_info()[1]):
        return _away(request)
    code = secrets.token_hex(2).upper()
    _LOG.error("a page failed, code %s", code)
    return _page(request, 500, gettext("这一页出了错，没有留下做了一半的事。请再试一次，还不行就打电话"), code)


def _away(request: HttpRequest) -> HttpResponse:
    """The database is away for a moment. A page that was only read asks again by itself; a form never does."""
    request.failed = True  # type: ignore[attr-defined]
    again = request.get_full_path() if request.method == "GET" else ""
    response = render(request, "console/away.html", {"again": again, "phone": settings.DUTY_PHONE}, status=503)
    response.headers["Retry-After"] = str(_AGAIN_SECONDS)
    if again:
        response.headers["Refresh"] = str(_AGAIN_SECONDS)
    return response


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token does not fit: the page was open too long, or the form came from elsewhere."""
    return _page(request, 403, gettext("页面开得太久，表没有交上。请回到上一页刷新，再交一次"))
