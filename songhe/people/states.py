"""What may become of what: the edges that a transfer can go."""

from __future__ import annotations

from songhe.kernel.errors import Conflict
from songhe.kernel.told import told
from songhe.people.terms import TransferState as State

TRANSFER_TRANSITIONS: dict[State, tuple[State, ...]] = {
    State.PROPOSED: (State.ACCEPTED, State.DECLINED, State.WITHDRAWN),
    State.ACCEPTED: (),
    State.DECLINED: (),
    State.WITHDRAWN: (),
}


def transferred_to(now: str, new: State) -> State:
    """The new state. Conflict when no edge leads there."""
    if new not in TRANSFER_TRANSITIONS[State(now)]:
        raise Conflict(told("这件转区{state}，不能再改", state=State(now).label))
    return new
