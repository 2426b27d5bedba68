"""The states of a batch and the only ways from one to the next."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from songhe.kernel.errors import Conflict


class BatchState(models.TextChoices):
    """Where a batch stands."""

    UPLOADED = "uploaded", gettext_lazy("等对列")
    MAPPED = "mapped", gettext_lazy("在读文件")
    STAGED = "staged", gettext_lazy("在比对")
    COMPARED = "compared", gettext_lazy("看差异")
    PROPOSED = "proposed", gettext_lazy("等审批")
    APPROVED = "approved", gettext_lazy("在写入")
    APPLIED = "applied", gettext_lazy("已写入")
    UNDONE = "undone", gettext_lazy("已撤回")
    ABANDONED = "abandoned", gettext_lazy("已放弃")
    FAILED = "failed", gettext_lazy("没读成")


_S = BatchState
# From mapped and staged back to uploaded: reading was stopped or broke off. From proposed and approved back to
# compared: the second person sent it back, or the register changed meanwhile.
TRANSITIONS: dict[BatchState, frozenset[BatchState]] = {
    _S.UPLOADED: frozenset({_S.MAPPED, _S.ABANDONED}),
    _S.MAPPED: frozenset({_S.STAGED, _S.UPLOADED, _S.FAILED, _S.ABANDONED}),
    _S.STAGED: frozenset({_S.COMPARED, _S.UPLOADED, _S.FAILED}),
    _S.COMPARED: frozenset({_S.PROPOSED, _S.MAPPED, _S.ABANDONED}),
    _S.PROPOSED: frozenset({_S.APPROVED, _S.COMPARED, _S.ABANDONED}),
    _S.APPROVED: frozenset({_S.APPLIED, _S.COMPARED}),
    _S.APPLIED: frozenset({_S.UNDONE}),
    _S.FAILED: frozenset({_S.MAPPED, _S.ABANDONED}),
    _S.UNDONE: frozenset(),
    _S.ABANDONED: frozenset(),
}
OPEN = tuple(state.value for state in _S if TRANSITIONS[state] and state is not _S.APPLIED)


def check_move(old: str, new: str) -> None:
    """Raises Conflict for a change that is not in the table."""
    if BatchState(new) not in TRANSITIONS[BatchState(old)]:
        raise Conflict(
            _("这批名册现在是“{old}”，不能变成“{new}”").format(old=BatchState(old).label, new=BatchState(new).label)
        )
