"""How far a decided change of divisions is."""

from __future__ import annotations

from django.db import models

from songhe.kernel.errors import Conflict


class AlterationState(models.TextChoices):
    """Waiting for its day, done, not possible on its day, or taken back before it."""

    WAITING = "waiting", "等生效"
    DONE = "done", "已生效"
    FAILED = "failed", "没有生效"
    WITHDRAWN = "withdrawn", "已撤回"


TRANSITIONS: dict[str, frozenset[str]] = {
    AlterationState.WAITING: frozenset({AlterationState.DONE, AlterationState.FAILED, AlterationState.WITHDRAWN}),
    AlterationState.FAILED: frozenset({AlterationState.DONE, AlterationState.WITHDRAWN}),
    AlterationState.DONE: frozenset(),
    AlterationState.WITHDRAWN: frozenset(),
}


def check_move(now: str, then: str) -> None:
    """Conflict for a step the table does not have."""
    if then not in TRANSITIONS[now]:
        raise Conflict(f"这项变更{AlterationState(now).label}，不能再改成{AlterationState(then).label}")
