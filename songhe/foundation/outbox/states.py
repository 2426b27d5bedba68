"""The states of a delivery, and which may follow which."""

from __future__ import annotations

from django.db import models

from songhe.kernel.errors import Conflict


class State(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", "待送"
    DONE = "done", "已送"
    FAILED = "failed", "没送到"
    GIVEN_UP = "given_up", "不再送"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.DONE, State.FAILED}),
    State.FAILED: frozenset({State.WAITING, State.GIVEN_UP}),
    State.DONE: frozenset(),
    State.GIVEN_UP: frozenset({State.WAITING}),
}


def check_move(old: str, new: State) -> None:
    """Conflict when a delivery cannot go from one state to the other."""
    if new not in TRANSITIONS[State(old)]:
        raise Conflict(f"这件消息现在是“{State(old).label}”，不能改成“{new.label}”")
