"""The items of a draft: the form, what it comes to while it is typed, new ones, those taken out, and the raw texts."""

from __future__ import annotations

import re
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
from songhe.kernel.errors import BadInput, NotFound, SongheError
from songhe.kernel.numbers import whole_read
from songhe.policy.forms import FileForm
from songhe.policy.item_form import (
    EXAMPLE,
    FIGURE,
    ItemForm,
    form_of_post,
    form_of_text,
    sent_places,
    text_of_form,
)
from songhe.policy.models import Release
from songhe.policy.operations.drafting import remove_file, save_file
from songhe.policy.permissions import PROPOSE, READ
from songhe.policy.presenters import region_names
from songhe.policy.presenters_form import choices, marks, shown
from songhe.policy.presenters_reading import read_of
from songhe.policy.queries import release_seen_by
from songhe.policy.rights import check_deed, may
from songhe.policy.screens.releases import about
from songhe.policy.trying import Trial, try_text
from songhe.ui.words import said_error

_LIST, _NEW = "list", "new"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)


@needs(READ)
@require_http_methods(["GET", "POST"])
@answered_once
def release_item(request: ActingRequest, pk: UUID, stem: str) -> HttpResponse:
    """An item: its form in a draft for who may change it, else its text and what it says."""
    found = release_seen_by(request.actor.region, pk)
    text = _text(found, stem)
    if request.method == "POST":
        return _save(request, found, stem, text)
    if not may(request.actor, found, "edit"):
        return _reading(request, found, stem, text)
    try:
        form = form_of_text(text)
    except BadInput:
        return redirect("release-file", pk, stem)
    return _page(request, found, stem, form, try_text(found, f"{stem}.yaml", text, region_names()))


@needs(PROPOSE)
@require_http_methods(["GET", "POST"])
@answered_once
def release_item_new(request: ActingRequest, pk: UUID) -> HttpResponse:
    """A new item of a draft, empty."""
    found = release_seen_by(request.actor.region, pk)
    check_deed(request.actor, found, "edit")
    if request.method == "POST":
        return _save(request, found, _NEW, "")
    return _page(request, found, _NEW, ItemForm(), Trial())


@needs(PROPOSE)
@require_POST
def release_item_try(request: ActingRequest, pk: UUID, stem: str) -> HttpResponse:
    """What the item would be with what is typed now; nothing is kept. A part of the page."""
    found = release_seen_by(request.actor.region, pk)
    text = "" if stem == _NEW else _text(found, stem)
    page, _form, _written = _tried(request, found, stem, text)
    page.figures = [line for line in page.figures if f"{line.key}-name" in request.POST]
    page.examples = [line for line in page.examples if f"{line.key}-case" in request.POST]
    context = {"page": page, "marks": marks(page), "release": found, "live": True}
    return render(request, "policy/live.html", context)


@needs(PROPOSE)
@require_http_methods(["GET", "POST"])
@answered_once
def release_item_remove(request: ActingRequest, pk: UUID, stem: str) -> HttpResponse:
    """Takes an item out of a draft, after asking."""
    found = release_seen_by(request.actor.region, pk)
    check_deed(request.actor, found, "edit")
    text = _text(found, stem)
    if request.method == "POST":
        version = sent_version(request)
        try:
            remove_file(
                actor=request.actor, release=pk, name=f"{stem}.yaml", version=version, now=timezone.now()
            )  # fmt: skip
        except SongheError as error:
            messages.error(request, said_error(error))
            return redirect("release-item", pk, stem)
        messages.success(request, _("去掉了；印发以前还可以在次序那一页放回来"))
        return redirect("release", pk)
    context = about(request, found, timezone.localdate()) | {"stem": stem, "name": _name(text, stem)}
    return render(request, "policy/remove.html", context)


@needs(READ)
@require_http_methods(["GET", "POST"])
@answered_once
def release_file(request: ActingRequest, pk: UUID, stem: str) -> HttpResponse:
    """The raw text of one file, to read or, in a draft, to change."""
    found = release_seen_by(request.actor.region, pk)
    text, editable = _text(found, stem), may(request.actor, found, "edit")
    form = FileForm(request.POST or None, initial={"text": text, "version": found.version})
    status = 200
    if request.method == "POST":
        check_deed(request.actor, found, "edit")
        if form.is_valid() and _kept(request, found, f"{stem}.yaml", form.cleaned_data["text"], form):
            messages.success(request, _("存了"))
            return redirect("release-file", pk, stem)
        status = 422
    context = about(request, found, timezone.localdate())
    faults = [words for name, words in context["faults"] if name == f"{stem}.yaml"]
    context |= {
        "stem": stem, "form": form, "editable": editable, "text": text, "own_faults": faults,
        "is_item": stem != _LIST,
    }  # fmt: skip
    return render(request, "policy/file.html", context, status=status)


def _kept(request: ActingRequest, found: Release, name: str, text: str, form: FileForm) -> bool:
    version = form.cleaned_data["version"]
    try:
        save_file(actor=request.actor, release=found.pk, name=name, text=text, version=version, now=timezone.now())
    except SongheError as error:
        form.refuse(error)
        return False
    return True


def _text(found: Release, stem: str) -> str:
    name = f"{stem}.yaml"
    if name not in found.files:
        raise NotFound(_("清单里的这个文件"))
    text: str = found.files[name]
    return text


def _name(text: str, stem: str) -> str:
    try:
        return form_of_text(text).texts["name"] or stem
    except BadInput:
        return stem


def _tried(request: ActingRequest, found: Release, stem: str, text: str) -> tuple[Any, ItemForm, str]:
    """The form that was sent beside what it comes to, and the text it makes."""
    form = form_of_post(request.POST)
    written = text_of_form(form, text)
    trial = try_text(found, _file_name(form) or f"{stem}.yaml", written, region_names())
    places = {"figure": sent_places(request.POST, "figure", FIGURE)}
    places["example"] = sent_places(request.POST, "example", EXAMPLE)
    more = request.POST.get("do", "").removeprefix("more-")
    return shown(form, trial, found.files, places, more), form, written


def _file_name(form: ItemForm) -> str:
    """The name of the file that the number and the English name of an item ask for; "" when they are none."""
    slug = form.texts.get("item", "")
    if form.number.isascii() and form.number.isdigit() and len(form.number) <= 2 and _SLUG.fullmatch(slug):
        return f"{int(form.number):02d}-{slug}.yaml"
    return ""


def _save(request: ActingRequest, found: Release, stem: str, text: str) -> HttpResponse:
    """Keeps what was sent, faults and all; or, when only a look was asked for, shows it again."""
    check_deed(request.actor, found, "edit")
    page, form, written = _tried(request, found, stem, text)
    if request.POST.get("do", "save") != "save":
        return _drawn(request, found, stem, page)
    name, old = _file_name(form), f"{stem}.yaml"
    try:
        if not name or (name != old and name in found.files):
            problem = "和另一项同名" if name else "号要是1到99的数，英文名要是小写字母、数字和连字符"
            raise BadInput("号和英文名", problem, accepted="如 3 和 advanced-age-allowance")
        version = sent_version(request)
        now = timezone.now()
        saved = save_file(actor=request.actor, release=found.pk, name=name, text=written, version=version, now=now)
        if old in found.files and name != old:
            remove_file(actor=request.actor, release=found.pk, name=old, version=saved.version, now=now)
    except SongheError as error:
        return _drawn(request, found, stem, page, said_error(error))
    messages.success(request, _("存了，有错的地方写在旁边") if page.trial.faults else _("存了"))
    return redirect("release-item", found.pk, name.removesuffix(".yaml"))


def _page(request: ActingRequest, found: Release, stem: str, form: ItemForm, trial: Trial) -> HttpResponse:
    return _drawn(request, found, stem, shown(form, trial, found.files), status=200)


def _drawn(
    request: ActingRequest, found: Release, stem: str, page: Any, refused: str = "", status: int = 422
) -> HttpResponse:
    context = about(request, found, timezone.localdate()) | choices(found) | {
        "page": page, "stem": stem, "new": stem == _NEW, "refused": refused, "marks": marks(page),
        "version": request.POST.get("version") or found.version, "named": page.form.texts.get("name", ""),
    }  # fmt: skip
    return render(request, "policy/item_form.html", context, status=status)


def _reading(request: ActingRequest, found: Release, stem: str, text: str) -> HttpResponse:
    trial = try_text(found, f"{stem}.yaml", text, region_names())
    try:
        form = form_of_text(text)
    except BadInput:
        return redirect("release-file", found.pk, stem)
    context = about(request, found, timezone.localdate()) | choices(found)
    page = shown(form, trial, found.files)
    context |= {"page": page, "read": read_of(page), "stem": stem, "named": form.texts["name"] or stem}
    return render(request, "policy/item.html", context)


def sent_version(request: ActingRequest) -> int:
    """The version that the page showed; one that nobody has where the form holds none: then nothing is saved."""
    text = request.POST.get("version", "")
    return whole_read(text) or 0
