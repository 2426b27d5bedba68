"""The list of services and one service."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from songhe.doors.portal.frame import same_for_all, shown
from songhe.doors.portal.held import held, key_of
from songhe.doors.portal.presenters import group_keys, groups_of, page_of, sections_of
from songhe.foundation.access.views import public


@public
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """All services, or those of a group."""
    found, chosen = held(timezone.localdate()), request.GET.get("group", "")
    if found is None:
        return shown(request, "no_list")
    if chosen not in group_keys(found):
        raise Http404
    return same_for_all(
        request, "services", (key_of(found), chosen),
        lambda: {"held": found, "groups": groups_of(found, chosen), "sections": sections_of(found, chosen)},
    )  # fmt: skip


@public
@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """One service."""
    found = held(timezone.localdate())
    if found is None:
        raise Http404
    bound = found.item(slug)
    return same_for_all(
        request, "service", (key_of(found), slug), lambda: {"held": found, "one": page_of(found, bound)}
    )
