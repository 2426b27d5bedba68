"""Who may do what to an assessment now: pages ask before they offer it, operations refuse by themselves."""

from __future__ import annotations

from collections.abc import Mapping

from songhe.assessment import permissions as may
from songhe.assessment.models import Assessment
from songhe.assessment.terms import AssessmentState as State
from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import Conflict
from songhe.kernel.told import told

ACCEPT, REFUSE, ASSIGN, CALL_BACK, APPOINT, SEND_BACK, CONFIRM, WITHDRAW, END = (
    "accept", "refuse", "assign", "call-back", "appoint", "send-back", "confirm", "withdraw", "end"
)  # fmt: skip
_BEFORE_HANDING_IN = frozenset({State.ASKED, State.ACCEPTED, State.ASSIGNED, State.APPOINTED})
# deed -> who (any of the actions), and from which states
DEEDS: Mapping[str, tuple[tuple[str, ...], frozenset[State]]] = {
    ACCEPT: ((may.ACCEPT,), frozenset({State.ASKED})),
    ASSIGN: ((may.ACCEPT,), frozenset({State.ACCEPTED, State.ASSIGNED, State.APPOINTED})),
    APPOINT: ((may.ACCEPT, may.ASSESS), frozenset({State.ASSIGNED, State.APPOINTED})),
    CONFIRM: ((may.REVIEW,), frozenset({State.SUBMITTED})),
    SEND_BACK: ((may.REVIEW,), frozenset({State.SUBMITTED})),
    CALL_BACK: ((may.ACCEPT,), frozenset({State.ASSIGNED, State.APPOINTED})),
    REFUSE: ((may.ACCEPT,), frozenset({State.ASKED})),
    WITHDRAW: ((may.ACCEPT, may.ASK), _BEFORE_HANDING_IN),
    END: ((may.ACCEPT, may.ASSESS), _BEFORE_HANDING_IN),
}


def deeds_now(actor: Actor, row: Assessment) -> list[str]:
    """What the actor may do with it as it stands, the next step first."""
    state = State(row.state)
    return [deed for deed, (who, when) in DEEDS.items() if state in when and any(actor.may(one) for one in who)]


def check_now(row: Assessment, deed: str) -> None:
    """Conflict when a locked assessment no longer stands where the deed begins: a page may be stale."""
    if State(row.state) not in DEEDS[deed][1]:
        raise Conflict(told("现在是“{state}”，这一步不能办", state=str(row.get_state_display())))
