"""Views of the list that somebody set up and named; nobody else sees them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from songhe.foundation.access.models import Account
from songhe.foundation.tasks.models import VIEW_NAME_LENGTH, VIEW_QUERY_LENGTH, SavedView
from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.told import told

MOST_VIEWS = 12


def views_of(account: Account) -> list[SavedView]:
    """The account's views, the oldest first."""
    return list(SavedView.objects.filter(account=account).order_by("created_at", "name"))


def save_view(*, account: Account, name: str, query: str, now: datetime) -> SavedView:
    """Keeps the filters under a name; one of the same name is set up anew. BadInput for no name, or too many views."""
    clean = " ".join(name.split())
    if not 1 <= len(clean) <= VIEW_NAME_LENGTH:
        raise BadInput("视图的名字", told("要1到{most}个字", most=VIEW_NAME_LENGTH))
    others = SavedView.objects.filter(account=account).exclude(name=clean)
    if others.count() >= MOST_VIEWS:
        raise BadInput("视图", told("最多存{most}个", most=MOST_VIEWS), accepted="先删掉不用的")
    view, _ = SavedView.objects.update_or_create(
        account=account, name=clean, defaults={"query": query[:VIEW_QUERY_LENGTH], "created_at": now}
    )
    return view


def drop_view(*, account: Account, view: UUID) -> None:
    """Removes one of the account's views. NotFound for any other."""
    if not SavedView.objects.filter(account=account, pk=view).delete()[0]:
        raise NotFound("这个视图")
