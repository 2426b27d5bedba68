"""Many at once from the board: accepting requests, sending teams. What cannot be done is left as it was, and said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from songhe.assessment.operations.asking import accept, the_assessment
from songhe.assessment.operations.assigning import assign
from songhe.assessment.permissions import ACCEPT
from songhe.assessment.terms import AssessmentState
from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import Conflict, SongheError


@dataclass(frozen=True, slots=True)
class Undone:
    """One that could not be done, and why."""

    assessment: UUID
    error: SongheError


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of many."""

    done: Sequence[UUID]
    undone: Sequence[Undone]


def accept_many(*, actor: Actor, assessments: Iterable[UUID], now: datetime) -> Answer:
    """Accepts each that still waits for it."""
    actor.require(ACCEPT)
    return _each(assessments, lambda key: accept(actor=actor, assessment=key, now=now))


def send_many(*, actor: Actor, teams: Mapping[UUID, Sequence[UUID]], now: datetime) -> Answer:
    """Sends each its team, by assessment. What was sent meanwhile stays with whom it was given to."""
    actor.require(ACCEPT)

    def send(key: UUID) -> None:
        if the_assessment(actor, key).state != AssessmentState.ACCEPTED:
            raise Conflict("已经派了，或者不再等派人")
        assign(actor=actor, assessment=key, assessors=teams[key], now=now)

    return _each(teams, send)


def _each(keys: Iterable[UUID], deed: Callable[[UUID], object]) -> Answer:
    done, undone = list[UUID](), list[Undone]()
    for key in dict.fromkeys(keys):
        try:
            with transaction.atomic():
                deed(key)
        except SongheError as error:
            undone.append(Undone(key, error))
        else:
            done.append(key)
    return Answer(done, undone)
