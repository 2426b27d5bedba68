"""Transfers in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from songhe.kernel.days import age_on
from songhe.people.models import Transfer
from songhe.people.terms import Sex, Side, TransferState
from songhe.regions.api import places_of

_KINDS = {
    TransferState.PROPOSED: "running", TransferState.ACCEPTED: "done", TransferState.DECLINED: "no",
    TransferState.WITHDRAWN: "no",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TransferLine:
    """One transfer as its region sees it. `waits` when this side must answer; `own` when it may take it back."""

    id: UUID
    who: str
    person_id: UUID | None
    side: str
    places: str
    reason: str
    state: str
    kind: str
    asked_at: datetime
    asker: str
    answer: str
    waits: bool
    own: bool


def line_of(transfer: Transfer, today: date) -> TransferLine:
    """One transfer."""
    return lines_of([transfer], today)[0]


def lines_of(transfers: Sequence[Transfer], today: date) -> list[TransferLine]:
    """Several, in the same order."""
    places = places_of({code for one in transfers for code in (one.from_region, one.to_region) if code}, today)
    return [_line(one, places, today) for one in transfers]


def _line(transfer: Transfer, places: Mapping[str, str], today: date) -> TransferLine:
    waiting = transfer.state == TransferState.PROPOSED
    mine = transfer.side == transfer.asked_by
    age = _("，{age}岁").format(age=age_on(transfer.birth_date, today)) if transfer.birth_date else ""
    sex = _("，{sex}").format(sex=Sex(transfer.sex).label) if transfer.sex else ""
    visible = transfer.side == Side.GIVING and transfer.state != TransferState.ACCEPTED
    visible |= transfer.side == Side.RECEIVING and transfer.state == TransferState.ACCEPTED
    start = places[transfer.from_region] if transfer.from_region else _("别的区")
    return TransferLine(
        transfer.pk, f"{transfer.name}{sex}{age}" if transfer.name else _("您申请的那一位"),
        transfer.person_id if visible else None, str(Side(transfer.side).label),
        f"{start} → {places[transfer.to_region]}", transfer.reason,
        _("等您答复") if waiting and not mine else str(TransferState(transfer.state).label),
        "due" if waiting and not mine else _KINDS[TransferState(transfer.state)],
        transfer.asked_at, transfer.asker, transfer.answer, waiting and not mine, waiting and mine,
    )  # fmt: skip
