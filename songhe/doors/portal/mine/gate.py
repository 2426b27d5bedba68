"""The gate before every page of one's own: who is inside, with a scope of her own, and what a page of hers never does.

No address holds an id: whose file it is stands in the visit alone, so there is nothing in an address to try out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from songhe.doors.portal.frame import shown
from songhe.doors.portal.mine import visits
from songhe.doors.portal.mine.visits import Holder
from songhe.foundation.access.views import public
from songhe.foundation.audit.recording import record

COOKIE, ENTRANCE = "songhe-portal-mine", "songhe-portal-entrance"
_TYPED = ("words", "about", "code", "answer", "year", "month", "day")

View = Callable[..., HttpResponse]


class MineRequest(HttpRequest):
    """A request of somebody inside."""

    holder: Holder
    person: Any


def holder_of(request: HttpRequest, now: datetime) -> Holder | None:
    """The visit that the browser holds, ended ones too."""
    return visits.find_visit(request.COOKIES.get(COOKIE, "")[:100], now)


def mine(view: View) -> View:
    """A page for who is inside. Others are led to the way in; what they typed is put back once they are in again."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        holder = holder_of(request, now)
        if holder is None or holder.ended:
            return _outside(request, holder)
        with visits.inside(holder):
            person = holder.person(timezone.localdate(now))
            if person is None:
                return _no_more(holder)
            visits.go_on(holder, now)
            inside = cast(MineRequest, request)
            inside.holder, inside.person = holder, person
            _noted(holder, view.__name__)
            return unkept(view(inside, *args, **kwargs))

    return public(asked)


def show(
    request: MineRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page of one's own, with who is inside."""
    frame = {
        "person": request.person, "by_proxy": request.holder.by_proxy, "inside": True,
        "warned_after": int(visits.WARNED.total_seconds()), "left": int((visits.IDLE - visits.WARNED).total_seconds()),
    }  # fmt: skip
    return shown(request, f"mine/{template}", frame | (context or {}), status=status)


def take_in(response: HttpResponse, holder: Holder) -> HttpResponse:
    """Gives the visit to the browser, until it is closed."""
    _set(response, COOKIE, holder.text)
    response.delete_cookie(ENTRANCE, path=reverse("portal-mine"), samesite="Strict")
    return unkept(response)


def let_out(response: HttpResponse) -> HttpResponse:
    """Takes it from the browser."""
    response.delete_cookie(COOKIE, path=reverse("portal-mine"), samesite="Strict")
    return unkept(response)


def expects(response: HttpResponse, entrance: Any) -> HttpResponse:
    """The browser keeps which code it waits for."""
    _set(response, ENTRANCE, str(entrance))
    return unkept(response)


def unkept(response: HttpResponse) -> HttpResponse:
    """No cache keeps it, not even the browser's."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _set(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, path=reverse("portal-mine"), httponly=True, secure=settings.HTTPS, samesite="Strict"
    )


def _outside(request: HttpRequest, holder: Holder | None) -> HttpResponse:
    if holder is not None and request.method == "POST":
        typed = {name: request.POST[name] for name in _TYPED if request.POST.get(name, "").strip()}
        if typed:
            visits.keep_typed(holder, request.path, typed)
    target = reverse("portal-enter")
    return unkept(redirect(f"{target}?late=1" if holder is not None else target))


def _no_more(holder: Holder) -> HttpResponse:
    """Who acted for somebody no longer does, or the file is gone: the visit is over at once."""
    entrant = holder.coming.entrant
    record(holder.actor, action="portal.refused", subject=entrant.person, region=entrant.region)
    visits.leave(holder)
    return let_out(redirect(f"{reverse('portal-enter')}?no=1"))


def _noted(holder: Holder, page: str) -> None:
    entrant = holder.coming.entrant
    detail = {"page": page, "by": "proxy" if holder.by_proxy else "self"}
    record(holder.actor, action="portal.view", subject=entrant.person, region=entrant.region, detail=detail)
