"""Opening, closing and reopening accounts; passwords."""

from __future__ import annotations

import re
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.operations.resets import check_alone, one_time_password
from songhe.foundation.access.permissions import ACCOUNTS
from songhe.foundation.access.queries import account_of
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, Refused
from songhe.kernel.told import phrase

_LOGIN = re.compile(r"[a-z][a-z0-9-]{2,39}")
_LOGIN_ACCEPTED = phrase("3到40位小写字母、数字和短横，字母开头")


def open_account(*, actor: Actor, login: str, name: str, unit: str, now: datetime) -> tuple[Account, str]:
    """A new account without rights, and its first password, which is shown once and must be changed at once.

    Refused with BadInput for a sign-in name of another form or already taken, and for an empty name.
    """
    actor.require(ACCOUNTS)
    if not _LOGIN.fullmatch(login):
        raise BadInput("登录名", "写法不对", given=login[:40], accepted=_LOGIN_ACCEPTED)
    if not name.strip():
        raise BadInput("姓名", "没有填", accepted="真实姓名")
    account = Account(login=login, name=name.strip(), unit=unit.strip(), created_at=now, must_change_password=True)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise BadInput("登录名", "已经有人用了", given=login, accepted="换一个") from None
    password = one_time_password(account)
    record(actor, action="access.open_account", subject=account.pk, region="", detail={})
    return account, password


def close_account(*, actor: Actor, account: Account, reason: str) -> None:
    """Nobody can sign in with it any more; whoever is signed in is out at the next click. Its history stays.

    NotFound here and below for an account with rights in another region.
    """
    actor.require(ACCOUNTS)
    account_of(actor, account.pk)
    if account.pk == actor.account_id:
        raise Refused("不能停用自己的账号")
    if not account.is_active:
        raise Conflict("这个账号已经停用")
    account.is_active = False
    account.save(update_fields=["is_active"])
    record(actor, action="access.close_account", subject=account.pk, region="", detail={"reason": reason})


def reopen_account(*, actor: Actor, account: Account) -> str:
    """The account can be used again, with a new first password that is given back; its rights are as they were.

    Refused for an administrator's: see `resets`.
    """
    actor.require(ACCOUNTS)
    account_of(actor, account.pk)
    if account.is_active:
        raise Conflict("这个账号没有停用")
    check_alone(account)
    account.is_active = True
    account.save(update_fields=["is_active"])
    record(actor, action="access.reopen_account", subject=account.pk, region="", detail={})
    return reset_password(actor=actor, account=account)


def reset_password(*, actor: Actor, account: Account) -> str:
    """A new first password, given back to be told to the person; open sessions end.

    Refused for an administrator's account: see `resets`.
    """
    actor.require(ACCOUNTS)
    account_of(actor, account.pk)
    check_alone(account)
    password = one_time_password(account)
    record(actor, action="access.reset_password", subject=account.pk, region="", detail={})
    return password


def change_own_password(*, account: Account, old: str, new: str, region: str = "") -> None:
    """Refused with BadInput when the old password does not fit or the new one is too easy to guess.

    Auditors of the region where the account works see that it was changed.
    """
    if not account.check_password(old):
        raise BadInput("现在的密码", "不对", accepted="现在用的密码")
    if old == new:
        raise BadInput("新密码", "和现在的一样", accepted="换一个")
    try:
        validate_password(new, account)
    except ValidationError as error:
        raise BadInput("新密码", "".join(error.messages), accepted="10位以上，不全是数字，不像登录名") from None
    account.set_password(new)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    actor = Actor(account.pk, account.name, region, frozenset())
    record(actor, action="access.change_password", subject=account.pk, region="", detail={})
