"""Sources tell facts: kept on two time axes, never overwritten. One telling or a hundred thousand go the same way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.kernel.errors import BadInput, NotFound
from songhe.people.events import FactsChanged
from songhe.people.models import Circumstance
from songhe.people.operations.entering import EARLIEST, in_register, past_day, the_person
from songhe.people.permissions import WRITE
from songhe.people.sheets import make_sheets
from songhe.people.sheets_facts import TOUCHED, make_touched, remake_touched
from songhe.people.trust import trusted, value_of

_SAME = "(c.value, c.from_date, c.until_date) IS NOT DISTINCT FROM (t.value, t.from_date, t.until_date)"
# A telling counts when it speaks of a later day than what that source said before, or of the same day differently.
_NEWS = f"c.as_of < t.as_of OR (c.as_of = t.as_of AND NOT ({_SAME}))"
_TEMPORARY = """
CREATE TEMPORARY TABLE people_told (
    person_id uuid, fact text, source text, value text, from_date date, until_date date, as_of date, region_code text
) ON COMMIT DROP"""
_PLACED = """
UPDATE people_told t SET region_code = p.region_code FROM people_person p
WHERE p.id = t.person_id AND p.standing <> 'merged'"""
_KNOWN = f"""
DELETE FROM people_told t USING people_circumstance c
WHERE c.person_id = t.person_id AND c.fact = t.fact AND c.source = t.source AND c.known_until IS NULL
    AND NOT ({_NEWS})"""  # noqa: S608
_CLOSED = """
UPDATE people_circumstance c SET known_until = %(now)s FROM people_told t
WHERE c.person_id = t.person_id AND c.fact = t.fact AND c.source = t.source AND c.known_until IS NULL"""
_ADDED = """
INSERT INTO people_circumstance
    (region_code, person_id, fact, value, source, from_date, until_date, as_of, known_from, batch, recorded_by)
SELECT region_code, person_id, fact, value, source, from_date, until_date, as_of, %(now)s, %(batch)s, %(by)s
FROM people_told"""
_WITHDRAWN = f"""
WITH taken AS (
    UPDATE people_circumstance SET known_until = %(now)s WHERE batch = %(batch)s AND known_until IS NULL
    RETURNING person_id, fact, source, as_of, from_date, until_date, known_from
)
INSERT INTO {TOUCHED} SELECT * FROM taken"""  # noqa: S608
# In the order in which indexes take them.
_RESTORED = f"""
INSERT INTO people_circumstance
    (region_code, person_id, fact, value, source, from_date, until_date, as_of, known_from, batch, recorded_by)
SELECT p.region_code, c.person_id, c.fact, c.value, c.source, c.from_date, c.until_date, c.as_of, %(now)s, c.batch,
       c.recorded_by
FROM {TOUCHED} t
JOIN people_circumstance c ON c.person_id = t.person_id AND c.fact = t.fact AND c.source = t.source
    AND c.known_until = t.since AND c.batch IS DISTINCT FROM %(batch)s
JOIN people_person p ON p.id = c.person_id
ORDER BY c.person_id, c.fact"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of one person as a source tells it; `value` is text as in the person table."""

    person_id: UUID
    fact: str
    source: str
    value: str
    as_of: date
    from_date: date | None = None
    until_date: date | None = None


@transaction.atomic
def record_fact(
    *,
    actor: Actor,
    today: date,
    now: datetime,
    person_id: UUID,
    fact: str,
    value: str,
    source: str,
    as_of: date | None = None,
    from_date: date | None = None,
    until_date: date | None = None,
) -> bool:
    """One source tells one fact; gives whether that is new. The same once more, or of an earlier day, changes nothing.

    BadInput for a value the fact does not take, a source that cannot tell it, or days that do not fit.
    """
    actor.require(WRITE)
    person = in_register(the_person(actor, person_id))
    told = Told(person.pk, fact, source, value, as_of or today, from_date, until_date)
    if not record_facts(actor=actor, today=today, now=now, told=[told]):
        return False
    record(
        actor,
        action="people.record_fact",
        subject=person.pk,
        region=person.region_code,
        detail={"fact": fact, "source": source, "as_of": told.as_of.isoformat()},
    )
    publish(FactsChanged(region=person.region_code, person=person.pk, facts=(fact,)))
    return True


@transaction.atomic
def end_fact(
    *, actor: Actor, today: date, now: datetime, person_id: UUID, fact: str, source: str, until_date: date
) -> None:
    """What a source tells ends on a day (excluded). NotFound when that source tells nothing of it."""
    actor.require(WRITE)
    person = in_register(the_person(actor, person_id))
    current = Circumstance.objects.filter(person=person, fact=fact, source=source, known_until=None).first()
    if current is None:
        raise NotFound("这条事实")
    past_day(until_date, today, "到哪一天为止", not_before=current.from_date)
    record_fact(
        actor=actor, today=today, now=now, person_id=person_id, fact=fact, value=current.value, source=source,
        as_of=max(current.as_of, until_date), from_date=current.from_date, until_date=until_date,
    )  # fmt: skip


def record_facts(
    *, actor: Actor, today: date, now: datetime, told: Iterable[Told], batch: UUID | None = None, sheets: bool = True
) -> int:
    """Many tellings at once, of files in the actor's scope; gives how many were new. The batch's deed is its caller's.

    Each is checked as `record_fact` does. Persons who are not there, or merged, are left out. Stands in a transaction.
    """
    rows = _rows(told, today)
    parameters = {"now": now, "batch": batch, "by": actor.account_id}
    with connection.cursor() as cursor:
        cursor.execute(_TEMPORARY)
        with cursor.copy("COPY people_told FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_PLACED)
        cursor.execute("DELETE FROM people_told WHERE region_code IS NULL")
        cursor.execute("ANALYZE people_told")
        cursor.execute(_KNOWN)
        cursor.execute(_CLOSED, parameters)
        cursor.execute(_ADDED, parameters)
        added = int(cursor.rowcount)
        cursor.execute("SELECT DISTINCT person_id FROM people_told")
        persons = [row[0] for row in cursor.fetchall()]
        cursor.execute("DROP TABLE people_told")
    if persons and sheets:
        make_sheets(today=today, person_ids=persons)
    return added


def withdraw_facts(*, actor: Actor, today: date, now: datetime, batch: UUID) -> int:
    """Takes back what a batch told and still stands, and lets stand again what it replaced; gives how many.

    What a source told after the batch stays. Stands in a transaction; the deed is its caller's.
    """
    make_touched()
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAWN, {"now": now, "batch": batch})
        count = int(cursor.rowcount)
        cursor.execute(f"ANALYZE {TOUCHED}")
        cursor.execute(_RESTORED, {"now": now, "batch": batch})
        cursor.execute(f"SELECT DISTINCT fact FROM {TOUCHED}")  # noqa: S608
        facts = [row[0] for row in cursor.fetchall()]
    remake_touched(today=today, facts=facts)
    return count


def _rows(told: Iterable[Told], today: date) -> Iterable[tuple[Any, ...]]:
    newest: dict[tuple[UUID, str, str], Told] = {}
    for one in told:
        key = (one.person_id, one.fact, one.source)
        if key not in newest or newest[key].as_of <= one.as_of:
            newest[key] = one
    return [_row(one, today) for one in newest.values()]


def _row(told: Told, today: date) -> tuple[Any, ...]:
    trusted(told.fact, told.source)
    value_of(told.fact, told.value)
    past_day(told.as_of, today, "说的是哪一天", not_before=EARLIEST)
    if told.from_date is not None and told.until_date is not None and told.until_date <= told.from_date:
        raise BadInput("到哪一天为止", "不晚于开始的那一天", given=told.until_date.isoformat())
    days = (told.from_date, told.until_date, told.as_of)
    return (told.person_id, told.fact, told.source, told.value, *days, None)
