"""First page, how pages look, how the list comes about, accessibility."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from songhe.doors.portal.choosing import lists_here
from songhe.doors.portal.frame import COOKIE, COOKIE_AGE, LOOKS, look_of, same_for_all
from songhe.doors.portal.held import Held, held, key_of
from songhe.doors.portal.presenters_lists import others_of_home, parts_of
from songhe.eligibility.reason_sheet.words import Instrument as Document
from songhe.foundation.access.views import public
from songhe.kernel.clauses import Clause


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A few large choices and the telephone."""
    today = timezone.localdate()
    found, lists = held(today), lists_here(today)
    key = (today, key_of(found), *(one.release for one in lists))
    return same_for_all(request, "home", key, lambda: {"held": found, "parts": parts_of(lists)})


@public
@require_POST
def appearance(request: HttpRequest, what: str) -> HttpResponse:
    """Turns one of the looks on or off, for this browser, and goes back to where one was."""
    if what not in LOOKS:
        raise Http404
    came_from = request.headers.get("Referer", "")
    fits = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(came_from if fits else reverse("portal"))
    response.set_cookie(
        COOKIE, look_of(request).turned(what), max_age=COOKIE_AGE, path=reverse("portal"), secure=settings.HTTPS,
        httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


@public
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """What the list is, who decides, how to object."""
    today = timezone.localdate()
    found, lists = held(today), lists_here(today)
    return same_for_all(
        request, "policy", (key_of(found), *(one.release for one in lists)),
        lambda: {"held": found, "documents": [] if found is None else _cited(found), "others": others_of_home(lists)},
    )  # fmt: skip


def _cited(found: Held) -> list[Document]:
    """The documents that the clauses of the list name."""
    cited = {Clause.parse(bound.item.clause).instrument for bound in found.items}
    return [one for key, one in found.documents.items() if key in cited and one.number]


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everybody can use the portal, and whom to tell what is in the way."""
    return same_for_all(request, "accessibility", (), dict)
