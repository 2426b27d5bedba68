"""One's own account: password and second factor."""

from __future__ import annotations

import io

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.doors.console.forms import CodeForm, PasswordForm, ReplacingCodeForm
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.operations import change_own_password, confirm_device, new_device
from songhe.foundation.access.queries import devices_of
from songhe.foundation.access.views import needs
from songhe.kernel.errors import BadInput
from songhe.ui.words import said

_FIELDS = {"现在的密码": "old", "新密码": "new"}


@sensitive_post_parameters()
@needs()
def own_password(request: ActingRequest) -> HttpResponse:
    """Changes the password; other sessions of the account end."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        try:
            change_own_password(account=request.account, old=old, new=new, region=request.actor.region)
        except BadInput as error:
            form.add_error(_FIELDS[error.where], said(error.problem))
        else:
            update_session_auth_hash(request, request.account)
            messages.success(request, gettext("密码改好了。别处登录的都退出了"))
            return redirect("home")
    context = {"form": form, "must": request.account.must_change_password}
    return render(request, "console/own_password.html", context, status=_status(request, form.is_bound))


@needs()
def own_second_factor(request: ActingRequest) -> HttpResponse:
    """Shows a new device's picture and takes its first code."""
    replacing = devices_of(request.account).exists()
    form = (ReplacingCodeForm if replacing else CodeForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_device(account=request.account, region=request.actor.region, **form.cleaned_data)
        except BadInput as error:
            form.add_error("password" if error.where == "密码" else "code", said(error.problem))
        else:
            messages.success(request, gettext("动态码开好了，下次登录要用"))
            return redirect("home")
    device = _open_device(request)
    context = {
        "form": form,
        "picture": _picture(device.config_url),
        "secret": _grouped(device),
        "has_device": replacing,
        "must": request.account.needs_second_factor,
    }
    return render(request, "console/own_second_factor.html", context, status=_status(request, form.is_bound))


def _open_device(request: ActingRequest) -> TOTPDevice:
    """The device being set up: kept while its code is asked for again, else a new one."""
    waiting = TOTPDevice.objects.filter(user=request.account, confirmed=False).first()
    return waiting if waiting is not None else new_device(account=request.account)


def _picture(address: str) -> SafeString:
    out = io.BytesIO()
    segno.make(address).save(out, kind="svg", scale=5, border=2, xmldecl=False, svgns=True, dark="#17211d")
    return mark_safe(out.getvalue().decode())  # noqa: S308 - drawn here, from our own text


def _grouped(device: TOTPDevice) -> str:
    import base64

    secret = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _status(request: HttpRequest, bound: bool) -> int:
    return 422 if bound else 200
