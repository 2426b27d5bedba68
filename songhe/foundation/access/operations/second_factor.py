"""The second factor: a code of an app on the phone, new every thirty seconds (TOTP, RFC 6238)."""

from __future__ import annotations

from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.operations.resets import check_alone
from songhe.foundation.access.permissions import ACCOUNTS
from songhe.foundation.access.queries import account_of, has_device
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput

_NAME = "动态码"


def new_device(*, account: Account) -> TOTPDevice:
    """A device that counts once a code of it was given back; an earlier one that was never confirmed is dropped."""
    TOTPDevice.objects.filter(user=account, confirmed=False).delete()
    device: TOTPDevice = TOTPDevice.objects.create(user=account, name=_NAME, confirmed=False)
    return device


def confirm_device(*, account: Account, code: str, password: str = "", region: str = "") -> None:
    """From now on signing in asks for a code. BadInput when the code does not fit.

    A device that replaces another wants the password as well: a session left open must not be enough.
    """
    if has_device(account) and not account.check_password(password):
        raise BadInput("密码", "不对", accepted="现在用的密码")
    device = TOTPDevice.objects.select_for_update().filter(user=account, confirmed=False).first()
    if device is None or not device.verify_token(code.strip()):
        raise BadInput("动态码", "不对，或者过了时间", accepted="手机上现在显示的6位数字")
    TOTPDevice.objects.filter(user=account, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    actor = Actor(account.pk, account.name, region, frozenset())
    record(actor, action="access.second_factor_on", subject=account.pk, region="", detail={})


def remove_devices(*, actor: Actor, account: Account) -> None:
    """For who lost the phone: signing in asks for the password alone until a new device is confirmed.

    Refused for an administrator's account: see `resets`.
    """
    actor.require(ACCOUNTS)
    account_of(actor, account.pk)
    check_alone(account)
    TOTPDevice.objects.filter(user=account).delete()
    record(actor, action="access.second_factor_off", subject=account.pk, region="", detail={})
