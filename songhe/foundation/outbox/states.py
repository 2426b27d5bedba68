"""The states of a delivery, and which may follow which."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from songhe.kernel.errors import Conflict
from songhe.kernel.told import told


class State(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", _("待送")
    DONE = "done", _("已送")
    FAILED = "failed", _("没送到")
    GIVEN_UP = "given_up", _("不再送")


TRANSITIONS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.DONE, State.FAILED}),
    State.FAILED: frozenset({State.WAITING, State.GIVEN_UP}),
    State.DONE: frozenset(),
    State.GIVEN_UP: frozenset({State.WAITING}),
}


def check_move(old: str, new: State) -> None:
    """Conflict when a delivery cannot go from one state to the other."""
    if new not in TRANSITIONS[State(old)]:
        raise Conflict(told("这件消息现在是“{old}”，不能改成“{new}”", old=State(old).label, new=new.label))
