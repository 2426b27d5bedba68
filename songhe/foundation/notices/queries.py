"""Reading messages: always those of one account."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from songhe.foundation.access.actors import Actor
from songhe.foundation.notices.models import Notice


def unread_count(account: UUID | None) -> int:
    """How many messages the account has not read."""
    return Notice.objects.filter(account_id=account, read_at__isnull=True).count() if account else 0


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """One's own messages, the newest first."""
    return Notice.objects.filter(account_id=actor.account_id).order_by("-created_at", "id")


def notice_of(actor: Actor, notice: UUID) -> Notice | None:
    """One message of one's own."""
    return Notice.objects.filter(account_id=actor.account_id, pk=notice).first()
