"""A new file: the form, and the check of an identity number while it is typed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.views import needs
from songhe.foundation.idempotency.answering import answered_once
from songhe.kernel import identity_numbers
from songhe.kernel.days import age_on
from songhe.kernel.errors import BadInput, SongheError
from songhe.people import forms, permissions
from songhe.people.operations.moving import move_in
from songhe.people.operations.registering import register_person
from songhe.people.queries.searching import find_people, half_width
from songhe.people.screens import places
from songhe.people.screens.deeds import first
from songhe.people.screens.saying import say
from songhe.people.terms import Sex
from songhe.ui import formats
from songhe.ui.words import said as translated


@needs(permissions.WRITE)
@require_http_methods(["GET", "POST"])
@answered_once
def person_new(request: ActingRequest) -> HttpResponse:
    """Gives somebody a file. What was typed stays when something is wrong."""
    today, actor = timezone.localdate(), request.actor
    options = places.communities(actor, today)
    initial = first(living_region=options[0][0] if len(options) == 1 and isinstance(options[0][1], str) else "")
    form = forms.RegisterForm(request.POST if request.method == "POST" else None, communities=options, initial=initial)
    already: UUID | None = None
    if request.method == "POST" and form.is_valid():
        on_date = form.cleaned_data["on_date"]
        try:
            if on_date:
                new = move_in(actor=actor, today=today, now=timezone.now(), on_date=on_date, **form.details())
            else:
                new = register_person(actor=actor, today=today, now=timezone.now(), **form.details())
        except SongheError as error:
            form.refuse(error)
            already = getattr(error, "person_id", None)
        else:
            say(request, _("登记好了"))
            return redirect("person", new.pk)
    context = {"form": form, "already": already}
    return render(request, "people/person_new.html", context, status=422 if form.is_bound else 200)


@needs(permissions.WRITE)
@require_POST
def person_check(request: ActingRequest) -> HttpResponse:
    """What an identity number says, or what is wrong with it, while it is typed; and whether it has a file."""
    number = "".join(half_width(request.POST.get("identity", "")).split())
    return render(request, "people/identity_check.html", _check(request, number) if number else {})


def _check(request: ActingRequest, number: str) -> dict[str, object]:
    if len(number) < identity_numbers.LENGTH:
        return {"short": _("现在{number}位，要{length}位").format(number=len(number), length=identity_numbers.LENGTH)}
    try:
        good = identity_numbers.normalised(number)
    except BadInput as error:
        return {"problem": translated(error.problem)}
    found = find_people(request.actor, good)
    born = identity_numbers.birth_date(good)
    words = _("{sex}，{day}生，{age}岁").format(
        sex=Sex(identity_numbers.sex(good)).label,
        day=formats.exact_day(born),
        age=age_on(born, timezone.localdate()),
    )
    return {"words": words, "only": found.only, "elsewhere": found.elsewhere}
