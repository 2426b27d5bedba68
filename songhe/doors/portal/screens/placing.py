"""Where do you live: one question, asked only where parts of the place have lists of their own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from songhe.doors.portal.choosing import OUT, UNSURE, ListHere, asks_below, lists_here, remember, said_in
from songhe.doors.portal.frame import shown
from songhe.foundation.access.views import public
from songhe.kernel.regions import significant
from songhe.regions.api import Division, as_of, children_of

_NEXT = {"ask": "portal-ask", "services": "portal-services"}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """The divisions right below; the answer leads on to a smaller one only where that matters."""
    today = timezone.localdate()
    lists = lists_here(today)
    if not lists:
        return shown(request, "no_list")
    home = next(one for one in lists if one.is_home)
    onwards = request.GET.get("next", "")
    where = _where(lists, home, request.GET.get("in", "") or home.region)
    below = list(children_of(where.code, today))
    given = request.POST.get("answer", "") if request.method == "POST" else ""
    if given in (UNSURE, OUT) or given in {significant(one.code) for one in below}:
        return _onwards(lists, home, where, given, onwards)
    context = {
        "where": where, "is_home": where.code == home.region, "next": onwards, "said": said_in(request, lists),
        "choices": [(significant(one.code), one.name, asks_below_or_own(lists, one)) for one in below],
        "missed": request.method == "POST",
    }  # fmt: skip
    return shown(request, "place", context, status=422 if request.method == "POST" else 200)


def asks_below_or_own(lists: tuple[ListHere, ...], division: Division) -> bool:
    """Whether the division itself, or a part of it, has a list of its own."""
    return any(significant(one.region).startswith(significant(division.code)) for one in lists if not one.is_home)


def _onwards(lists: tuple[ListHere, ...], home: ListHere, where: Division, given: str, onwards: str) -> HttpResponse:
    if given.isdecimal() and asks_below(lists, given.ljust(12, "0")):
        query = urlencode({"in": given, "next": onwards})
        return redirect(f"{reverse('portal-place')}?{query}")
    if given == UNSURE and where.code != home.region:
        given = significant(where.code)
    response = redirect(_NEXT.get(onwards, "portal-services"))
    remember(response, given)
    return response


def _where(lists: tuple[ListHere, ...], home: ListHere, code: str) -> Division:
    """The place itself or a part in which smaller lists hold; not there otherwise."""
    digits = significant(code.ljust(12, "0")) if code.isascii() and code.isdecimal() and len(code) <= 12 else ""
    inside = bool(digits) and digits.startswith(significant(home.region))
    division = as_of(digits, timezone.localdate()) if inside else None
    if division is None or not (code == home.region or asks_below(lists, division.code)):
        raise Http404
    return division
