"""The list of accounts: found by name, filtered, sorted, page by page, taken along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as N_  # noqa: N812
from django.views.decorators.http import require_POST, require_safe

from songhe.foundation.access.middleware import ActingRequest
from songhe.foundation.access.models import Account, Grant, Role
from songhe.foundation.access.permissions import ACCOUNTS, APPROVE, READ
from songhe.foundation.access.queries import accounts_of, proposals
from songhe.foundation.access.resetting import open_resets
from songhe.foundation.access.views import needs
from songhe.foundation.audit.recording import exported
from songhe.kernel.errors import BadInput
from songhe.kernel.regions import significant
from songhe.regions.api import names_of
from songhe.ui.lists import Sorts, address_of, file_answer, page_at
from songhe.ui.words import said

_PAGE, _MOST_ROWS = 40, 20_000
_HEAD = (N_("姓名"), N_("登录名"), N_("单位"), N_("角色和地方"), N_("上次登录"), N_("状态"), N_("开账号的日子"))
SORTS = Sorts({"login": "login", "name": "name", "unit": "unit", "opened": "created_at"}, usual="login")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty fields narrow nothing. `after` and `before` are keys of accounts."""

    words: str = ""
    role: str = ""
    state: str = ""
    region: str = ""
    sort: str = ""
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> Filters:
        """What an address asks for."""
        asked = {name: given.get(name, "").strip()[:40] for name in cls.__dataclass_fields__}
        return cls(**asked | {"sort": SORTS.read(asked["sort"])})

    def address(self, **changed: str) -> str:
        """The query part of the address."""
        return address_of(self, **changed)


@require_safe
@needs(READ)
def accounts(request: ActingRequest) -> HttpResponse:
    """All accounts with their rights: found by name, filtered by role, region and state."""
    filters = Filters.read(request.GET)
    found = _listed(accounts_of(request.actor), filters)
    page = page_at(found, SORTS.order(filters.sort), after=filters.after, before=filters.before, rows=_PAGE)
    waiting = list(proposals(request.actor))
    names = names_of(grant.region for grant in (*_held(page.rows), *waiting))
    context = {
        "rows": [{"account": account, "rights": _rights(account, names)} for account in page.rows],
        "count": found.count(), "filters": filters, "heads": SORTS.heads(filters),
        "before_url": page.before_url(filters), "after_url": page.after_url(filters),
        "roles": [(role.code, said(role.name)) for role in Role.objects.all()],
        "proposals": [right_of(one, names) for one in waiting],
        "states": [("active", gettext("在用")), ("closed", pgettext("账号", "停用"))],
        "may_open": request.actor.may(ACCOUNTS), "may_approve": request.actor.may(APPROVE),
        "mine": request.actor.account_id, "resets": open_resets(request.actor),
    }  # fmt: skip
    return render(request, "console/accounts.html", context)


@require_POST
@needs(READ)
def accounts_export(request: ActingRequest) -> HttpResponse:
    """The list as a file: who has an account, with which rights where. Nothing that opens one."""
    filters = Filters.read(QueryDict(request.POST.get("within", "")))
    found = list(_listed(accounts_of(request.actor), filters)[:_MOST_ROWS])
    names = names_of(grant.region for grant in _held(found))
    rows = [_cells(account, _rights(account, names)) for account in found]
    kept = {name: value for name, value in asdict(filters).items() if value and name != "words"}
    exported(request.actor, action="access.export", rows=len(rows), detail={"filters": kept})
    return file_answer(gettext("账号"), request.POST.get("kind", ""), [gettext(words) for words in _HEAD], rows)


def _cells(account: Account, rights: list[dict[str, Any]]) -> list[object]:
    held = gettext("，").join(
        f"{right['role']} {right['region']}" + (gettext("（等批准）") if right["waiting"] else "") for right in rights
    )
    return [
        account.name, account.login, account.unit, held, localtime(account.last_login) if account.last_login else None,
        gettext("在用") if account.is_active else pgettext("账号", "停用"), localtime(account.created_at).date(),
    ]  # fmt: skip


def _listed(found: QuerySet[Account], filters: Filters) -> QuerySet[Account]:
    words, standing = filters.words, Q(grants__ended_at__isnull=True)
    if words:
        found = found.filter(Q(login__icontains=words) | Q(name__icontains=words) | Q(unit__icontains=words))
    if filters.role:
        found = found.filter(standing, grants__role=filters.role)
    if region := _digits(filters.region):
        found = found.filter(standing, grants__region__startswith=region)
    if filters.state:
        found = found.filter(is_active=filters.state == "active")
    return found.distinct().prefetch_related("grants__role").order_by(*SORTS.order(filters.sort))


def _digits(region: str) -> str:
    """The telling digits of a division's code, or of the beginning of one; nothing for a text that is none."""
    try:
        return significant(region)
    except BadInput:
        return region if region.isascii() and region.isdigit() else ""


def _held(found: Iterable[Account]) -> Iterator[Grant]:
    return (grant for account in found for grant in account.grants.all())


def _rights(account: Account, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        right_of(grant, names) | {"waiting": grant.approved_at is None}
        for grant in account.grants.all()
        if grant.ended_at is None
    ]


def right_of(grant: Grant, names: dict[str, str]) -> dict[str, Any]:
    """A right in words: the grant, its role, where."""
    return {"grant": grant, "role": said(grant.role.name), "region": names.get(grant.region, grant.region)}
