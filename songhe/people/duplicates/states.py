"""What may become of a pair; every decision can be taken back."""

from __future__ import annotations

from songhe.kernel.errors import Conflict
from songhe.kernel.told import told
from songhe.people.duplicates.terms import PairState as State

TRANSITIONS: dict[State, tuple[State, ...]] = {
    State.OPEN: (State.MERGED, State.DIFFERENT, State.LATER),
    State.LATER: (State.MERGED, State.DIFFERENT, State.OPEN),
    State.MERGED: (State.OPEN,),
    State.DIFFERENT: (State.OPEN,),
    State.SETTLED: (),  # opens again by itself when that merge is taken back
}


def decided(now: str, new: State) -> State:
    """The new state. Conflict when no edge leads there."""
    if new not in TRANSITIONS[State(now)]:
        raise Conflict(told("这一对{state}，请先撤回", state=State(now).label))
    return new
