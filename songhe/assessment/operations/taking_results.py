"""Scored rows become results, set by set: what is there already stays, newer ones replace older ones, facts are told.

Results by one scale of one person are ordered by their day: the newest stands. A batch can be taken back: what it
replaced stands again.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import polars as pl
from django.apps import apps
from django.db import connection
from django.db.models import Q

from songhe.assessment import states
from songhe.assessment.events import AssessmentsTaken
from songhe.assessment.figures import figure, least_level
from songhe.assessment.itself import SYSTEM
from songhe.assessment.models import Assessor, Organisation
from songhe.assessment.operations.offering import SOURCE
from songhe.assessment.operations.reading_rows import BODY, DAY, HEADERS, NUMBER, PURPOSE, SCALE, WHO, Errors
from songhe.assessment.operations.reviewing import verification_code
from songhe.assessment.scales.definition import CURRENT, HISTORY, scale_keys, scale_of
from songhe.assessment.terms import ResultSource
from songhe.foundation.access.actors import Actor
from songhe.foundation.audit.recording import summarised
from songhe.foundation.outbox import publish
from songhe.kernel.days import month_day_in
from songhe.people.api import Told, record_facts, withdraw_facts
from songhe.people.events import FactsChanged

_DIGITS = 12
_TYPES = {
    "id": "uuid", "region_code": 'text COLLATE "C"', "person_id": "uuid", "scale": "text", "purpose": "text",
    "source": "text", "parts": "jsonb", "total": "smallint", "level_by_points": "smallint", "level": "smallint",
    "reasons": "jsonb", "organisation_id": "uuid", "organisation_name": "text", "assessors": "uuid[]",
    "assessor_names": "text[]", "assessed_date": "date", "valid_until": "date", "code": "text", "number": "int",
}  # fmt: skip
_TEMPORARY = f"""CREATE TEMPORARY TABLE assessment_taken
({", ".join(f"{name} {kind}" for name, kind in _TYPES.items())}) ON COMMIT DROP"""
_NAMES = [name for name in _TYPES if name != "number"]
_STANDING = f"({', '.join(repr(str(state.value)) for state in states.STANDING)})"
# Known already: the same person, scale, day and purpose came to the same.
_SAME = """
DELETE FROM assessment_taken t USING assessment_result r
WHERE r.person_id = t.person_id AND r.scale = t.scale AND r.assessed_date = t.assessed_date AND r.purpose = t.purpose
  AND r.state <> 'withdrawn' AND r.total IS NOT DISTINCT FROM t.total AND r.level IS NOT DISTINCT FROM t.level"""
_NEWEST = f"""
CREATE TEMPORARY TABLE assessment_newest ON COMMIT DROP AS
SELECT DISTINCT ON (person_id, scale) person_id, scale, id, assessed_date FROM (
  SELECT person_id, scale, id, assessed_date, 1 AS fresh, number FROM assessment_taken
  UNION ALL
  SELECT r.person_id, r.scale, r.id, r.assessed_date, 0, 0 FROM assessment_result r
  JOIN (SELECT DISTINCT person_id, scale FROM assessment_taken) t USING (person_id, scale)
  WHERE r.state IN {_STANDING}
) AS held ORDER BY person_id, scale, assessed_date DESC, fresh DESC, number DESC"""  # noqa: S608
_ADDED = f"""
INSERT INTO assessment_result ({", ".join(_NAMES)}, state, replaced_by_id, confirmed_at, confirmed_by, confirmer, batch)
SELECT {", ".join(f"t.{name}" for name in _NAMES)}, CASE WHEN n.id = t.id THEN 'final' ELSE 'replaced' END,
       CASE WHEN n.id = t.id THEN NULL ELSE n.id END, %(now)s, %(by)s, %(name)s, %(batch)s
FROM assessment_taken t JOIN assessment_newest n USING (person_id, scale)"""  # noqa: S608
_REPLACED = f"""
UPDATE assessment_result r SET state = 'replaced', replaced_by_id = n.id
FROM assessment_newest n JOIN assessment_taken t ON t.id = n.id
WHERE r.person_id = n.person_id AND r.scale = n.scale AND r.id <> n.id AND r.state IN {_STANDING}
  AND r.assessed_date <= n.assessed_date"""  # noqa: S608
_TELLING = """
SELECT t.person_id, t.scale, t.level, t.assessed_date, t.valid_until, t.reasons FROM assessment_taken t
JOIN assessment_newest n ON n.id = t.id WHERE t.level IS NOT NULL AND t.scale = ANY(%s)"""
# What the batch replaced stands again; where another one has replaced the batch's, that one replaces what lay below.
_RESTORED = """
UPDATE assessment_result r SET state = CASE WHEN b.replaced_by_id IS NOT NULL THEN 'replaced'
         WHEN r.objection_until >= %(today)s THEN 'provisional' ELSE 'final' END,
       replaced_by_id = b.replaced_by_id
FROM assessment_result b WHERE b.id = r.replaced_by_id AND b.batch = %(batch)s AND r.batch IS DISTINCT FROM %(batch)s
  AND r.state = 'replaced'"""
_WITHDRAWN = """
UPDATE assessment_result SET state = 'withdrawn', replaced_by_id = NULL
WHERE batch = %(batch)s AND state <> 'withdrawn'"""


def placed(
    frame: pl.DataFrame, keys: dict[str, tuple[UUID, str]], who: str, errors: Errors, column: str
) -> pl.DataFrame:
    """Adds person and region by what names the person.

    Who is not here is an error, and so are a row said twice and a day on which the person did not live.
    """
    known = pl.DataFrame(
        [(key, str(person), region) for key, (person, region) in keys.items()],
        schema={who: pl.String, "person_id": pl.String, "region_code": pl.String}, orient="row",
    )  # fmt: skip
    frame = frame.join(known, on=who, how="left", maintain_order="left")
    for number, key in frame.filter(pl.col("person_id").is_null()).select(NUMBER, who).iter_rows():
        errors.add(number, column, "档案里没有这位老人", "*" * 14 + key[-4:], "本地区在册的老人")
    frame = _alive(frame.filter(pl.col("person_id").is_not_null()), errors)
    once = ["person_id", SCALE, PURPOSE, DAY]
    twice = frame.filter(~pl.struct(once).is_first_distinct())
    for number in twice[NUMBER]:
        errors.add(number, column, "这位老人同一天、同一用途的结果前面写过了", "", "一人一天一行")
    return frame.filter(pl.struct(once).is_first_distinct())


def _alive(frame: pl.DataFrame, errors: Errors) -> pl.DataFrame:
    """The rows on whose day the person lived; the others are errors."""
    if not frame.height:
        return frame
    model: Any = apps.get_model("people", "Person")
    odd = Q(death_date__lt=frame[DAY].max()) | Q(birth_date__gt=frame[DAY].min())
    known = model.objects.filter(odd, pk__in=frame["person_id"].unique().to_list())
    lives = {str(key): (birth, death) for key, birth, death in known.values_list("pk", "birth_date", "death_date")}
    wrong: set[int] = set()
    some = frame.filter(pl.col("person_id").is_in(list(lives)))
    for number, person, day in some.select(NUMBER, "person_id", DAY).iter_rows():
        birth, death = lives[person]
        for holds, words in (
            (death is not None and day > death.isoformat(), "那天这位老人已经去世"),
            (birth is not None and day < birth.isoformat(), "那天这位老人还没有出生"),
        ):
            if holds:
                wrong.add(number)
                errors.add(number, HEADERS[DAY][0], words, day, "老人在世的日子")
    return frame.filter(~pl.col(NUMBER).is_in(list(wrong)))


def take(
    *, actor: Actor, rows: pl.DataFrame, batch: UUID, source: ResultSource, today: date, now: datetime
) -> dict[str, int]:
    """Writes rows that are placed and scored, in this transaction; gives new, same, older and facts."""
    frame = _as_results(rows, source)
    with summarised(f"assessment batch {batch}"), connection.cursor() as cursor:
        _load(cursor, frame)
        cursor.execute(_SAME)
        same = int(cursor.rowcount)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.assessment_newest")
        cursor.execute(_NEWEST)
        cursor.execute("ANALYZE assessment_newest")
        parameters = {"now": now, "by": actor.account_id, "name": actor.name[:40], "batch": batch}
        cursor.execute(_ADDED, parameters)
        new = int(cursor.rowcount)
        cursor.execute(_REPLACED)
        replaced = int(cursor.rowcount)
        cursor.execute(_TELLING, [_telling_scales()])
        told = list(_told(cursor.fetchall()))
        cursor.execute("DROP TABLE assessment_taken")
        facts = 0
        if told:
            system = Actor.system(SYSTEM, "")
            facts = record_facts(actor=system, today=today, now=now, told=told, batch=batch)
    _publish(actor, batch, {one.fact for one in told} if facts else set(), new=new)
    return {"new": new, "same": same, "replaced": replaced, "facts": facts}


def take_batch_back(*, actor: Actor, batch: UUID, today: date, now: datetime) -> dict[str, int]:
    """Withdraws what a batch wrote, in this transaction; what it replaced stands again, and so do the facts."""
    with summarised(f"assessment batch {batch}"), connection.cursor() as cursor:
        cursor.execute(_RESTORED, {"batch": batch, "today": today})
        restored = int(cursor.rowcount)
        cursor.execute(_WITHDRAWN, {"batch": batch})
        withdrawn = int(cursor.rowcount)
        facts = withdraw_facts(actor=Actor.system(SYSTEM, ""), today=today, now=now, batch=batch)
    _publish(actor, batch, {"ability_grade"} if facts else set(), withdrawn=withdrawn)
    return {"withdrawn": withdrawn, "restored": restored, "facts": facts}


def tells_facts(rows: pl.DataFrame) -> bool:
    """Whether any of the rows would tell the register something."""
    return bool(rows.filter(pl.col("level").is_not_null() & pl.col(SCALE).is_in(_telling_scales())).height)


def _telling_scales() -> list[str]:
    return [key for key in scale_keys() if scale_of(key).use == CURRENT]


def _as_results(rows: pl.DataFrame, source: ResultSource) -> pl.DataFrame:
    bodies = {name: row for row in Organisation.objects.all() for name in (row.name, row.code)}
    staff: dict[UUID, dict[str, UUID]] = {}
    for one in Assessor.objects.only("id", "name", "organisation_id"):
        staff.setdefault(one.organisation_id, {})[one.name] = one.pk
    teams = {(body, who): _team(body, who, bodies, staff) for body, who in rows.select(BODY, WHO).unique().rows()}
    lasts = {pair: month_day_in(figure(f"validity.{pair[0]}", region="", day=_figure_day(pair[1])), pair[1])
             for pair in rows.select(PURPOSE, pl.col(DAY).str.to_date()).unique().rows()}  # fmt: skip
    history = [scale_of(key).key for key in rows[SCALE].unique() if scale_of(key).use == HISTORY]
    of = [teams[pair] for pair in rows.select(BODY, WHO).iter_rows()]
    until = [lasts[pair] for pair in rows.select(PURPOSE, pl.col(DAY).str.to_date()).iter_rows()]
    return rows.with_columns(
        id=pl.Series([str(uuid4()) for _ in range(rows.height)]),
        code=pl.Series([verification_code() for _ in range(rows.height)], dtype=pl.String),
        source=pl.when(pl.col(SCALE).is_in(history)).then(pl.lit(str(ResultSource.OLD))).otherwise(pl.lit(str(source))),
        organisation_id=pl.Series([one[0] for one in of], dtype=pl.String),
        organisation_name=pl.Series([one[1] for one in of], dtype=pl.String),
        assessors=pl.Series([one[2] for one in of], dtype=pl.String),
        assessor_names=pl.Series([one[3] for one in of], dtype=pl.String),
        assessed_date=pl.col(DAY), valid_until=pl.Series(until, dtype=pl.Date),
    ).select(list(_TYPES))  # fmt: skip


def _figure_day(day: date) -> date:
    """Old results lie before the first figures: those hold for them too."""
    return max(day, date(2022, 12, 30))


def _team(body: str, who: str, bodies: dict[str, Any], staff: dict[UUID, dict[str, UUID]]) -> tuple[Any, ...]:
    names = [name for name in (part.strip() for part in who.replace("，", "、").replace(",", "、").split("、")) if name]
    known = bodies.get(body)
    ids = [staff.get(known.pk, {}).get(name) for name in names] if known is not None else []
    found = "{" + ",".join(str(one) for one in ids if one is not None) + "}"
    texts = "{" + ",".join(json.dumps(name, ensure_ascii=False) for name in names) + "}"
    return (str(known.pk) if known else None, known.name if known else body, found, texts)


def _load(cursor: Any, frame: pl.DataFrame) -> None:
    """Rows into a temporary table by COPY: row-level security allows COPY into no other kind."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.assessment_taken")
    cursor.execute(_TEMPORARY)
    data = io.BytesIO()
    frame.write_csv(data, include_header=False, null_value="\\N")
    with cursor.copy("COPY assessment_taken FROM STDIN (FORMAT csv, NULL '\\N')") as copy:
        copy.write(data.getbuffer())
    cursor.execute("ANALYZE assessment_taken")


def _told(rows: list[tuple[Any, ...]]) -> Iterator[Told]:
    care, need = least_level("cannot_self_care"), least_level("long_term_care_need")
    for person, _, level, day, until, _ in rows:
        yield Told(person, "ability_grade", SOURCE, str(level), day, day, until)
        yield Told(person, "cannot_self_care", SOURCE, _truth(level >= care), day, day, until)
        yield Told(person, "long_term_care_need", SOURCE, _truth(level >= need), day, day, until)


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _publish(actor: Actor, batch: UUID, facts: set[str], *, new: int = 0, withdrawn: int = 0) -> None:
    region = actor.region.ljust(_DIGITS, "0") if actor.region else ""
    if facts:
        publish(FactsChanged(region=region, person=None, facts=tuple(sorted(facts)), batch=batch))
    if new or withdrawn:
        publish(AssessmentsTaken(region=region, batch=batch, new=new, withdrawn=withdrawn))
