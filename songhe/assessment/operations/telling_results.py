"""Results that another system tells: each is checked by itself, and those that can be used are written at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

import polars as pl
from django.db import transaction

from songhe.assessment.operations.reading_rows import (
    BODY,
    COMA,
    DAY,
    DISORDER,
    EVENTS,
    LEVEL_GIVEN,
    NUMBER,
    PURPOSE,
    SCALE,
    TOTAL_GIVEN,
    WHO,
    Errors,
    checked,
    scored,
)
from songhe.assessment.operations.taking_results import placed, take
from songhe.assessment.permissions import IMPORT
from songhe.assessment.terms import ResultSource
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import record
from songhe.people.api import seen_among

_KEY = "key"


@dataclass(frozen=True, slots=True)
class ToldResult:
    """One result: answers by item, or grades (or points) by domain of an old scale, or only the level."""

    person_id: UUID
    scale: str
    purpose: str
    assessed_date: date
    organisation: str
    assessors: Sequence[str]
    answers: Mapping[str, str] = field(default_factory=dict)
    grades: Mapping[str, int] = field(default_factory=dict)
    coma: bool = False
    disorder: bool = False
    risk_events: int = 0
    total: int | None = None
    level: int | None = None


@transaction.atomic
def take_results(
    *, actor: Actor, today: date, now: datetime, told: Sequence[ToldResult]
) -> tuple[list[tuple[str, str]], int]:
    """Writes those that can be used; gives what is wrong with each (column and words, empty: nothing), how many new.

    A person who is not there, not the actor's to see, or merged is told alike: column "person_id".
    """
    actor.require(IMPORT)
    errors = Errors()
    here = seen_among(actor, {one.person_id for one in told})
    frame = checked(_cells(told), errors, today, by_number=False)
    rows = scored(frame, errors)
    keys = {str(person): (person, region) for person, region in here.items()}
    gone = {place for place, one in enumerate(told) if one.person_id not in here}
    rows = placed(rows.filter(~pl.col(NUMBER).is_in(list(gone))), keys, _KEY, errors, "rows")
    rows = rows.filter(~pl.col(NUMBER).is_in(list(errors.rows)))
    new = 0
    if rows.height:
        batch = uuid4()
        done = take(actor=actor, rows=rows, batch=batch, source=ResultSource.SYSTEM, today=today, now=now)
        new = done["new"]
        for place, number in Counter(rows["region_code"].to_list()).items():
            record(actor, action="assessment.import_apply", subject=batch, region=place, number=number)
    return _problems(len(told), errors, gone), new


def _cells(told: Sequence[ToldResult]) -> pl.DataFrame:
    """The rows as a file would have them, every cell text; numbered from 0."""
    codes = list(dict.fromkeys(code for one in told for code in one.answers))
    domains = list(dict.fromkeys(code for one in told for code in one.grades))
    shape = [NUMBER, _KEY, SCALE, PURPOSE, DAY, BODY, WHO, COMA, DISORDER, EVENTS, TOTAL_GIVEN, LEVEL_GIVEN]
    rows = [
        (
            place, str(one.person_id), one.scale, one.purpose, one.assessed_date.isoformat(), one.organisation,
            "、".join(one.assessors), _text(one.coma), _text(one.disorder), str(one.risk_events),
            "" if one.total is None else str(one.total), "" if one.level is None else str(one.level),
            *(one.answers.get(code, "") for code in codes),
            *("" if code not in one.grades else str(one.grades[code]) for code in domains),
        )
        for place, one in enumerate(told)
    ]  # fmt: skip
    names = [*shape, *codes, *(f"grade.{code}" for code in domains)]
    return pl.DataFrame(rows, schema={name: pl.Int64 if name == NUMBER else pl.String for name in names}, orient="row")


def _problems(count: int, errors: Errors, gone: set[int]) -> list[tuple[str, str]]:
    found = dict.fromkeys(gone, ("person_id", "没有这位老人"))
    for place, column, _, problem, accepted in errors.found:
        words = f"{column}：{problem}" + (f"；能接受：{accepted}" if accepted else "")
        found.setdefault(place, (column, words))
    return [found.get(place, ("", "")) for place in range(count)]


def _text(value: bool) -> str:
    return "是" if value else ""
