"""An account, its rights, and the table of roles: the work of the security administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from songhe.doors.console.forms import AccountForm, GrantForm, ReasonForm
from songhe.doors.console.screens.account_list import right_of
from songhe.foundation.access import operations
from songhe.foundation.access.actors import declared
from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.models import Account, Office, ResetDeed, Role
from songhe.foundation.access.permissions import ACCOUNTS, APPROVE, GRANT, READ
from songhe.foundation.access.queries import account_of, grant_of, has_device, standing_grants
from songhe.foundation.access.resetting import administers, open_resets, reset_of
from songhe.foundation.access.views import needs
from songhe.kernel.errors import BadInput, SongheError
from songhe.regions.api import names_of
from songhe.ui.words import said, said_error

_FIELDS = {"登录名": "login", "姓名": "name", "到期日": "until_date"}


@needs(ACCOUNTS)
def account_new(request: ActingRequest) -> HttpResponse:
    """Opens an account and shows its first password once."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account, password = operations.open_account(actor=request.actor, now=timezone.now(), **form.cleaned_data)
        except BadInput as error:
            form.add_error(_FIELDS.get(error.where), said(error.problem))
        else:
            return _show_password(request, account, password)
    return render(request, "console/account_new.html", {"form": form}, status=422 if form.is_bound else 200)


@needs(READ)
def account(request: ActingRequest, pk: UUID) -> HttpResponse:
    """One account: who it is, what it may do where, and what can be done with it."""
    return _account_page(request, account_of(request.actor, pk), GrantForm(initial={"from_date": timezone.localdate()}))


def _account_page(request: ActingRequest, one: Account, form: GrantForm) -> HttpResponse:
    grants = list(standing_grants(one))
    names = names_of(grant.region for grant in grants)
    confirm, rights = request.GET.get("confirm", ""), [right_of(grant, names) for grant in grants]
    context = {
        "one": one, "form": form, "has_device": has_device(one),
        "grants": rights,
        "ending": next((right for right in rights if str(right["grant"].pk) == confirm), None),
        "may_change": request.actor.may(ACCOUNTS),
        "may_grant": request.actor.may(GRANT) and one.pk != request.actor.account_id,
        "may_approve": request.actor.may(APPROVE), "mine": request.actor.account_id,
        "confirm": confirm, "by_two": administers(one),
        "resets": open_resets(request.actor, one), "reset_deeds": _reset_deeds(one),
    }  # fmt: skip
    return render(request, "console/account.html", context, status=422 if form.is_bound else 200)


def _reset_deeds(one: Account) -> list[tuple[str, str]]:
    """What can be asked for an administrator's account as it is now."""
    if not one.is_active:
        return [(ResetDeed.REOPEN.value, str(ResetDeed.REOPEN.label))]
    deeds = [ResetDeed.PASSWORD, ResetDeed.SECOND_FACTOR] if has_device(one) else [ResetDeed.PASSWORD]
    return [(deed.value, str(deed.label)) for deed in deeds]


@require_POST
@needs(GRANT)
def grant_new(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Proposes a right for an account."""
    one = account_of(request.actor, pk)
    form = GrantForm(request.POST)
    if form.is_valid():
        try:
            operations.propose_grant(actor=request.actor, account=one, now=timezone.now(), **form.cleaned_data)
        except BadInput as error:
            form.add_error(_FIELDS.get(error.where), said(error.problem))
        except SongheError as error:
            form.add_error(None, said_error(error))
        else:
            messages.success(request, gettext("提出了，等另一位安全管理员批准"))
            return redirect("account", pk)
    return _account_page(request, one, form)


@require_POST
@needs(GRANT, APPROVE)
def grant_decide(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Approves or refuses a proposal, or ends a right."""
    grant = grant_of(request.actor, pk)
    deeds = {"approve": operations.approve_grant, "refuse": operations.refuse_grant, "end": operations.end_grant}
    deed = deeds.get(request.POST.get("deed", ""))
    if deed is None:
        return redirect("account", grant.account_id)
    try:
        deed(actor=request.actor, grant=grant, now=timezone.now())
    except SongheError as error:
        messages.error(request, said_error(error))
    else:
        words = {
            "approve": gettext("批准了，下一次点击就算数"),
            "refuse": gettext("没有批准"),
            "end": gettext("收回了，下一次点击就不算数"),
        }
        messages.success(request, words[request.POST["deed"]])
    return redirect("account", grant.account_id)


@require_POST
@needs(ACCOUNTS)
def account_change(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Closes or reopens an account, gives a new first password, or takes the second factor off."""
    one = account_of(request.actor, pk)
    deed, actor = request.POST.get("deed", ""), request.actor
    try:
        if deed == "close":
            form = ReasonForm(request.POST)
            if not form.is_valid():
                messages.error(request, gettext("停用要写为什么"))
                return redirect(f"{request.path.removesuffix('change/')}?confirm=close")
            operations.close_account(actor=actor, account=one, reason=form.cleaned_data["reason"])
            messages.success(request, gettext("{name}的账号停用了").format(name=one.name))
        elif deed == "reopen":
            return _show_password(request, one, operations.reopen_account(actor=actor, account=one))
        elif deed == "password":
            return _show_password(request, one, operations.reset_password(actor=actor, account=one))
        elif deed == "second-factor":
            operations.remove_devices(actor=actor, account=one)
            messages.success(request, gettext("动态码去掉了，请本人重新绑定"))
    except SongheError as error:
        messages.error(request, said_error(error))
    return redirect("account", pk)


@require_POST
@needs(ACCOUNTS)
def reset_new(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Asks another security administrator for a way into an administrator's account."""
    one = account_of(request.actor, pk)
    deed, reason = request.POST.get("deed", ""), request.POST.get("why", "")
    if deed not in ResetDeed.values:
        return redirect("account", pk)
    try:
        operations.ask_reset(
            actor=request.actor, account=one, deed=ResetDeed(deed), reason=reason, now=timezone.now()
        )  # fmt: skip
    except SongheError as error:
        messages.error(request, said_error(error))
    else:
        messages.success(request, gettext("提出了，等另一位安全管理员批准"))
    return redirect("account", pk)


@require_POST
@needs(ACCOUNTS, APPROVE)
def reset_decide(request: ActingRequest, pk: UUID) -> HttpResponse:
    """Does what was asked for an administrator's account, or refuses it; a new password is shown once."""
    reset, now = reset_of(request.actor, pk), timezone.now()
    try:
        if request.POST.get("deed") == "approve":
            password = operations.approve_reset(actor=request.actor, reset=reset, now=now)
            if password:
                return _show_password(request, reset.account, password)
            messages.success(request, gettext("动态码去掉了，请本人重新绑定"))
        elif request.POST.get("deed") == "refuse":
            operations.refuse_reset(actor=request.actor, reset=reset, now=now)
            messages.success(request, gettext("没有批准"))
    except SongheError as error:
        messages.error(request, said_error(error))
    return redirect("account", reset.account_id)


def _show_password(request: HttpRequest, one: Account, password: str) -> HttpResponse:
    response = render(request, "console/account_password.html", {"one": one, "password": password})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@needs(READ)
def roles(request: ActingRequest) -> HttpResponse:
    """Which role may do what, and how many hold it."""
    counted = (
        Role.objects.order_by("office", "code")
        .prefetch_related("actions")
        .annotate(holders=Count("grants", filter=Q(grants__ended_at__isnull=True, grants__approved_at__isnull=False)))
    )
    columns: list[dict[str, Any]] = [
        {"role": role, "name": said(role.name), "may": {one.action for one in role.actions.all()}} for role in counted
    ]
    rows = [
        {"words": said(words), "action": action, "cells": [action in column["may"] for column in columns]}
        for action, words in sorted(declared().items())
    ]
    offices = [(office.label, sum(column["role"].office == office for column in columns)) for office in Office]
    return render(request, "console/roles.html", {"columns": columns, "rows": rows, "offices": offices})
