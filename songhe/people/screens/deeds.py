"""The deeds on one file as pages: a form, one operation, back to the file with what was done.

A `Deed` says everything a page needs; `page_of` makes the view. The button on the file and the form ask for the same
action.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel.errors import NotFound, SongheError
from songhe.people.forms import DeedForm
from songhe.people.models import Person
from songhe.people.screens.person import frame, open_file
from songhe.people.screens.saying import Said, say


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a deed on a file. `parts` are the other parts of the address: a contact, a fact."""

    request: ActingRequest
    person: Person
    today: date
    now: datetime
    parts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed. `form` makes the form (data or None), `run` does it and says what was done.

    `title`, `button` name the person where it cannot simply be done again; `follows` says what follows from it.
    """

    action: str
    title: Callable[[Person], str]
    button: Callable[[Person], str]
    form: Callable[[Asked, Any], DeedForm]
    run: Callable[[Asked, Any], Said]
    follows: Callable[[Person], Sequence[str]] = field(default=lambda person: ())
    kind: str = "primary"
    template: str = "people/deed.html"
    more: Callable[[Asked, DeedForm], dict[str, Any]] = field(default=lambda asked, form: {})


def page_of(deed: Deed) -> Callable[..., HttpResponse]:
    """The view of a deed."""

    @needs(deed.action)
    @require_http_methods(["GET", "POST"])
    @answered_once
    def page(request: ActingRequest, pk: UUID, **parts: Any) -> HttpResponse:
        asked = Asked(request, open_file(request, pk), timezone.localdate(), timezone.now(), parts)
        form = deed.form(asked, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():  # a deed of several operations leaves nothing when one is refused
                    said = deed.run(asked, form)
            except NotFound as error:
                raise Http404 from error
            except SongheError as error:
                form.refuse(error)
                return _form(asked, deed, form, already=getattr(error, "person_id", None), status=422)
            say(request, said.text, kind=said.kind, undo_url=said.undo_url)
            return redirect("person", pk)
        return _form(asked, deed, form, status=422 if form.is_bound else 200)

    return page


def first(**initial: Any) -> dict[str, Any]:
    """What a form begins with: its own number, so that sending it twice is one deed."""
    return {"once": str(uuid.uuid4()), **initial}


def _form(asked: Asked, deed: Deed, form: DeedForm, *, status: int, already: UUID | None = None) -> HttpResponse:
    context = frame(asked.request, asked.person, "")
    context |= {
        "form": form,
        "deed_title": deed.title(asked.person),
        "deed_button": deed.button(asked.person),
        "deed_kind": deed.kind,
        "follows": deed.follows(asked.person),
        "already": already,
        **deed.more(asked, form),
    }
    return render(asked.request, deed.template, context, status=status)
