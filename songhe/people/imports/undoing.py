"""Taking an applied batch back: what it told is withdrawn, what it replaced stands again, both stay in the record.

A file that the batch opened is closed: it stands as merged into nothing, with its events, and can be found no more.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record, summarised
from songhe.foundation.outbox import publish
from songhe.kernel.errors import Refused
from songhe.kernel.told import told
from songhe.people.events import DeathUndone, FactsChanged
from songhe.people.imports.applying import Say, conflicting, enter_many, make_room, make_sheets_of
from songhe.people.imports.loading import run
from songhe.people.imports.models import Batch
from songhe.people.imports.sources import list_of
from songhe.people.models import Circumstance, Contact, LifeEvent, NameGram, Person, Residence, Transfer
from songhe.people.operations.entering import facts_of_file
from songhe.people.operations.telling import withdraw_facts
from songhe.people.terms import LifeEventKind, Standing, TransferState

_AT_ONCE = 2_000
_LOCKED = """
SELECT count(*) FROM (
    SELECT FROM people_person
    WHERE id IN (SELECT person_id FROM people_circumstance WHERE batch = %(batch)s AND known_until IS NULL
                 UNION SELECT unnest(%(persons)s::uuid[]))
    ORDER BY id FOR NO KEY UPDATE
) AS locked"""


def built_upon(batch: Batch) -> int:
    """How many people's later records rest on what the batch wrote."""
    assert batch.applied_at is not None  # noqa: S101
    later = Circumstance.objects.filter(batch=batch.pk, known_until__isnull=False, known_from=batch.applied_at)
    told_since = set(later.values_list("person_id", flat=True))
    return len(told_since | _changed_since(batch))


def _changed_since(batch: Batch) -> set[Any]:
    """Those whom the batch registered or recorded as dead, and to whose file something happened after."""
    events = _events(batch)
    persons = [event.person_id for event in events]
    since = LifeEvent.objects.filter(person__in=persons, recorded_at__gt=batch.applied_at)
    found = set(since.values_list("person_id", flat=True))
    fresh = [event.person_id for event in events if event.kind == LifeEventKind.REGISTERED]
    found |= set(Contact.objects.filter(person__in=fresh).values_list("person_id", flat=True))
    others = Circumstance.objects.filter(person__in=fresh).filter(Q(batch__isnull=True) | ~Q(batch=batch.pk))
    found |= set(others.values_list("person_id", flat=True))
    found |= set(Person.objects.filter(pk__in=fresh, version__gt=1).values_list("pk", flat=True))  # a household too
    leaving = Transfer.objects.filter(person__in=fresh, state=TransferState.PROPOSED)
    return found | set(leaving.values_list("person_id", flat=True))


def _is_all_here(batch: Batch) -> bool:
    """Whether everything the batch wrote lies in its region still; what went elsewhere cannot be seen from here."""
    assert batch.applied_at is not None  # noqa: S101
    applied = batch.counts["applied"]
    events = _events(batch)
    facts = Circumstance.objects.filter(batch=batch.pk, known_from=batch.applied_at).count()
    return (facts, len(events)) == (applied["facts"], applied["registered"] + applied["deaths"])


def check_undoable(batch: Batch) -> None:
    """Refused when later changes rest on the batch (says how many people's), or somebody's file went elsewhere."""
    count = built_upon(batch)
    if count:
        raise Refused(told("写入以后，有{count:,}人的记录又改过，不能整批撤回；请在档案里一个一个改", count=count))
    if not _is_all_here(batch):
        raise Refused("写入以后，有人的档案转到了别的地方，不能整批撤回；请在档案里一个一个改")


def take_back(batch: Batch, *, actor: Actor, today: date, now: datetime, reason: str, say: Say) -> dict[str, int]:
    """Takes back everything the batch wrote; gives the numbers. Stands in a transaction."""
    with summarised(f"import undone {batch.pk}"), conflicting():
        make_room()
        run(_LOCKED, {"batch": batch.pk, "persons": [event.person_id for event in _events(batch)]})
        check_undoable(batch)
        facts_told = _facts(batch)
        say(10, 100, "在撤回事实")
        facts = withdraw_facts(actor=actor, today=today, now=now, batch=batch.pk)
        say(60, 100, "在撤回去世和登记")
        alive = _undo_deaths(batch, actor, now, reason)
        closed = _close_files(batch, actor, now, reason)
        say(80, 100, "在重做老人的表")
        make_sheets_of([person.pk for person in (*alive, *closed)], today)
    _tell(batch, facts_told, alive, closed)
    done = {"facts": facts, "deaths": len(alive), "registered": len(closed)}
    record(actor, action="people.import.undo", subject=batch.pk, region=batch.region_code, detail=done)
    return done


def _events(batch: Batch) -> list[LifeEvent]:
    expected = list_of(batch.source)
    if batch.applied_at is None or not (expected.registers or expected.tells_deaths):
        return []
    kinds = (LifeEventKind.DIED, LifeEventKind.REGISTERED)
    events = LifeEvent.objects.filter(recorded_at=batch.applied_at, kind__in=kinds, detail__batch=str(batch.pk))
    return list(events.order_by("person_id"))


def _undo_deaths(batch: Batch, actor: Actor, now: datetime, reason: str) -> list[Person]:
    died = {event.person_id: event for event in _events(batch) if event.kind == LifeEventKind.DIED}
    persons = list(Person.objects.select_for_update(of=("self",)).filter(pk__in=died).order_by("pk"))
    before = [facts_of_file(person) for person in persons]
    for person in persons:
        person.death_date = None
        person.standing = Standing(died[person.pk].detail["before"]["standing"])
        person.version += 1
        person.changed_at = now
    Person.objects.bulk_update(persons, ("death_date", "standing", "version", "changed_at"), batch_size=_AT_ONCE)
    enter_many(
        batch, persons, LifeEventKind.DEATH_UNDONE,
        actor=actor, now=now, before=before, undoes=[died[person.pk] for person in persons], reason=reason,
    )  # fmt: skip
    return persons


def _close_files(batch: Batch, actor: Actor, now: datetime, reason: str) -> list[Person]:
    opened = {event.person_id: event for event in _events(batch) if event.kind == LifeEventKind.REGISTERED}
    persons = list(Person.objects.select_for_update(of=("self",)).filter(pk__in=opened).order_by("pk"))
    for person in persons:
        person.standing = Standing.MERGED
        person.version += 1
        person.changed_at = now
    Person.objects.bulk_update(persons, ("standing", "version", "changed_at"), batch_size=_AT_ONCE)
    NameGram.objects.filter(person__in=opened).delete()
    Residence.objects.filter(person__in=opened).delete()
    enter_many(
        batch, persons, LifeEventKind.CORRECTED,
        actor=actor, now=now, undoes=[opened[person.pk] for person in persons], reason=reason,
    )  # fmt: skip
    return persons


def _facts(batch: Batch) -> tuple[str, ...]:
    """The facts that the batch told, whatever became of its rows."""
    told = Circumstance.objects.filter(batch=batch.pk, known_until__isnull=True)
    return tuple(sorted(told.order_by().values_list("fact", flat=True).distinct()))


def _tell(batch: Batch, facts: tuple[str, ...], alive: list[Person], closed: list[Person]) -> None:
    if facts or closed:
        publish(FactsChanged(region=batch.region_code, person=None, facts=facts, batch=batch.pk))
    publish(*(DeathUndone(region=person.region_code, person=person.pk, on_date=batch.data_until) for person in alive))
