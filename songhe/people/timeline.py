"""What happened to a person, newest first: events of the file and of those merged into it, and what sources told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from songhe.people.models import Circumstance, LifeEvent, Person
from songhe.people.terms import LifeEventKind, Source
from songhe.people.trust import value_of
from songhe.rules.facts import PERSON_TABLE

_MOST = 500


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline. `event` is there for a life event, `fact` for what a source told.

    `on_date` is the day it speaks of, `at` when the register learnt it. `undone` says that it was taken back.
    """

    at: datetime
    on_date: date
    words: str
    source: str
    person_id: UUID
    recorder: str = ""
    reason: str = ""
    event: LifeEvent | None = None
    fact: str = ""
    undone: bool = False


def timeline(person_id: UUID, *, limit: int = _MOST) -> list[Happening]:
    """The last happenings of a person's file, with those of files merged into it."""
    files = _files(person_id)
    events = (
        LifeEvent.objects.filter(person__in=files).select_related("undone_by").order_by("-recorded_at", "-id")[:limit]
    )
    told = Circumstance.objects.filter(person__in=files).order_by("-known_from", "-id")[:limit]
    lines = [*map(_of_event, events), *map(_of_telling, told)]
    return sorted(lines, key=lambda line: (line.on_date, line.at), reverse=True)[:limit]


def _files(person_id: UUID) -> list[UUID]:
    found, new = [person_id], [person_id]
    while new:
        new = list(Person.objects.filter(merged_into__in=new).values_list("pk", flat=True))
        found += new
    return found


def _of_event(event: LifeEvent) -> Happening:
    return Happening(
        at=event.recorded_at,
        on_date=event.on_date,
        words=str(LifeEventKind(event.kind).label),
        source=str(Source(event.source).label),
        person_id=event.person_id,
        recorder=event.recorder,
        reason=event.reason,
        event=event,
        undone=hasattr(event, "undone_by"),
    )


def _of_telling(telling: Circumstance) -> Happening:
    fact = PERSON_TABLE[telling.fact]
    return Happening(
        at=telling.known_from,
        on_date=telling.as_of,
        words=f"{fact.label}：{fact.say(value_of(telling.fact, telling.value))}",
        source=str(Source(telling.source).label),
        person_id=telling.person_id,
        fact=telling.fact,
    )
