"""Letting an approved list into the register, whole or not at all: new persons, facts, deaths, their sheets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db import IntegrityError, OperationalError, connection
from psycopg.errors import DeadlockDetected, UniqueViolation

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record, summarised
from songhe.foundation.outbox import publish
from songhe.kernel.errors import Conflict
from songhe.kernel.told import phrase
from songhe.people.events import FactsChanged, PersonDied, PersonRegistered
from songhe.people.grams import grams_of
from songhe.people.identity import identity_columns, phone_columns
from songhe.people.imports.freezing import check_unmoved, parameters, written_query
from songhe.people.imports.loading import fetch, run
from songhe.people.imports.models import Batch, StagedRow
from songhe.people.imports.sealed_rows import opened_row
from songhe.people.imports.sources import ADDRESS, BIRTH, DEATH, IDENTITY, NAME, PHONE, REGION, SEX, list_of
from songhe.people.models import LifeEvent, NameGram, Person, Residence
from songhe.people.operations.entering import facts_of_file
from songhe.people.sheets import make_sheets
from songhe.people.sheets_facts import TOUCHED, make_touched, remake_touched
from songhe.people.terms import LifeEventKind, Place, Source, Standing

Say = Callable[[int, int, str], None]
_AT_ONCE = 2_000
_MANY_SHEETS = 20_000
_ENDED_FILES = (Standing.DEAD, Standing.MERGED)
_MOVED = phrase("刚才有人的记录变了，没有写入，请重新比对")  # between the check and the writing
# A statement over hundreds of thousands of rows sorts and joins in memory; what is compiled for it is never used again.
_ROOM = "SELECT set_config('work_mem', '128MB', true), set_config('jit', 'off', true)"
# What is ended is looked up row by row, in the order in which it lies: a scan would read what the list does not touch.
_ONE_BY_ONE = "SELECT set_config('enable_hashjoin', '{0}', true), set_config('enable_mergejoin', '{0}', true)"
_LOCKED = f"""
SELECT count(*) FROM (
    SELECT FROM people_person WHERE id IN (SELECT c.person {written_query()}) ORDER BY id FOR NO KEY UPDATE
) AS locked"""  # noqa: S608
# Everything that is written, once, in the order in which the register lies on the disk: a division's people together.
_WRITTEN = f"""
CREATE TEMPORARY TABLE imports_written ON COMMIT DROP AS
SELECT p.region_code, g.person, g.fact, g.value, g.from_date, g.replaced
FROM (SELECT c.* {written_query()}) AS g JOIN people_person p ON p.id = g.person AND p.standing <> 'merged'
ORDER BY p.region_code, g.person, g.fact"""  # noqa: S608
_ENDED = f"""
WITH ended AS (
    UPDATE people_circumstance e SET known_until = %(now)s FROM imports_written w
    WHERE e.id = w.replaced AND w.fact <> 'death_date' AND e.known_until IS NULL
    RETURNING e.person_id, e.fact, e.source, e.as_of, e.from_date, e.until_date
)
INSERT INTO {TOUCHED} SELECT * FROM ended"""  # noqa: S608
_FIRST_TOLD = f"""
INSERT INTO {TOUCHED} (person_id, fact)
SELECT person, fact FROM imports_written WHERE replaced IS NULL AND fact <> 'death_date'"""  # noqa: S608
_TOLD = """
INSERT INTO people_circumstance
    (region_code, person_id, fact, value, source, from_date, as_of, known_from, batch, recorded_by)
SELECT region_code, person, fact, value, %(source)s, from_date, %(day)s, %(now)s, %(batch)s, %(by)s
FROM imports_written WHERE fact <> 'death_date'"""


def write(batch: Batch, *, actor: Actor, today: date, now: datetime, say: Say) -> dict[str, int]:
    """Writes all that is included; gives how many were registered, died, and facts told. Stands in a transaction.

    Files are locked first, in the order of their ids, as every deed on a file does it: whoever is at one of them
    finishes before, or waits. Conflict when the register is no longer what the list was compared with.
    """
    with summarised(f"import {batch.pk}"), conflicting():
        make_room()
        say(5, 100, "在登记新的人")
        run(_LOCKED, parameters(batch))
        check_unmoved(batch, list_of(batch.source).department.value)
        fresh = _register(batch, actor, now)
        say(20, 100, "在写事实")
        facts, told = _tell_facts(batch, actor, now)
        say(60, 100, "在写去世")
        dead = _record_deaths(batch, actor, now)
        say(70, 100, "在重做老人的表")
        make_sheets_of([*fresh, *(person.pk for person in dead)], today)
        remake_touched(today=today, facts=told)
    _tell(batch, told, fresh, dead)
    done = {"registered": len(fresh), "facts": facts, "deaths": len(dead)}
    record(actor, action="people.import.apply", subject=batch.pk, region=batch.region_code, detail=done)
    return done


def make_room() -> None:
    """Gives the statements of this transaction the memory that a long list needs."""
    run(_ROOM, {})


@contextmanager
def conflicting() -> Iterator[None]:
    """What the database refuses because somebody else was quicker is a Conflict."""
    try:
        yield
    except (IntegrityError, OperationalError) as error:
        if isinstance(error.__cause__, UniqueViolation | DeadlockDetected):
            raise Conflict(_MOVED) from error
        raise


def changes_of(batch: Batch, columns: str, more: str = "") -> list[tuple[Any, ...]]:
    """These columns (of c, the change, and r, its row) of all changes that would be written."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} {written_query()} {more} ORDER BY c.number, c.fact", parameters(batch))
        return list(cursor.fetchall())


def make_sheets_of(persons: Collection[UUID], today: date) -> None:
    """Makes anew the whole sheets of these persons, piece by piece."""
    ordered = sorted(persons)
    for start in range(0, len(ordered), _MANY_SHEETS):
        make_sheets(today=today, person_ids=ordered[start : start + _MANY_SHEETS])


def _tell_facts(batch: Batch, actor: Actor, now: datetime) -> tuple[int, tuple[str, ...]]:
    """Ends what the source told before and tells the new, set by set; how many facts were told, and which ones.

    Staging took the values from the list's declaration, and `freezing.check_unmoved` has just shown that what is ended
    is what the list was compared with: nothing is left to be checked fact by fact.
    """
    values = parameters(batch, list_of(batch.source).department.value)
    values |= {"now": now, "day": batch.data_until, "by": actor.account_id}
    run("DROP TABLE IF EXISTS pg_temp.imports_written", {})
    run(_WRITTEN, values)
    run("ANALYZE imports_written", {})
    make_touched()
    run(_ONE_BY_ONE.format("off"), {})
    run(_ENDED, values)
    run(_ONE_BY_ONE.format("on"), {})
    run(_FIRST_TOLD, values)
    count = run(_TOLD, values)
    told = fetch("SELECT DISTINCT fact FROM imports_written WHERE fact <> 'death_date'", {}, {"fact": pl.String})
    run("DROP TABLE imports_written", {})
    return count, tuple(sorted(told["fact"]))


def _fresh_rows(batch: Batch) -> Any:
    """Who is new to the register: only their rows keep the index of the number."""
    return StagedRow.objects.filter(batch=batch, included=True, identity_index__isnull=False)


def _register(batch: Batch, actor: Actor, now: datetime) -> list[UUID]:
    """Gives files to those whom the register does not have yet, under the ids that staging chose; who they are."""
    if not list_of(batch.source).registers:
        return []
    rows, found = list(_fresh_rows(batch).order_by("number")), list[UUID]()
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
        found += [person.pk for person in persons]
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
        raise Conflict(_MOVED)
    before = [facts_of_file(person) for person in persons]
    for person in persons:
        person.death_date, person.standing = days[person.pk], Standing.DEAD
        person.version += 1
        person.changed_at = now
    Person.objects.bulk_update(persons, ("death_date", "standing", "version", "changed_at"), batch_size=_AT_ONCE)
    enter_many(batch, persons, LifeEventKind.DIED, actor=actor, now=now, before=before)
    return persons


def _tell(batch: Batch, facts: tuple[str, ...], fresh: Sequence[UUID], dead: Sequence[Person]) -> None:
    if facts:
        publish(FactsChanged(region=batch.region_code, person=None, facts=facts, batch=batch.pk))
    if fresh:
        publish(PersonRegistered(region=batch.region_code, person=None, on_date=batch.data_until))
    publish(
        *(
            PersonDied(region=person.region_code, person=person.pk, on_date=person.death_date)
            for person in dead
            if person.death_date is not None
        ),
    )
