"""Who saw or changed a file, as the person herself is told: the day, the office, what for. Not who of the staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812

from songhe.foundation.access.models import Account
from songhe.foundation.audit.models import Entry, Kind
from songhe.foundation.audit.queries import Wanted, entries

MOST = 300
_FIELDS = {
    "identity": N_("身份证号"), "phone": N_("电话"), "contact": N_("联系人电话"), "assessment": N_("评估结果"),
    "assessment_form": N_("评估表"), "photo": N_("上门的照片"), "visit": N_("上门要用的资料"),
}  # fmt: skip
_BY = {"self": N_("您自己"), "proxy": N_("您的代办人")}
_LEFT_OUT = ("portal.view", "portal.code")  # each page that she herself opened


@dataclass(frozen=True, slots=True)
class Look:
    """One line: when, which office, what was seen or done, why."""

    at: datetime
    office: str
    what: str
    why: str


def looks_at(person: UUID) -> list[Look]:
    """The latest first, the same thing by the same office on the same day once."""
    kinds = (Kind.DEED, Kind.READING)
    found = entries(Wanted(subject=str(person))).filter(kind__in=kinds).exclude(action__in=_LEFT_OUT)[:MOST]
    rows = list(found)
    units = _units(row.actor for row in rows)
    lines = [_look(row, units) for row in rows]
    together = groupby(lines, key=lambda one: (timezone.localtime(one.at).date(), one.office, one.what, one.why))
    return [next(same) for _key, same in together]


def _look(row: Entry, units: Mapping[UUID, str]) -> Look:
    what, why = _(settings.AUDIT_WORDS["deeds"].get(row.action, row.action)), ""
    if row.kind == Kind.READING:
        fields = _("、").join(_(_FIELDS.get(name, name)) for name in row.detail.get("fields", ()))
        what, why = _("看了完整的{fields}").format(fields=fields), str(row.detail.get("reason", ""))
    return Look(row.at, _office(row, units), what, why)


def _office(row: Entry, units: Mapping[UUID, str]) -> str:
    by: Any = row.detail.get("by")
    if row.action.startswith("portal.") and by in _BY:
        return _(_BY[by])
    if row.actor is None:
        return _("松鹤自己（没有人看）")
    return units.get(row.actor) or _("工作人员")


def _units(accounts: Iterable[UUID | None]) -> dict[UUID, str]:
    keys = {key for key in accounts if key is not None}
    return dict(Account.objects.filter(pk__in=keys).values_list("pk", "unit"))
