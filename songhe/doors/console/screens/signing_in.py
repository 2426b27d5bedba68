"""Signing in: name and password, then a code where the account has a second factor; signing out; where to work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from axes.decorators import axes_dispatch
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_otp import login as verified
from django_otp import match_token

from songhe.doors.console.forms import CodeForm, SignInForm
from songhe.doors.console.languages import other_languages
from songhe.foundation.access.entering import BACKEND
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.models import Account, Grant
from songhe.foundation.access.operations import not_signed_in, signed_in, signed_out, work_in
from songhe.foundation.access.queries import grants_of, has_device
from songhe.foundation.access.views import needs, public
from songhe.kernel.keys import key_read
from songhe.kernel.told import phrase
from songhe.regions.api import place_of
from songhe.ui.words import said

_WAITING, _NEXT, _PATIENCE_SECONDS = "waiting-for-code", "next", 300
_WRONG = phrase("登录名或密码不对")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that the sign-in page of a demonstration lists."""

    login: str
    name: str
    role: str
    place: str
    describes: str


@public
@never_cache
@axes_dispatch  # type: ignore[untyped-decorator]
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for name and password; wrong ones are not told apart."""
    if isinstance(request.user, Account):
        return HttpResponseRedirect(_target(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = authenticate(request, **form.cleaned_data)
        if account is not None:
            return _past_password(request, account)
        not_signed_in(login=form.cleaned_data["login"], today=timezone.localdate(), step="password")
        form.add_error(None, gettext(_WRONG))
    status = 200 if request.method == "GET" else 403
    context = {
        "form": form,
        "next": request.GET.get("next", ""),
        "demo_accounts": _demo_accounts(),
        "settings": settings,
        "languages": other_languages(),
    }
    return render(request, "console/sign_in.html", context, status=status)


def _past_password(request: HttpRequest, account: Account) -> HttpResponse:
    target = request.GET.get("next", "")
    if not has_device(account):
        login(request, account, backend=BACKEND)
        signed_in(account=account, today=timezone.localdate(), second_factor=False)
        return HttpResponseRedirect(_safe(request, target))
    request.session.cycle_key()
    request.session[_WAITING] = [str(account.pk), int(timezone.now().timestamp())]
    request.session[_NEXT] = target
    return redirect("sign-in-code")


@public
@never_cache
@axes_dispatch  # type: ignore[untyped-decorator]
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Asks for the code of the second factor, for five minutes after the password."""
    account = _waiting(request)
    if account is None:
        return redirect("sign-in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = match_token(account, form.cleaned_data["code"].strip())
        if device is not None:
            target = _safe(request, request.session.pop(_NEXT, ""))
            del request.session[_WAITING]
            login(request, account, backend=BACKEND)
            verified(request, device)
            signed_in(account=account, today=timezone.localdate(), second_factor=True)
            return HttpResponseRedirect(target)
        not_signed_in(login=account.login, today=timezone.localdate(), step="code")
        form.add_error("code", gettext("不对，或者过了时间"))
    return render(request, "console/sign_in_code.html", {"form": form}, status=200 if request.method == "GET" else 403)


def _waiting(request: HttpRequest) -> Account | None:
    pk, since = request.session.get(_WAITING) or ("", 0)
    if not pk or since < timezone.now().timestamp() - _PATIENCE_SECONDS:
        return None
    return Account.objects.filter(pk=pk, is_active=True).first()


@require_POST
@needs()
def sign_out(request: ActingRequest) -> HttpResponse:
    """Ends the session."""
    signed_out(account=request.account, today=timezone.localdate())
    logout(request)
    return redirect("sign-in")


@needs()
def working_region(request: ActingRequest) -> HttpResponse:
    """Chooses in which of one's regions one works."""
    today = timezone.localdate()
    if request.method == "POST":
        grant = get_object_or_404(Grant, pk=key_read(request.POST.get("grant", "")))
        work_in(account=request.account, grant=grant, today=today)
        return redirect("home")
    grants = [
        {
            "grant": grant,
            "place": place_of(grant.region, today, below_city=False),
            "current": _is_current(request, grant),
        }
        for grant in grants_of(request.account, today)
    ]
    return render(request, "console/working_region.html", {"grants": grants})


def _is_current(request: ActingRequest, grant: Grant) -> bool:
    chosen = request.account.working_grant_id
    return grant.pk == chosen if chosen else grant == grants_of(request.account, timezone.localdate()).first()


@public
@require_safe
def healthy(request: HttpRequest) -> HttpResponse:
    """Says that the web server and the database answer; for whoever watches."""
    Account.objects.exists()
    return HttpResponse("ok", content_type="text/plain")


def _target(request: HttpRequest) -> str:
    return _safe(request, request.GET.get("next", ""))


def _safe(request: HttpRequest, target: str) -> str:
    """Only addresses of our own, so that a link to the sign-in page cannot lead elsewhere."""
    fits = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target.startswith("/") and fits else "/"


def _demo_accounts() -> list[DemoAccount]:
    """In a demonstration one account a role; else none."""
    if not settings.DEMO:
        return []
    today: date = timezone.localdate()
    grants = Grant.objects.filter(approved_at__isnull=False, ended_at__isnull=True, account__is_active=True)
    first: dict[str, Grant] = {}
    for grant in grants.select_related("account", "role").order_by("proposed_at", "account__login"):
        first.setdefault(grant.role_id, grant)
    return [
        DemoAccount(
            grant.account.login, grant.account.name, said(grant.role.name),
            place_of(grant.region, today), said(grant.role.describes),
        )
        for grant in first.values()
    ]  # fmt: skip
