"""Reading which accounts nobody resets alone, and what waits for a second person."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account, Grant, Office, Reset
from songhe.foundation.access.queries import accounts_of
from songhe.kernel.errors import NotFound

ADMINISTRATORS = (Office.SYSTEM, Office.SECURITY, Office.AUDIT)


def administers(account: Account) -> bool:
    """Whether the account holds an administrator's role, today, later, or once a proposal is approved."""
    return Grant.objects.filter(account=account, ended_at__isnull=True, role__office__in=ADMINISTRATORS).exists()


def open_resets(actor: Actor, account: Account | None = None) -> QuerySet[Reset]:
    """What waits for a second person, of the accounts the actor looks after or of one of them."""
    found = Reset.objects.filter(decided_at__isnull=True, account__in=accounts_of(actor))
    if account is not None:
        found = found.filter(account=account)
    return found.select_related("account", "asked_by").order_by("asked_at")


def reset_of(actor: Actor, reset_id: UUID) -> Reset:
    """One request about an account the actor looks after. NotFound when it is not there, or elsewhere."""
    found = Reset.objects.filter(pk=reset_id, account__in=accounts_of(actor)).select_related("account").first()
    if found is None:
        raise NotFound("这个申请")
    return found
