"""What every deed on a file does: open the file for its actor, and enter what happened where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.kernel.errors import BadInput, Conflict, NotFound
from songhe.kernel.regions import significant
from songhe.kernel.told import told
from songhe.people.grams import grams_of
from songhe.people.models import LifeEvent, NameGram, Person
from songhe.people.sheets import make_sheets
from songhe.people.terms import LifeEventKind, Source, Standing

WHO = "这位老人"
EARLIEST = date(1850, 1, 1)


def the_person(actor: Actor, person_id: UUID) -> Person:
    """The file, locked until the deed is done. NotFound when it is not there, or not the actor's to see."""
    person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None or not actor.covers(person.region_code):
        raise NotFound(WHO)
    return person


def in_register(person: Person) -> Person:
    """The same, refused with Conflict when the file was merged into another, or its registering was taken back."""
    if person.standing == Standing.MERGED and person.merged_into_id is None:
        raise Conflict("登记它的名册撤回了，这份档案不再用")
    if person.standing == Standing.MERGED:
        raise Conflict("这份档案已经合并到另一份里，请打开那一份")
    return person


def enter(
    actor: Actor,
    person: Person,
    kind: LifeEventKind,
    *,
    on_date: date,
    today: date,
    now: datetime,
    source: str = Source.COMMUNITY,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    undoes: LifeEvent | None = None,
) -> LifeEvent:
    """Saves the file with its new version, writes the life event and the audit entry, and makes the sheet anew."""
    person.version += 1
    person.changed_at = now
    person.save()
    event = LifeEvent.objects.create(
        region_code=person.region_code,
        person=person,
        kind=kind,
        on_date=on_date,
        recorded_at=now,
        recorded_by=actor.account_id,
        recorder=actor.name[:40],
        source=source,
        reason=reason[:200],
        detail=dict(detail or {}),
        undoes=undoes,
    )
    record(
        actor,
        action=f"people.{kind}",
        subject=person.pk,
        region=person.region_code,
        detail={"event": str(event.pk), "on": on_date.isoformat()},
    )
    make_sheets(today=today, person_ids=[person.pk])
    return event


def facts_of_file(person: Person) -> dict[str, Any]:
    """What the file itself tells of the person table, as a life event keeps it: days and codes."""
    return {
        "birth_date": _day(person.birth_date),
        "death_date": _day(person.death_date),
        "sex": person.sex,
        "registered_region": person.registered_region,
        "living_region": person.living_region,
        "standing": str(person.standing),
    }


def index_names(person: Person) -> None:
    """Writes anew by what the person is found; nothing for a merged file."""
    NameGram.objects.filter(person=person).delete()
    if person.standing != Standing.MERGED:
        NameGram.objects.bulk_create(
            NameGram(region_code=person.region_code, gram=gram, person=person)
            for gram in sorted(grams_of(person.name, person.address))
        )


def padded(code: str, where: str) -> str:
    """A division's code of 12 digits. BadInput when it is none; the empty text stays."""
    if not code:
        return ""
    try:
        significant(code)
    except BadInput as error:
        raise BadInput(where, error.problem, given=error.given, accepted=error.accepted) from None
    return code.ljust(12, "0")


def past_day(day: date, today: date, where: str, *, not_before: date | None = None) -> date:
    """A day that has come, and not before another. BadInput else."""
    if day > today:
        raise BadInput(
            where, "还没到这一天", given=day.isoformat(), accepted=told("不晚于{today}", today=today.isoformat())
        )
    if not_before is not None and day < not_before:
        raise BadInput(
            where,
            "太早了",
            given=day.isoformat(),
            accepted=told("不早于{not_before}", not_before=not_before.isoformat()),
        )
    return day


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
