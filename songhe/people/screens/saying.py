"""What was just done, said once on the next page, with the way to take it back.

Never a name or a number: the page it is said on is the person's own.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.http import HttpRequest

_KEY = "people_said"


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence; `undo_url` takes the deed back by POST."""

    text: str
    kind: str = "done"
    undo_url: str = ""


def say(request: HttpRequest, text: str, *, kind: str = "done", undo_url: str = "") -> None:
    """Keeps a sentence for the next page. `kind` is one of the banner's."""
    request.session[_KEY] = asdict(Said(text, kind, undo_url))


def said(request: HttpRequest) -> Said | None:
    """The sentence, and forgets it."""
    kept = request.session.pop(_KEY, None)
    return Said(**kept) if kept else None
