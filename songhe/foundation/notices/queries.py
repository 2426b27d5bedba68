"""Reading messages: always those of one account."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from songhe.foundation.access.actors import Actor
from songhe.foundation.database.statements import rows_of
from songhe.foundation.notices.models import Notice

_UNREAD = "SELECT count(*) FROM notices_notice WHERE account_id = %s AND read_at IS NULL"


def unread_count(account: UUID | None) -> int:
    """How many messages the account has not read."""
    return int(rows_of(_UNREAD, [account])[0][0]) if account else 0


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """One's own messages, the newest first."""
    found = Notice.objects.order_by("-created_at", "id")
    return found.filter(account_id=actor.account_id) if actor.account_id else found.none()


def notice_of(actor: Actor, notice: UUID) -> Notice | None:
    """One message of one's own."""
    return notices_of(actor).filter(pk=notice).first()
