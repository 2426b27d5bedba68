"""The list of services and one service."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from songhe.doors.portal.choosing import chosen
from songhe.doors.portal.frame import same_for_all, shown
from songhe.doors.portal.presenters import group_keys, groups_of, page_of, sections_of
from songhe.doors.portal.presenters_lists import others_of, whose_words
from songhe.foundation.access.views import public


@public
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """All services, or those of a group: of the list that holds for who looks, or of a place that the address names."""
    of, group = chosen(request, timezone.localdate(), by_address=True), request.GET.get("group", "")
    if of is None:
        return shown(request, "no_list")
    found = of.held
    if group not in group_keys(found):
        raise Http404
    return same_for_all(
        request, "services", (*of.key, group),
        lambda: {
            "held": found, "of": of, "whose": whose_words(of), "others": others_of(of), "group": group,
            "groups": groups_of(found, group), "sections": sections_of(found, group),
        },
    )  # fmt: skip


@public
@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service."""
    of = chosen(request, timezone.localdate(), by_address=True)
    if of is None:
        raise Http404
    found = of.held
    bound = found.item(slug)
    return same_for_all(
        request, "service", (*of.key, slug),
        lambda: {"held": found, "of": of, "whose": whose_words(of), "one": page_of(found, bound)},
    )  # fmt: skip
