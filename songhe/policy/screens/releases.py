"""One release: its items, beside other lists, what changed in it, its doubts and its way; as files and on paper."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.kernel.errors import BadInput, NotFound, SongheError
from songhe.policy.comparisons import comparisons_of
from songhe.policy.kept_packs import pack_of
from songhe.policy.models import Release
from songhe.policy.permissions import READ
from songhe.policy.presenters import (
    changes_of,
    doubts_of,
    faults_of,
    group_options,
    groups_of,
    items_by_category,
    may_do,
    region_names,
    shown_on,
    status_of,
    step_words,
    turn_of,
)
from songhe.policy.queries import instruments, previous_of, release_seen_by, steps_of
from songhe.policy.trying import said_otherwise
from songhe.ui.words import said_error

_VIEWS = ("items", "compare", "changes", "doubts", "way")
_ON_ITS_WAY = ("draft", "proposed", "approved")


@needs(READ)
@require_safe
def release(request: ActingRequest, pk: UUID) -> HttpResponse:
    """A release; `?view=` chooses what of it, `?group=` cuts the items."""
    today, found = timezone.localdate(), release_seen_by(request.actor.region, pk)
    view = request.GET.get("view", _VIEWS[0])
    if view not in _VIEWS:
        raise Http404
    on = shown_on(found, today)
    context = about(request, found, today) | {"view": view, "on": on}
    if view == "items":
        context |= _items(found, on, request.GET.get("group", ""))
    elif view == "compare":
        context["comparisons"] = comparisons_of(found, settings.POLICIES, on)
    elif view == "changes":
        context |= changed_since(found, previous_of(found) or found.based_on)
    elif view == "doubts":
        context["doubts"] = doubts_of(found)
    else:
        context["steps"] = [(step, step_words(step)) for step in steps_of(found)]
    return render(request, "policy/release.html", context)


def about(request: ActingRequest, found: Release, today: date) -> dict[str, Any]:
    """What every page of a release says of it."""
    status, word = status_of(found, today)
    on_its_way = found.state in _ON_ITS_WAY
    return {
        "release": found, "list": found.of_list, "status": status, "state_word": word,
        "turn": turn_of(found) if on_its_way else "", "may": may_do(request.actor, found),
        "faults": faults_of(found) if found.state == "draft" else [],
        "may_simulate": request.actor.may("policy.simulate"),  # the simulator's own action
        "attached": list(found.simulations.filter(attached=True).order_by("made_at")),
    }  # fmt: skip


def changed_since(found: Release, before: Release | None) -> dict[str, Any]:
    """What a page says of the changes to another release: the items that speak otherwise, and the texts."""
    otherwise = said_otherwise(before, found, region_names()) if before else []
    return {"otherwise": otherwise, "changes": changes_of(found, before)}


def _items(found: Release, on: date, group: str) -> dict[str, Any]:
    options = group_options()
    chosen = group if group in {key for key, _ in options} else ""
    context: dict[str, Any] = {"options": options, "group": chosen, "on": on}
    try:
        context |= {"categories": items_by_category(found, on, chosen), "groups": groups_of(found)}
    except BadInput as error:
        files = [(name.removesuffix(".yaml"), name) for name in sorted(found.files)]
        context |= {"problem": said_error(error), "files": files}
    context["count"] = sum(len(lines) for _, lines in context.get("categories", ()))
    return context


@needs(READ)
@require_safe
def release_files(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The folder of the release, as it would lie below policies/."""
    found = release_seen_by(request.actor.region, pk)
    key = found.of_list.key
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(found.files.items()):
            archive.writestr(zipfile.ZipInfo(f"{key}/{name}", date_time=(1980, 1, 1, 0, 0, 0)), text)
        if found.doubts:
            doubts = f"{key.partition('/')[0]}/doubts.yaml"
            archive.writestr(zipfile.ZipInfo(doubts, date_time=(1980, 1, 1, 0, 0, 0)), found.doubts)
    name = f"{key.replace('/', '-')}-{found.number}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(packed.getvalue(), content_type="application/zip", headers=headers)


@needs(READ)
@require_safe
def release_print(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The release on paper."""
    today, found = timezone.localdate(), release_seen_by(request.actor.region, pk)
    on = shown_on(found, today)
    try:
        categories = items_by_category(found, on)
    except SongheError as error:
        raise NotFound("能打印的清单") from error
    context = about(request, found, today) | {"categories": categories, "groups": groups_of(found), "on": on}
    document = instruments().get(_document_key(found))
    return render(request, "policy/print.html", context | {"document": document})


def _document_key(found: Release) -> str:
    return pack_of(found).instrument
