"""A death is recorded; a wrong one is taken back. Both stay in the file."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox import publish
from songhe.kernel.errors import BadInput, Conflict
from songhe.kernel.lines import said
from songhe.people.events import DeathUndone, PersonDied
from songhe.people.models import LifeEvent, Person
from songhe.people.operations.entering import EARLIEST, enter, facts_of_file, in_register, past_day, the_person
from songhe.people.permissions import LIFE_EVENT, UNDO
from songhe.people.terms import LifeEventKind, Source, Standing

REASON_LENGTH = 200


@transaction.atomic
def record_death(
    *, actor: Actor, today: date, now: datetime, person_id: UUID, on_date: date, source: str, reason: str = ""
) -> LifeEvent:
    """A person died on a day that has come and is not before the birth. Conflict when a death is recorded already."""
    actor.require(LIFE_EVENT)
    person = in_register(the_person(actor, person_id))
    if person.standing == Standing.DEAD:
        raise Conflict("已经登记过去世")
    if source not in Source.values:
        raise BadInput("来源", "没有这个来源", given=source[:20], accepted="、".join(map(str, Source.labels)))
    past_day(on_date, today, "去世日期", not_before=person.birth_date or EARLIEST)
    before = facts_of_file(person)
    person.death_date, person.standing = on_date, Standing.DEAD
    event = enter(
        actor, person, LifeEventKind.DIED,
        on_date=on_date, today=today, now=now, source=source, detail={"before": before},
        reason=said(reason, "说明", REASON_LENGTH, needed=False),
    )  # fmt: skip
    publish(PersonDied(region=person.region_code, person=person.pk, on_date=on_date))
    return event


@transaction.atomic
def undo_death(*, actor: Actor, today: date, now: datetime, person_id: UUID, reason: str) -> LifeEvent:
    """The recorded death was wrong: the person stands as before. Conflict when none is recorded.

    A reason is needed; both events stay.
    """
    actor.require(UNDO)
    person = in_register(the_person(actor, person_id))
    if person.standing != Standing.DEAD:
        raise Conflict("没有登记过去世")
    died = standing_death(person)
    on_date = died.on_date if died else person.death_date or today
    before = facts_of_file(person)
    person.death_date, person.standing = None, _standing_before(person, died)
    event = enter(
        actor, person, LifeEventKind.DEATH_UNDONE,
        on_date=today, today=today, now=now, undoes=died, detail={"before": before},
        reason=said(reason, "撤回的原因", REASON_LENGTH),
    )  # fmt: skip
    publish(DeathUndone(region=person.region_code, person=person.pk, on_date=on_date))
    return event


def _standing_before(person: Person, died: LifeEvent | None) -> Standing:
    """As the event says; of a file that came from elsewhere with its death, by whether the person had moved away."""
    told = died.detail.get("before", {}).get("standing") if died else None
    if told:
        return Standing(told)
    moves = LifeEvent.objects.filter(person=person, kind__in=(LifeEventKind.MOVED_OUT, LifeEventKind.RETURNED))
    last = moves.order_by("-recorded_at", "-id").first()
    return Standing.AWAY if last is not None and last.kind == LifeEventKind.MOVED_OUT else Standing.PRESENT


def standing_death(person: Person) -> LifeEvent | None:
    """The recorded death that nothing has taken back."""
    return (
        LifeEvent.objects.filter(person=person, kind=LifeEventKind.DIED, undone_by=None)
        .order_by("-recorded_at", "-id")
        .first()
    )
