"""Signing in and out, as auditors see it."""

from __future__ import annotations

from datetime import date
from typing import Any

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.audit.recording import record

_NOBODY = Actor.system("未登录", "")


def signed_in(*, account: Account, today: date, second_factor: bool, at: str = "") -> None:
    """Records that the account signed in, where it works; `at` says at what, when it was no page."""
    detail = {"second_factor": second_factor} | _at(at)
    record(_working(account, today), action="access.sign_in", subject=account.pk, detail=detail)


def signed_out(*, account: Account, today: date) -> None:
    """Records that the account signed out."""
    record(_working(account, today), action="access.sign_out", subject=account.pk)


def not_signed_in(*, login: str, today: date, step: str, at: str = "") -> None:
    """Records a wrong password, or a wrong code after the right one; a name that nobody has leaves nothing."""
    account = Account.objects.filter(login=login).first()
    if account is not None:
        region = _working(account, today).region
        detail = {"step": step} | _at(at)
        record(_NOBODY, action="access.sign_in_failed", subject=account.pk, region=region, detail=detail)


def _at(at: str) -> dict[str, Any]:
    return {"at": at} if at else {}


def _working(account: Account, today: date) -> Actor:
    return actor_of(account, today) or Actor(account.pk, account.name, "", frozenset())
