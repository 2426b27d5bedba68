"""Transfers in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from songhe.kernel.days import age_on
from songhe.people.models import Transfer
from songhe.people.terms import Sex, Side, TransferState
from songhe.regions.api import place_of

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
    waiting = transfer.state == TransferState.PROPOSED
    mine = transfer.side == transfer.asked_by
    age = f"，{age_on(transfer.birth_date, today)}岁" if transfer.birth_date else ""
    sex = f"，{Sex(transfer.sex).label}" if transfer.sex else ""
    visible = transfer.side == Side.GIVING and transfer.state != TransferState.ACCEPTED
    visible |= transfer.side == Side.RECEIVING and transfer.state == TransferState.ACCEPTED
    start = place_of(transfer.from_region, today) if transfer.from_region else "别的区"
    return TransferLine(
        transfer.pk, f"{transfer.name}{sex}{age}" if transfer.name else "您申请的那一位",
        transfer.person_id if visible else None, Side(transfer.side).label,
        f"{start} → {place_of(transfer.to_region, today)}", transfer.reason,
        "等您答复" if waiting and not mine else TransferState(transfer.state).label,
        "due" if waiting and not mine else _KINDS[TransferState(transfer.state)],
        transfer.asked_at, transfer.asker, transfer.answer, waiting and not mine, waiting and mine,
    )  # fmt: skip


def lines_of(transfers: Iterable[Transfer], today: date) -> list[TransferLine]:
    """Those that wait for this side first."""
    return sorted((line_of(one, today) for one in transfers), key=lambda line: not line.waits)
