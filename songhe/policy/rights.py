"""Who may do what with a release now: asked by the operations before they do it, and by pages before they offer it."""

from __future__ import annotations

from collections.abc import Callable

from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import Conflict, Refused, SongheError
from songhe.kernel.regions import significant
from songhe.policy import permissions
from songhe.policy.models import Release, ServiceList
from songhe.policy.queries import open_draft
from songhe.policy.states import check_move
from songhe.policy.terms import ReleaseState as State

_DEEDS = {
    "edit": (permissions.PROPOSE, None),
    "propose": (permissions.PROPOSE, State.PROPOSED),
    "take-back": (permissions.PROPOSE, State.DRAFT),
    "drop": (permissions.PROPOSE, State.DROPPED),
    "refuse": (permissions.APPROVE, State.DRAFT),
    "approve": (permissions.APPROVE, State.APPROVED),
    "issue": (permissions.ISSUE, State.ISSUED),
}
DEEDS = tuple(deed for deed in _DEEDS if deed != "edit")


def check_deed(actor: Actor, release: Release, deed: str) -> None:
    """Raises Refused, NotFound or Conflict when the actor may not do the deed with the release as it stands."""
    action, state = _DEEDS[deed]
    actor.require(action)
    actor.require_region(significant(release.of_list.region))
    words = State(release.state).label
    if deed == "take-back" and release.state != State.PROPOSED:
        raise Conflict(f"这一版{words}，不能撤回")
    if deed in ("edit", "drop") and release.state != State.DRAFT:
        raise Conflict(f"这一版{words}，不能再改")
    if state is not None:
        check_move(release.state, state)
    if deed == "take-back" and release.proposed_by != actor.account_id:
        raise Refused("只有送审批的人能撤回")
    if deed == "approve" and actor.account_id in (None, release.proposed_by, release.drafted_by):
        raise Refused("起草或送审批的人不能审批，要另一个人")


def may(actor: Actor, release: Release, deed: str) -> bool:
    """Whether a page offers the deed."""
    return _passes(lambda: check_deed(actor, release, deed))


def check_begin(actor: Actor, of_list: ServiceList) -> None:
    """Raises when the actor may not begin a draft of the list now."""
    actor.require(permissions.PROPOSE)
    actor.require_region(significant(of_list.region))
    if open_draft(of_list) is not None:
        raise Conflict("这份清单已经有一版在路上，先把它办完或作废")


def may_begin(actor: Actor, of_list: ServiceList) -> bool:
    """Whether a page offers to begin a draft."""
    return _passes(lambda: check_begin(actor, of_list))


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except SongheError:
        return False
    return True
