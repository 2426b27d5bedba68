"""The list of a draft in its own form, the order of its items, and one put back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import BadInput, SongheError
from songhe.policy.item_form import sent_places
from songhe.policy.list_form import TABLES, ListForm, list_form_of_post, list_form_of_text, text_of_list_form
from songhe.policy.models import Release
from songhe.policy.operations.drafting import save_file
from songhe.policy.operations.ordering import put_back, renumber
from songhe.policy.permissions import PROPOSE
from songhe.policy.presenters import region_names
from songhe.policy.presenters_list_form import (
    ShownList,
    list_choices,
    list_marks,
    order_lines,
    removed_items,
    shown_list,
)
from songhe.policy.queries import release_seen_by
from songhe.policy.rights import check_deed
from songhe.policy.screens.drafts import sent_version
from songhe.policy.screens.releases import about
from songhe.policy.trying import try_list
from songhe.rules.reading_packs import LIST_FILE
from songhe.ui.words import said_error

_NUMBER, _DIGITS = "number-", 3


@needs(PROPOSE)
@require_http_methods(["GET", "POST"])
@answered_once
def release_list(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The name, time, shared figures, groups and categories of a draft, in a form."""
    found = _draft(request, pk)
    text = found.files[LIST_FILE]
    try:
        form = list_form_of_text(text)
    except BadInput:
        return redirect("release-file", pk, "list")
    if request.method == "POST":
        return _save(request, found, text)
    return _drawn(request, found, shown_list(form, try_list(found, text, region_names()), found.files), status=200)


@needs(PROPOSE)
@require_POST
def release_list_try(request: ActingRequest, pk: UUID) -> HttpResponse:
    """What the list would be with what is typed now; nothing is kept. A part of the page."""
    found = _draft(request, pk)
    page, _written = _tried(request, found, found.files[LIST_FILE])
    for name, lines in page.tables.items():
        page.tables[name] = [line for line in lines if f"{line.key}-name" in request.POST]
    context = {"page": page, "marks": list_marks(page), "release": found, "live": True}
    return render(request, "policy/list_live.html", context)


@needs(PROPOSE)
@require_http_methods(["GET", "POST"])
@answered_once
def release_order(request: ActingRequest, pk: UUID) -> HttpResponse:
    """The numbers of a draft's items, all at once, and what was taken out."""
    found = _draft(request, pk)
    if request.method == "GET":
        return _ordered(request, found)
    typed = {
        name.removeprefix(_NUMBER): str(value).strip()
        for name, value in request.POST.items()
        if name.startswith(_NUMBER)
    }
    moved = request.POST.get("do", "save")
    if moved != "save":
        return _ordered(request, found, _moved(found, typed, moved))
    try:
        numbers = {stem: _whole(stem, value) for stem, value in typed.items()}
        renumber(
            actor=request.actor, release=pk, numbers=numbers, version=sent_version(request), now=timezone.now()
        )  # fmt: skip
    except SongheError as error:
        return _ordered(request, found, typed, error)
    messages.success(request, _("次序存了"))
    return redirect("release", pk)


@needs(PROPOSE)
@require_POST
@answered_once
def release_item_back(request: ActingRequest, pk: UUID, stem: str) -> HttpResponse:
    """Puts an item that was taken out back into the draft."""
    _draft(request, pk)
    try:
        put_back(
            actor=request.actor, release=pk, name=f"{stem}.yaml", version=sent_version(request), now=timezone.now()
        )  # fmt: skip
    except SongheError as error:
        messages.error(request, said_error(error))
        return redirect("release-order", pk)
    messages.success(request, _("放回来了，和上一版一样"))
    return redirect("release-item", pk, stem)


def _draft(request: ActingRequest, pk: UUID) -> Release:
    found = release_seen_by(request.actor.region, pk)
    check_deed(request.actor, found, "edit")
    return found


def _tried(request: ActingRequest, found: Release, text: str) -> tuple[ShownList, str]:
    form: ListForm = list_form_of_post(request.POST)
    written = text_of_list_form(form, text)
    places = {name: sent_places(request.POST, name, keys) for name, keys in TABLES.items()}
    more = request.POST.get("do", "").removeprefix("more-")
    return shown_list(form, try_list(found, written, region_names()), found.files, places, more), written


def _save(request: ActingRequest, found: Release, text: str) -> HttpResponse:
    """Keeps what was sent, faults and all; or, when only a look was asked for, shows it again."""
    page, written = _tried(request, found, text)
    if request.POST.get("do", "save") != "save":
        return _drawn(request, found, page)
    try:
        save_file(
            actor=request.actor, release=found.pk, name=LIST_FILE, text=written, version=sent_version(request),
            now=timezone.now(),
        )  # fmt: skip
    except SongheError as error:
        return _drawn(request, found, page, said_error(error))
    messages.success(request, _("存了") if page.trial.sound else _("存了，有错的地方写在旁边"))
    return redirect("release-list", found.pk)


def _drawn(
    request: ActingRequest, found: Release, page: ShownList, refused: str = "", status: int = 422
) -> HttpResponse:
    context = about(request, found, timezone.localdate()) | list_choices() | {
        "page": page, "refused": refused, "marks": list_marks(page),
        "version": request.POST.get("version") or found.version,
    }  # fmt: skip
    return render(request, "policy/list_form.html", context, status=status)


def _ordered(
    request: ActingRequest, found: Release, typed: dict[str, str] | None = None, error: SongheError | None = None
) -> HttpResponse:
    fault = error if isinstance(error, BadInput) else None
    context: dict[str, Any] = about(request, found, timezone.localdate()) | {
        "lines": order_lines(found, typed, fault), "removed": removed_items(found),
        "refused": said_error(error) if error else "", "version": request.POST.get("version") or found.version,
    }  # fmt: skip
    return render(request, "policy/order.html", context, status=422 if error else 200)


def _moved(found: Release, typed: dict[str, str], which: str) -> dict[str, str]:
    """The numbers after one item changed places with its neighbour: `which` is up- or down- and the item."""
    direction, _sign, stem = which.partition("-")
    stems = [line.stem for line in order_lines(found, typed)]
    if stem not in stems or stem not in typed:
        return typed
    other = stems.index(stem) + (-1 if direction == "up" else 1)
    if not 0 <= other < len(stems) or stems[other] not in typed:
        return typed
    return {**typed, stem: typed[stems[other]], stems[other]: typed[stem]}


def _whole(stem: str, text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < _DIGITS:
        return int(text)
    raise BadInput(stem, "号要是1到99的数", given=text, accepted="1到99")
