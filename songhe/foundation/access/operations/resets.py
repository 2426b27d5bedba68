"""A way into an administrator's account again: asked for by one security administrator, done by another.

Who may give an account a new password can sign in with it. Of accounts that administer, nobody does so alone: one
security administrator would else become another, and with it the second person that every right needs.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant, Reset, ResetDeed, ResetOutcome
from songhe.foundation.access.permissions import ACCOUNTS, APPROVE
from songhe.foundation.access.queries import account_of
from songhe.foundation.access.resetting import administers, reset_of
from songhe.foundation.audit.recording import record
from songhe.foundation.notices import send
from songhe.kernel.errors import BadInput, Conflict, Refused
from songhe.kernel.regions import significant
from songhe.kernel.told import told
from songhe.ui.words import kept

LASTS = timedelta(days=7)
SHORTEST_REASON, LONGEST_REASON = 4, 200
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike on paper
_GROUPS, _GROUP = 3, 4


def ask_reset(*, actor: Actor, account: Account, deed: ResetDeed, reason: str, now: datetime) -> Reset:
    """Asks for what another security administrator then does or refuses; the person and those who may are told.

    Refused for one's own account; Conflict when the same is asked for already, or the account's state does not fit.
    """
    actor.require(ACCOUNTS)
    account_of(actor, account.pk)
    if account.pk == actor.account_id:
        raise Refused("自己的账号要请另一位安全管理员提出")
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise BadInput(
            "为什么",
            told("要写{least}到{most}个字", least=SHORTEST_REASON, most=LONGEST_REASON),
            accepted="批准的人会看到",
        )
    _check_fits(account, deed)
    _forget_old(account, deed, now)
    reset = Reset(account=account, deed=deed, reason=reason, asked_by_id=actor.account_id, asked_at=now)
    try:
        with transaction.atomic():
            reset.save(force_insert=True)
    except IntegrityError:
        raise Conflict("已经有人提出了，正等批准") from None
    _record(actor, "access.ask_reset", reset)
    words = kept(ResetDeed(reset.deed).label)
    send([account], f"有人提出给您的账号{words}", f"{actor.name}提出，要另一位安全管理员批准。不是您要的，马上告诉他们")
    others = {one for one in _approvers(actor) if one not in (actor.account_id, account.pk)}
    send(others, f"等您批准：给{account.name}{words}", reason, reverse("account", args=[account.pk]), now=now)
    return reset


def approve_reset(*, actor: Actor, reset: Reset, now: datetime) -> str:
    """Does what was asked for; gives the new first password, "" when there is none. Both are told.

    Not by who asked, nor by whose account it is. Conflict when it was decided, or asked more than a week ago.
    """
    actor.require(APPROVE)
    reset = _open(actor, reset)
    account = reset.account
    if actor.account_id is None or actor.account_id == reset.asked_by_id:
        raise Refused("提出的人不能自己批准，请另一位安全管理员批准")
    if actor.account_id == account.pk:
        raise Refused("不能批准给自己的账号")
    if now - reset.asked_at > LASTS:
        raise Conflict(told("提出超过{days}天了，请重新提出", days=LASTS.days))
    _check_fits(account, ResetDeed(reset.deed))
    password = _done(account, ResetDeed(reset.deed))
    _decide(actor, reset, ResetOutcome.DONE, now)
    return password


def refuse_reset(*, actor: Actor, reset: Reset, now: datetime) -> None:
    """It is not done; also how who asked takes it back."""
    if actor.account_id is None or actor.account_id != reset.asked_by_id:
        actor.require(APPROVE)
    _decide(actor, _open(actor, reset), ResetOutcome.REFUSED, now)


def check_alone(account: Account) -> None:
    """Refused for the account of an administrator, which nobody resets alone."""
    if administers(account):
        raise Refused("这是管理员的账号：先提出，由另一位安全管理员批准")


def one_time_password(account: Account) -> str:
    """A new first password, to be changed at once; open sessions end. The caller saves `is_active`."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    password = "-".join(groups)
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    return password


def _done(account: Account, deed: ResetDeed) -> str:
    """Whatever is reset, the person first sets a password of their own, and binds a new device."""
    if deed == ResetDeed.SECOND_FACTOR:
        TOTPDevice.objects.filter(user=account).delete()
        account.must_change_password = account.needs_second_factor = True
        account.save(update_fields=["must_change_password", "needs_second_factor"])
        return ""
    if deed == ResetDeed.REOPEN:
        account.is_active = True
        account.save(update_fields=["is_active"])
    return one_time_password(account)


def _check_fits(account: Account, deed: ResetDeed) -> None:
    if account.is_active == (deed == ResetDeed.REOPEN):
        raise Conflict("这个账号没有停用" if account.is_active else "这个账号已经停用")


def _forget_old(account: Account, deed: ResetDeed, now: datetime) -> None:
    old = Reset.objects.filter(account=account, deed=deed, decided_at__isnull=True, asked_at__lt=now - LASTS)
    old.update(decided_at=now, outcome=ResetOutcome.REFUSED)


def _open(actor: Actor, reset: Reset) -> Reset:
    reset_of(actor, reset.pk)
    locked = Reset.objects.select_for_update(of=("self",)).select_related("account").get(pk=reset.pk)
    if locked.decided_at is not None:
        raise Conflict("已经决定过了")
    return locked


def _decide(actor: Actor, reset: Reset, outcome: ResetOutcome, now: datetime) -> None:
    reset.decided_by_id, reset.decided_at, reset.outcome = actor.account_id, now, outcome
    reset.save(update_fields=["decided_by", "decided_at", "outcome"])
    done = outcome == ResetOutcome.DONE
    _record(actor, "access.approve_reset" if done else "access.refuse_reset", reset)
    words = kept(ResetDeed(reset.deed).label)
    asked = {reset.asked_by_id, reset.account_id} - {actor.account_id, None}
    title = f"{words}办好了：{reset.account.name}" if done else f"{words}没有批准：{reset.account.name}"
    send([one for one in asked if one is not None], title, f"{actor.name}决定的", now=now)


def _record(actor: Actor, action: str, reset: Reset) -> None:
    detail = {"reset": str(reset.pk), "deed": reset.deed, "asked_by": reset.asked_by_id, "reason": reset.reason}
    record(actor, action=action, subject=reset.account_id, region="", detail=detail)


def _approvers(actor: Actor) -> set[UUID]:
    grants = Grant.objects.filter(
        approved_at__isnull=False, ended_at__isnull=True, role__actions__action=APPROVE, account__is_active=True
    )
    return {grant.account_id for grant in grants if actor.region.startswith(significant(grant.region))}
