"""Who works at the command line: an account that signs in as on the page, with password, second factor and lock-out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from songhe.kernel.errors import BadInput, Refused
from songhe.kernel.told import told

if TYPE_CHECKING:
    from songhe.foundation.access.actors import Actor
    from songhe.foundation.access.models import Account

_HERE = "127.0.0.1"
_WRONG = "登录名或密码不对"


def as_option(command: click.decorators.FC) -> click.decorators.FC:
    """The options by which somebody signs in at the command line."""
    for option in reversed((
        click.option("--as", "login", required=True, metavar="登录名", help="谁来办；按他的权限和地区"),
        click.option("--password-stdin", is_flag=True, help="密码从标准输入读一行；不写就在终端里问"),
        click.option("--code", default="", metavar="动态码", help="绑定了动态码的账号要写；不写就在终端里问"),
    )):  # fmt: skip
        command = option(command)
    return command


def signed_in_actor(login: str, *, action: str, password_stdin: bool, code: str) -> Actor:
    """The account at work once it has shown who it is; that it signed in, or did not, stands in the audit.

    Refused for a wrong password or code (which of them is not told apart from an unknown name), too many tries, an
    account that is closed, has to set its own password or bind a device first, holds no right, or not this action.
    """
    from django.utils import timezone

    from songhe.foundation.access.operations import not_signed_in, signed_in
    from songhe.foundation.access.queries import actor_of, has_device
    from songhe.foundation.access.scope import scoped

    today = timezone.localdate()
    account = _past_password(login, _password(password_stdin))
    if account is None:
        with scoped(None, "command line"):
            not_signed_in(login=login, today=today, step="password", at="command line")
        raise Refused(_WRONG)
    device = has_device(account)
    if device and not _code_fits(account, code or _asked_code(password_stdin)):
        with scoped(None, "command line"):
            not_signed_in(login=login, today=today, step="code", at="command line")
        raise Refused("动态码不对，或者过了时间")
    if account.must_change_password or (account.needs_second_factor and not device):
        raise Refused("这个账号要先在网页上改密码、绑定动态码")
    actor = actor_of(account, today)
    if actor is None:
        raise Refused("这个账号现在没有权限")
    actor.require(action)
    with scoped(actor, "command line"):
        signed_in(account=account, today=today, second_factor=device, at="command line")
    return actor


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("密码", hide_input=True, err=True)
    return password


def _asked_code(from_stdin: bool) -> str:
    if from_stdin:
        raise BadInput("--code", "没有写", accepted="手机上现在显示的6位数字")
    code: str = click.prompt("动态码", err=True)
    return code


def _past_password(login: str, password: str) -> Account | None:
    """As the sign-in page does it: wrong ones count, and too many close the way for a while."""
    from django.conf import settings
    from django.contrib.auth import authenticate
    from django.http import HttpRequest

    from songhe.foundation.access.models import Account

    request = HttpRequest()
    request.META = {"REMOTE_ADDR": _HERE}
    found = authenticate(request, login=login, password=password)
    if getattr(request, "axes_locked_out", False):
        minutes = round(settings.AXES_COOLOFF_TIME * 60)
        raise Refused(told("错得太多，{minutes}分钟以后再试", minutes=minutes))
    return found if isinstance(found, Account) else None


def _code_fits(account: Account, code: str) -> bool:
    from django.db import transaction
    from django_otp import match_token

    with transaction.atomic():
        return match_token(account, code.strip()) is not None
