"""What a page asks for: `needs` an action, or `public`. A test walks all urls: a page that says neither fails it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from songhe.foundation.access.actors import words_of
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import has_device
from songhe.ui.words import said

View = Callable[..., Any]
PUBLIC = "public"
SIGNED_IN = "signed in"


def public(view: View) -> View:
    """Marks a page that everybody may open."""
    view.asks = PUBLIC  # type: ignore[attr-defined]
    return view


def needs(*actions: str) -> Callable[[View], View]:
    """A page for who is signed in and may do one of the actions; without actions for everybody signed in.

    Others are sent to sign in, or shown who may.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            account, actor = getattr(request, "account", None), getattr(request, "actor", None)
            if account is None:
                return _to_sign_in(request)
            step = _first_step(account)
            if step and _STEPS.get(view.__name__) not in (step, "sign-out"):
                return HttpResponseRedirect(reverse(step))
            if actor is None and view.__name__ != "sign_out":  # who has no right any more can still leave
                return render(request, "access/no_right.html", status=403)
            if actions and not (actor and any(actor.may(action) for action in actions)):
                return render(request, "access/refused.html", {"words": said(words_of(actions[0]))}, status=403)
            return view(request, *args, **kwargs)  # type: ignore[no-any-return]

        asked.asks = actions or SIGNED_IN  # type: ignore[attr-defined]
        return asked

    return decorate


_STEPS = {"own_password": "own-password", "own_second_factor": "own-second-factor", "sign_out": "sign-out"}


def _first_step(account: Account) -> str:
    """What an account must do before anything else: its own password, then the second factor where it is asked for."""
    if account.must_change_password:
        return "own-password"
    return "own-second-factor" if account.needs_second_factor and not has_device(account) else ""


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = reverse("sign-in")
    if request.method in ("GET", "HEAD") and request.path != "/":
        target += "?" + urlencode({"next": request.get_full_path()})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
