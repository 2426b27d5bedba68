"""Letting an approved list into the register, whole or not at all: new persons, facts, deaths, their sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record, summarised
from songhe.foundation.outbox import publish
from songhe.kernel.errors import Conflict
from songhe.people.events import FactsChanged, PersonDied, PersonRegistered
from songhe.people.grams import grams_of
from songhe.people.identity import identity_columns, phone_columns
from songhe.people.imports.freezing import parameters, written_query
from songhe.people.imports.loading import run
from songhe.people.imports.models import Batch, StagedRow
from songhe.people.imports.sealed_rows import opened_row
from songhe.people.imports.sources import ADDRESS, BIRTH, DEATH, IDENTITY, NAME, PHONE, REGION, SEX, list_of
from songhe.people.models import LifeEvent, NameGram, Person, Residence
from songhe.people.operations.entering import facts_of_file
from songhe.people.queries.summaries import Counts
from songhe.people.sheets import make_sheets
from songhe.people.terms import LifeEventKind, Place, Source, Standing

Say = Callable[[int, int, str], None]
_AT_ONCE = 2_000
_MANY = 20_000
_ENDED_FILES = (Standing.DEAD, Standing.MERGED)
_ENDED = f"""
UPDATE people_circumstance e SET known_until = %(now)s
FROM (SELECT c.replaced {written_query()} AND c.replaced IS NOT NULL) AS g
WHERE e.id = g.replaced AND e.known_until IS NULL"""  # noqa: S608
_TOLD = f"""
INSERT INTO people_circumstance
    (region_code, person_id, fact, value, source, from_date, as_of, known_from, batch, recorded_by)
SELECT p.region_code, g.person, g.fact, g.value, %(source)s, g.from_date, %(day)s, %(now)s, %(batch)s, %(by)s
FROM (SELECT c.person, c.fact, c.value, c.from_date {written_query()} AND c.fact <> 'death_date') AS g
JOIN people_person p ON p.id = g.person AND p.standing <> 'merged'"""  # noqa: S608


def write(batch: Batch, *, actor: Actor, today: date, now: datetime, say: Say) -> dict[str, int]:
    """Writes all that is included; gives how many were registered, died, and facts told. Stands in a transaction."""
    with summarised(f"import {batch.pk}"):
        say(5, 100, "在登记新的人")
        fresh = _register(batch, actor, now)
        say(20, 100, "在写事实")
        facts = _tell_facts(batch, actor, now)
        say(60, 100, "在写去世")
        dead = _record_deaths(batch, actor, now)
        say(70, 100, "在重做老人的表")
        make_sheets_of(batch, today)
    _tell(batch, fresh, dead)
    done = {"registered": len(fresh), "facts": facts, "deaths": len(dead)}
    record(actor, action="people.import.apply", subject=batch.pk, region=batch.region_code, detail=done)
    return done


def changes_of(batch: Batch, columns: str, more: str = "") -> list[tuple[Any, ...]]:
    """These columns (of c, the change, and r, its row) of all changes that would be written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} {written_query()} {more} ORDER BY c.number, c.fact", parameters(batch))
        return list(cursor.fetchall())


def make_sheets_of(batch: Batch, today: date) -> None:
    """Makes anew the sheets of everybody whom the batch is about; of the whole region where that is most of it."""
    persons = {row[0] for row in changes_of(batch, "c.person")}
    persons |= set(_fresh_rows(batch).values_list("person", flat=True))
    whole = Counts.of(batch.region_code).summary.people["total"]
    if len(persons) > _MANY and len(persons) * 2 > whole:
        make_sheets(today=today, region=batch.region_code)
        return
    ordered = sorted(persons)
    for start in range(0, len(ordered), _MANY):
        make_sheets(today=today, person_ids=ordered[start : start + _MANY])


def _tell_facts(batch: Batch, actor: Actor, now: datetime) -> int:
    """Ends what the source told before and tells the new, set by set; how many facts were told.

    Staging took the values from the list's declaration, and `freezing.check_unmoved` has just shown that what is ended
    is what the list was compared with: nothing is left to be checked fact by fact.
    """
    values = parameters(batch, list_of(batch.source).department.value)
    values |= {"now": now, "day": batch.data_until, "by": actor.account_id}
    run(_ENDED, values)
    return run(_TOLD, values)


def _fresh_rows(batch: Batch) -> Any:
    """Who is new to the register: only their rows keep the index of the number."""
    return StagedRow.objects.filter(batch=batch, included=True, identity_index__isnull=False)


def _register(batch: Batch, actor: Actor, now: datetime) -> list[tuple[UUID, str]]:
    """Gives files to those whom the register does not have yet, under the ids that staging chose; who, and where."""
    if not list_of(batch.source).registers:
        return []
    rows, found = list(_fresh_rows(batch).order_by("number")), []
    for start in range(0, len(rows), _AT_ONCE):
        persons = [_person(batch, row, now) for row in rows[start : start + _AT_ONCE]]
        Person.objects.bulk_create(persons)
        NameGram.objects.bulk_create(
            NameGram(region_code=person.region_code, gram=gram, person=person)
            for person in persons
            for gram in sorted(grams_of(person.name, person.address))
        )
        Residence.objects.bulk_create(
            Residence(
                region_code=person.region_code, person=person, place=Place.REGISTERED, area=person.registered_region
            )
            for person in persons
        )
        enter_many(batch, persons, LifeEventKind.REGISTERED, actor=actor, now=now)
        found += [(person.pk, person.region_code) for person in persons]
    return found


def _person(batch: Batch, row: StagedRow, now: datetime) -> Person:
    assert row.sealed is not None and row.person is not None  # noqa: S101
    who = opened_row(batch.pk, row.number, row.sealed)
    region = who.get(REGION, batch.region_code)
    return Person(
        id=row.person, region_code=region, registered_region=region, name=who[NAME], sex=who.get(SEX, ""),
        birth_date=date.fromisoformat(who[BIRTH]) if BIRTH in who else None, address=who.get(ADDRESS, ""),
        created_at=now, changed_at=now, **identity_columns(row.person, who.get(IDENTITY, "")),
        **phone_columns(row.person, who.get(PHONE, "")),
    )  # fmt: skip


def enter_many(
    batch: Batch,
    persons: Sequence[Person],
    kind: LifeEventKind,
    *,
    actor: Actor,
    now: datetime,
    before: Sequence[dict[str, Any]] | None = None,
    undoes: Sequence[LifeEvent] | None = None,
    reason: str = "",
) -> None:
    """Enters the same happening into many files; `before` is what the files told before it."""
    source = list_of(batch.source).department if undoes is None else Source.COMMUNITY
    LifeEvent.objects.bulk_create(
        LifeEvent(
            region_code=person.region_code, person=person, kind=kind, recorded_at=now, recorded_by=actor.account_id,
            recorder=actor.name[:40], source=source, reason=reason[:200],
            on_date=person.death_date if kind == LifeEventKind.DIED and person.death_date else batch.data_until,
            detail={"batch": str(batch.pk), "before": before[place]} if before else {"batch": str(batch.pk)},
            undoes=undoes[place] if undoes else None,
        )
        for place, person in enumerate(persons)
    )  # fmt: skip


def _record_deaths(batch: Batch, actor: Actor, now: datetime) -> list[Person]:
    days = {
        person: date.fromisoformat(value)
        for person, value in changes_of(batch, "c.person, c.value", f"AND c.fact = '{DEATH}'")
    }
    persons = list(Person.objects.select_for_update(of=("self",)).filter(pk__in=days).order_by("pk"))
    if len(persons) != len(days) or any(person.standing in _ENDED_FILES for person in persons):
        raise Conflict("刚才有人的记录变了，没有写入，请重新比对")  # between the check and this lock
    before = [facts_of_file(person) for person in persons]
    for person in persons:
        person.death_date, person.standing = days[person.pk], Standing.DEAD
        person.version += 1
        person.changed_at = now
    Person.objects.bulk_update(persons, ("death_date", "standing", "version", "changed_at"), batch_size=_AT_ONCE)
    enter_many(batch, persons, LifeEventKind.DIED, actor=actor, now=now, before=before)
    return persons


def _tell(batch: Batch, fresh: Sequence[tuple[UUID, str]], dead: Sequence[Person]) -> None:
    facts = tuple(sorted({row[0] for row in changes_of(batch, "c.fact")} - {DEATH}))
    if facts:
        publish(FactsChanged(region=batch.region_code, person=None, facts=facts, batch=batch.pk))
    publish(
        *(PersonRegistered(region=region, person=person, on_date=batch.data_until) for person, region in fresh),
        *(
            PersonDied(region=person.region_code, person=person.pk, on_date=person.death_date)
            for person in dead
            if person.death_date is not None
        ),
    )
