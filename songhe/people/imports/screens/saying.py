"""What was just done, said once on the next page."""

from __future__ import annotations

from django.http import HttpRequest

_KEY = "imports_said"


def say(request: HttpRequest, text: str, kind: str = "done") -> None:
    """Keeps a sentence for the next page; `kind` is one of the banner's."""
    request.session[_KEY] = [kind, text]


def said(request: HttpRequest) -> tuple[str, str] | None:
    """The kind and the sentence, and forgets them."""
    kept = request.session.pop(_KEY, None)
    return (kept[0], kept[1]) if kept else None
