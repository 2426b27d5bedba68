"""What assessment does when other rooms tell something. Handlers may run twice: a second run finds nothing to do."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from songhe.assessment import kinds, states
from songhe.assessment.itself import itself
from songhe.assessment.models import Assessment, Objection
from songhe.assessment.operations.asking import end
from songhe.assessment.operations.merging import give_back, take_over
from songhe.assessment.operations.moving import move_along
from songhe.assessment.operations.objecting import close_objection
from songhe.assessment.permissions import ACCEPT
from songhe.assessment.terms import ObjectionState
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks import close_about

_DIED = "老人去世了"


def on_person_moved(event: Any) -> None:
    """A file went elsewhere, and with it what is about the person."""
    if event.person is None:
        return
    actor = itself()
    with scoped(actor, "assessment.moved"):
        move_along(actor=actor, person_id=event.person)


def on_person_merged(event: Any) -> None:
    """What is about the merged file stands in the other one."""
    actor = itself(ACCEPT)
    with scoped(actor, "assessment.merged"):
        take_over(actor=actor, survivor=event.person, merged=event.merged, now=timezone.now())


def on_person_unmerged(event: Any) -> None:
    """Both files have again what is theirs."""
    actor = itself(ACCEPT)
    with scoped(actor, "assessment.unmerged"):
        give_back(actor=actor, survivor=event.person, merged=event.merged, now=timezone.now())


def on_person_died(event: Any) -> None:
    """Nobody is sent to somebody who died, nobody is asked whether to, and no objection is left to answer."""
    actor = itself(ACCEPT)
    now = timezone.now()
    with scoped(actor, "assessment.died"):
        open_ones = Assessment.objects.filter(person_id=event.person, state__in=states.OPEN)
        for assessment in open_ones.values_list("pk", flat=True):
            end(actor=actor, assessment=assessment, words=_DIED, now=now)
        for kind in (kinds.RENEW, kinds.CHANGED):
            close_about(actor=actor, kind=kind.code, subject=event.person, outcome="moot", now=now)
        for raised in Objection.objects.filter(result__person_id=event.person, state=ObjectionState.RAISED):
            close_objection(raised, _DIED, now)
