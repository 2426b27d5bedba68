"""Reading, keeping and dropping views; a page names itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from songhe.foundation.access.models import Account
from songhe.foundation.database.statements import rows_of
from songhe.foundation.views_kept.models import NAME_LENGTH, QUERY_LENGTH, KeptView
from songhe.kernel.errors import BadInput, NotFound
from songhe.kernel.told import told

MOST_VIEWS = 20
_COLUMNS = ("id", "account_id", "page", "name", "query", "created_at")
_OF_PAGE = f"SELECT {', '.join(_COLUMNS)} FROM kept_view WHERE account_id = %s AND page = %s ORDER BY created_at, name"  # noqa: S608


def views_of(account: Account, page: str) -> list[KeptView]:
    """The account's views of a page, the oldest first."""
    return [KeptView.from_db("default", _COLUMNS, row) for row in rows_of(_OF_PAGE, [account.pk, page])]


def save_view(*, account: Account, page: str, name: str, query: str, now: datetime) -> KeptView:
    """Keeps the filters under a name; one of the same name is set up anew.

    BadInput for no name, a name or filters that are too long, or too many views.
    """
    clean = " ".join(name.split())
    if not 1 <= len(clean) <= NAME_LENGTH:
        raise BadInput("视图的名字", told("要1到{most}个字", most=NAME_LENGTH))
    if len(query) > QUERY_LENGTH:
        raise BadInput("视图", "条件太多，存不下", accepted="先去掉几个条件")
    others = KeptView.objects.filter(account=account, page=page).exclude(name=clean)
    if others.count() >= MOST_VIEWS:
        raise BadInput("视图", told("最多存{most}个", most=MOST_VIEWS), accepted="先删掉不用的")
    view, _ = KeptView.objects.update_or_create(
        account=account, page=page, name=clean, defaults={"query": query, "created_at": now}
    )
    return view


def drop_view(*, account: Account, page: str, view: UUID) -> None:
    """Removes one of the account's views of a page. NotFound for any other."""
    if not KeptView.objects.filter(account=account, page=page, pk=view).delete()[0]:
        raise NotFound("这个视图")
