"""The way of a release, and the only edges of it."""

from __future__ import annotations

from songhe.kernel.errors import Conflict
from songhe.policy.terms import ReleaseState as State

TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.PROPOSED, State.DROPPED}),
    State.PROPOSED: frozenset({State.DRAFT, State.APPROVED}),
    State.APPROVED: frozenset({State.DRAFT, State.ISSUED}),
    State.ISSUED: frozenset({State.SUPERSEDED}),
    State.SUPERSEDED: frozenset(),
    State.DROPPED: frozenset(),
}
FROZEN = frozenset({State.PROPOSED, State.APPROVED, State.ISSUED, State.SUPERSEDED})
IN_FORCE = frozenset({State.ISSUED, State.SUPERSEDED})


def check_move(old: str, new: str) -> None:
    """Raises Conflict for a change that is not in the table."""
    if State(new) not in TRANSITIONS[State(old)]:
        raise Conflict(f"这一版{State(old).label}，不能改成{State(new).label}")
