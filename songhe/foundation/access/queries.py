"""Reading rights. Asked anew for every request: a right that was taken away counts from the next one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.entering import account_with_held
from songhe.foundation.access.models import Account, Grant
from songhe.kernel.errors import NotFound
from songhe.kernel.regions import significant


def grants_of(account: Account, today: date) -> QuerySet[Grant]:
    """The grants that count on the day: approved, begun, not ended."""
    return (
        Grant.objects.filter(account=account, approved_at__isnull=False, ended_at__isnull=True, from_date__lte=today)
        .filter(Q(until_date__isnull=True) | Q(until_date__gt=today))
        .select_related("role")
        .order_by("region", "role_id")
    )


def actor_of(account: Account, today: date, session: str = "") -> Actor | None:
    """The account at work: in the working region it chose, else in the first it has; None when it holds no grant.

    All grants that cover the working region count together.
    """
    if not account.is_active:
        return None
    if account.held is None:
        read = account_with_held(account.pk)
        account = account if read is None else read
    grants = [grant for grant in account.held or () if grant.counts_on(today)]
    if not grants:
        return None
    chosen = next((grant for grant in grants if grant.grant == account.working_grant_id), grants[0])
    region = significant(chosen.region)
    actions = frozenset[str]().union(*(one.actions for one in grants if region.startswith(significant(one.region))))
    return Actor(account.pk, account.name, region, actions, session)


def has_device(account: Account) -> bool:
    """Whether signing in asks for a code."""
    return bool(TOTPDevice.objects.filter(user=account, confirmed=True).exists())


def devices_of(account: Account) -> QuerySet[TOTPDevice]:
    """The confirmed devices, newest first."""
    found: QuerySet[TOTPDevice] = TOTPDevice.objects.filter(user=account, confirmed=True).order_by("-pk")
    return found


def standing_grants(account: Account) -> QuerySet[Grant]:
    """All grants that are not ended, proposals included."""
    return (
        Grant.objects.filter(account=account, ended_at__isnull=True)
        .select_related("role", "proposed_by", "approved_by")
        .order_by("region", "role_id")
    )


def proposals(actor: Actor) -> QuerySet[Grant]:
    """What waits for a second person in the actor's region."""
    lo, hi = actor.range
    waiting = Grant.objects.filter(approved_at__isnull=True, ended_at__isnull=True, region__gte=lo, region__lt=hi)
    return waiting.select_related("account", "role", "proposed_by").order_by("proposed_at")


def accounts_of(actor: Actor) -> QuerySet[Account]:
    """The accounts an administrator looks after: whose rights all lie in the actor's region, or that have none.

    Who gives an account a new password can sign in with it, so nobody reaches further than their own region.
    """
    lo, hi = actor.range
    elsewhere = Grant.objects.filter(ended_at__isnull=True).exclude(region__gte=lo, region__lt=hi)
    return Account.objects.filter(~Q(pk__in=elsewhere.values("account")) | Q(pk=actor.account_id))


def account_of(actor: Actor, account_id: UUID) -> Account:
    """One of these accounts. NotFound when it is not there, or another administrator's to look after."""
    found = accounts_of(actor).filter(pk=account_id).first()
    if found is None:
        raise NotFound("这个账号")
    return found


def grant_of(actor: Actor, grant_id: UUID) -> Grant:
    """One grant in the actor's region. NotFound when it is not there, or elsewhere."""
    found = Grant.objects.select_related("account", "role").filter(pk=grant_id).first()
    if found is None or not actor.covers(found.region):
        raise NotFound("这个授权")
    return found
