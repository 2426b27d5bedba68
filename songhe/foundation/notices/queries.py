"""Reading messages: always those of one account."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from songhe.foundation.access.actors import Actor
from songhe.foundation.database.statements import rows_of
from songhe.foundation.notices.models import Notice
from songhe.ui.lists import KeyedPage, Sorts, address_of, page_at

PAGE_ROWS = 50
UNREAD, READ = "unread", "read"
SORTS = Sorts({"at": "created_at"}, usual="-at")
_UNREAD = "SELECT count(*) FROM notices_notice WHERE account_id = %s AND read_at IS NULL"


def unread_count(account: UUID | None) -> int:
    """How many messages the account has not read."""
    return int(rows_of(_UNREAD, [account])[0][0]) if account else 0


@dataclass(frozen=True, slots=True)
class Filters:
    """Which messages: "unread", "read", or all of them. `after` and `before` are keys of messages."""

    state: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    def address(self, **changed: str) -> str:
        """The query part of the address."""
        return address_of(self, **changed)


def page_of(actor: Actor, filters: Filters, rows: int = PAGE_ROWS) -> KeyedPage[Notice]:
    """One page of one's own messages, the newest first where nothing else is asked for."""
    found = notices_of(actor)
    if filters.state in (READ, UNREAD):
        found = found.filter(read_at__isnull=filters.state == UNREAD)
    return page_at(found, SORTS.order(filters.sort), after=filters.after, before=filters.before, rows=rows)


def counts_of(actor: Actor) -> dict[str, int]:
    """How many messages one has, by the filter's states."""
    found = notices_of(actor).aggregate(all=Count("pk"), unread=Count("pk", filter=Q(read_at__isnull=True)))
    return {"": found["all"], UNREAD: found["unread"], READ: found["all"] - found["unread"]}


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """One's own messages, the newest first."""
    found = Notice.objects.order_by("-created_at", "id")
    return found.filter(account_id=actor.account_id) if actor.account_id else found.none()


def notice_of(actor: Actor, notice: UUID) -> Notice | None:
    """One message of one's own."""
    return notices_of(actor).filter(pk=notice).first()
