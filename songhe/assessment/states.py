"""The ways of an assessment, a form, a result and an objection, and the only edges of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import TextChoices

from songhe.assessment.terms import AssessmentState, FormState, ObjectionState, ResultState
from songhe.kernel.errors import Conflict
from songhe.kernel.told import told

_R = AssessmentState
ASSESSMENT: Mapping[AssessmentState, frozenset[AssessmentState]] = {
    _R.ASKED: frozenset({_R.ACCEPTED, _R.REFUSED, _R.WITHDRAWN, _R.ENDED}),
    _R.ACCEPTED: frozenset({_R.ASSIGNED, _R.WITHDRAWN, _R.ENDED}),
    _R.ASSIGNED: frozenset({_R.APPOINTED, _R.ACCEPTED, _R.WITHDRAWN, _R.ENDED}),
    _R.APPOINTED: frozenset({_R.SUBMITTED, _R.ASSIGNED, _R.ACCEPTED, _R.WITHDRAWN, _R.ENDED}),
    _R.SUBMITTED: frozenset({_R.CONFIRMED, _R.APPOINTED, _R.ENDED}),
    _R.CONFIRMED: frozenset(),
    _R.REFUSED: frozenset(),
    _R.WITHDRAWN: frozenset(),
    _R.ENDED: frozenset(),
}
OPEN = (_R.ASKED, _R.ACCEPTED, _R.ASSIGNED, _R.APPOINTED, _R.SUBMITTED)
FORM: Mapping[FormState, frozenset[FormState]] = {
    FormState.DRAFT: frozenset({FormState.SUBMITTED, FormState.SUPERSEDED}),
    FormState.SUBMITTED: frozenset({FormState.SUPERSEDED}),
    FormState.SUPERSEDED: frozenset(),
}
RESULT: Mapping[ResultState, frozenset[ResultState]] = {
    ResultState.PROVISIONAL: frozenset({ResultState.FINAL, ResultState.REPLACED, ResultState.WITHDRAWN}),
    ResultState.FINAL: frozenset({ResultState.REPLACED, ResultState.WITHDRAWN}),
    # when what replaced it is withdrawn
    ResultState.REPLACED: frozenset({ResultState.PROVISIONAL, ResultState.FINAL}),
    ResultState.WITHDRAWN: frozenset(),
}
STANDING = (ResultState.PROVISIONAL, ResultState.FINAL)
OBJECTION: Mapping[ObjectionState, frozenset[ObjectionState]] = {
    ObjectionState.RAISED: frozenset({ObjectionState.AGAIN, ObjectionState.REFUSED}),
    ObjectionState.AGAIN: frozenset({ObjectionState.UPHELD, ObjectionState.CHANGED, ObjectionState.RAISED}),
    ObjectionState.UPHELD: frozenset(),
    ObjectionState.CHANGED: frozenset(),
    ObjectionState.REFUSED: frozenset(),
}
_State = TypeVar("_State", bound=TextChoices)


def check_move(table: Mapping[_State, frozenset[_State]], old: str, new: _State) -> None:
    """Raises Conflict for a change that is not in the table."""
    before = type(new)(old)
    if new not in table[before]:
        raise Conflict(told("现在是“{before}”，不能改成“{after}”", before=str(before.label), after=str(new.label)))
