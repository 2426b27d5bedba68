"""How far a decided change of divisions is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from songhe.kernel.errors import Conflict


class AlterationState(models.TextChoices):
    """Waiting for its day, done, not possible on its day, or taken back before it."""

    WAITING = "waiting", gettext_lazy("等生效")
    DONE = "done", gettext_lazy("已生效")
    FAILED = "failed", gettext_lazy("没有生效")
    WITHDRAWN = "withdrawn", gettext_lazy("已撤回")


TRANSITIONS: dict[str, frozenset[str]] = {
    AlterationState.WAITING: frozenset({AlterationState.DONE, AlterationState.FAILED, AlterationState.WITHDRAWN}),
    AlterationState.FAILED: frozenset({AlterationState.DONE, AlterationState.WITHDRAWN}),
    AlterationState.DONE: frozenset(),
    AlterationState.WITHDRAWN: frozenset(),
}


def check_move(now: str, then: str) -> None:
    """Conflict for a step the table does not have."""
    if then not in TRANSITIONS[now]:
        raise Conflict(
            _("这项变更{old}，不能再改成{new}").format(old=AlterationState(now).label, new=AlterationState(then).label)
        )
