"""Rights: proposed by one person, approved by another, ended by either; the three administrators stay apart."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant, Role
from songhe.foundation.access.permissions import APPROVE, GRANT
from songhe.foundation.access.queries import account_of, grants_of
from songhe.foundation.access.resetting import ADMINISTRATORS
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, NotFound, Refused
from songhe.kernel.regions import significant
from songhe.kernel.told import told

REGION_DIGITS = 12


def propose_grant(
    *,
    actor: Actor,
    account: Account,
    role: Role,
    region: str,
    from_date: date,
    until_date: date | None,
    reason: str,
    now: datetime,
) -> Grant:
    """A right that counts once another person approves it.

    Refused: for oneself; a region outside one's own, or an account with rights outside (NotFound); a role of another
    office than the account's, when one of the two is an administrator's: system, security and audit are three persons.
    """
    actor.require(GRANT)
    _check_not_oneself(actor, account)
    actor.require_region(significant(region))
    account_of(actor, account.pk)
    if until_date is not None and until_date <= from_date:
        raise BadInput("到期日", "不晚于开始日", given=until_date.isoformat(), accepted="开始日以后的一天，或者不填")
    _check_apart(account, role)
    grant = Grant(
        account=account, role=role, region=region.ljust(REGION_DIGITS, "0"), from_date=from_date,
        until_date=until_date, proposed_by_id=actor.account_id, proposed_at=now, reason=reason,
    )  # fmt: skip
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError:
        raise Conflict("这个人在这里已经有这个角色，或者正等批准") from None
    _record(actor, "access.propose_grant", grant)
    return grant


def approve_grant(*, actor: Actor, grant: Grant, now: datetime) -> None:
    """The right counts from the account's next request. Not by who proposed it, nor by who gets it."""
    actor.require(APPROVE)
    grant = _open(actor, grant)
    if grant.approved_at is not None:
        raise Conflict("已经批准过了")
    if actor.account_id == grant.proposed_by_id:
        raise Refused("提出的人不能自己批准，请另一位安全管理员批准")
    _check_not_oneself(actor, grant.account)
    _check_apart(grant.account, grant.role)
    grant.approved_by_id, grant.approved_at = actor.account_id, now
    grant.save(update_fields=["approved_by", "approved_at"])
    _record(actor, "access.approve_grant", grant)


def refuse_grant(*, actor: Actor, grant: Grant, now: datetime) -> None:
    """A proposal that will not count."""
    actor.require(APPROVE)
    grant = _open(actor, grant)
    if grant.approved_at is not None:
        raise Conflict("已经批准过了，要收回请用收回")
    _end(actor, grant, now, "access.refuse_grant")


def end_grant(*, actor: Actor, grant: Grant, now: datetime) -> None:
    """The right is gone from the account's next request on."""
    actor.require(GRANT)
    _end(actor, _open(actor, grant), now, "access.end_grant")


def work_in(*, account: Account, grant: Grant, today: date) -> None:
    """The account works in the region of this right from the next request on. NotFound for what it does not hold."""
    if not grants_of(account, today).filter(pk=grant.pk).exists():
        raise NotFound("这个授权")
    account.working_grant = grant
    account.save(update_fields=["working_grant"])


def _open(actor: Actor, grant: Grant) -> Grant:
    locked = Grant.objects.select_for_update(of=("self",)).select_related("account", "role").get(pk=grant.pk)
    actor.require_region(significant(locked.region))
    if locked.ended_at is not None:
        raise Conflict("这个授权已经收回")
    return locked


def _end(actor: Actor, grant: Grant, now: datetime, action: str) -> None:
    grant.ended_at, grant.ended_by_id = now, actor.account_id
    grant.save(update_fields=["ended_at", "ended_by"])
    _record(actor, action, grant)


def _check_not_oneself(actor: Actor, account: Account) -> None:
    if actor.account_id == account.pk:
        raise Refused("不能给自己授权")


def _check_apart(account: Account, role: Role) -> None:
    held = Grant.objects.filter(account=account, ended_at__isnull=True).exclude(role__office=role.office)
    for other in held.select_related("role"):
        if role.office in ADMINISTRATORS or other.role.office in ADMINISTRATORS:
            raise Refused(told("{one}和{other}不能是同一个人", one=other.role.name, other=role.name))


def _record(actor: Actor, action: str, grant: Grant) -> None:
    detail = {"grant": str(grant.pk), "role": grant.role_id, "region": grant.region}
    record(actor, action=action, subject=grant.account_id, region=grant.region, detail=detail)
