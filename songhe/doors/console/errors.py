"""Pages for what goes wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token does not fit: the page was open too long, or the form came from elsewhere."""
    return render(request, "console/error.html", {"kind": "form"}, status=403)
