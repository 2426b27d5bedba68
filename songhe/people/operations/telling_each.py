"""Many facts told by another system: each is checked by itself, and what can be used is recorded at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.foundation.outbox import publish
from songhe.kernel.errors import BadInput
from songhe.people.events import FactsChanged
from songhe.people.operations.entering import EARLIEST, past_day
from songhe.people.operations.telling import Told, record_facts
from songhe.people.permissions import WRITE
from songhe.people.queries.keyed import seen_among
from songhe.people.trust import trusted, value_of

_DIGITS = 12


@transaction.atomic
def record_each(*, actor: Actor, today: date, now: datetime, told: Sequence[Told]) -> tuple[list[str], int]:
    """Records those that can be used; gives what is wrong with each ("" when nothing), and how many were new.

    A person who is not there, not the actor's to see, or merged is told alike.
    """
    actor.require(WRITE)
    here = seen_among(actor, {one.person_id for one in told})
    problems = ["没有这位老人" if one.person_id not in here else _problem(one, today) for one in told]
    good = [one for one, problem in zip(told, problems, strict=True) if not problem]
    batch = uuid4()
    new = record_facts(actor=actor, today=today, now=now, told=good, batch=batch) if good else 0
    if new:
        _told_on(actor, good, here, batch)
    return problems, new


def _told_on(actor: Actor, told: Sequence[Told], here: dict[UUID, str], batch: UUID) -> None:
    facts = tuple(sorted({one.fact for one in told}))
    region = actor.region.ljust(_DIGITS, "0") if actor.region else ""
    publish(FactsChanged(region=region, person=None, facts=facts, batch=batch))
    for place, number in Counter(here[one.person_id] for one in told).items():
        detail = {"facts": facts, "batch": batch}
        record(actor, action="people.record_facts", subject=batch, region=place, detail=detail, number=number)


def _problem(one: Told, today: date) -> str:
    try:
        trusted(one.fact, one.source)
        value_of(one.fact, one.value)
        past_day(one.as_of, today, "说的是哪一天", not_before=EARLIEST)
    except BadInput as error:
        return f"{error.where}：{error.problem}"
    if one.from_date is not None and one.until_date is not None and one.until_date <= one.from_date:
        return "到哪一天为止：不晚于开始的那一天"
    return ""
