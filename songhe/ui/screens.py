"""Every component in every state, with invented data: for those who build pages, and for the tests.

Whoever mounts these views decides who may see them.
"""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from songhe.ui import gallery


def components(request: HttpRequest) -> HttpResponse:
    """The whole kit on one page."""
    return render(request, "ui/gallery/components.html", gallery.context(timezone.localtime()))


def file(request: HttpRequest) -> HttpResponse:
    """The page of one person: facts, matrix, the answer beside."""
    context = gallery.context(timezone.localtime())
    return render(request, "ui/gallery/file.html", context | {"shell": replace(gallery.SHELL, rail=True)})


def plain(request: HttpRequest) -> HttpResponse:
    """The page for who has not signed in."""
    return render(request, "ui/gallery/plain.html", {"shell": gallery.SHELL})


def sheet(request: HttpRequest) -> HttpResponse:
    """A sheet of paper."""
    return render(request, "ui/gallery/sheet.html", gallery.context(timezone.localtime()))
