"""Files: walked through by key, found by the whole number, always masked; and what sources tell of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Router

from songhe.doors.api import schemas
from songhe.doors.api.gate import CallRequest
from songhe.doors.api.problems import NOT_HERE, problem_body
from songhe.doors.api.reading import read
from songhe.foundation.access.actors import Actor
from songhe.kernel.errors import NotFound, Refused
from songhe.kernel.told import phrase
from songhe.people.api import (
    KnownFact,
    Told,
    facts_of,
    people_after,
    person_by_number,
    person_of,
    record_each,
    record_fact,
)  # fmt: skip
from songhe.people.terms import Standing

READ, WRITE = "people.read", "people.write"
_MASKED = ("name", "sex", "birth_year", "standing", "identity_tail", "phone_tail")
_ROW_FIELDS = {"说的是哪一天": "as_of", "到哪一天为止": "until_date"}
_HIDDEN = {"identity_number": 14, "phone": 7}  # stars before the last four

router = Router(tags=[phrase("老人")])
facts_router = Router(tags=[phrase("事实")])


@router.get("/people", response=schemas.People, url_name="people", summary=phrase("按编号一页一页取老人"))
def people(
    request: CallRequest,
    region: schemas.RegionCode | None = None,
    after: UUID | None = None,
    limit: schemas.Rows = schemas.USUAL,
) -> dict[str, Any]:
    """The files of the system's region, or of a part of it, in the order of community and key."""
    request.actor.require(READ)
    found = people_after(request.actor, after, limit + 1, region or "")
    rows = found[:limit]
    read(request, _MASKED, rows=len(rows))
    return {"rows": [_masked(one) for one in rows], "after": str(rows[-1].pk) if len(found) > limit else ""}


@router.post("/people/search", response=schemas.Found, url_name="people-search", summary=phrase("按身份证号找一位老人"))
def search(request: CallRequest, body: schemas.Search) -> dict[str, Any]:
    """Nobody or one: who has the number elsewhere is not told."""
    request.actor.require(READ)
    found = person_by_number(request.actor, body.identity_number.upper())
    if found is None:
        read(request, ("identity_number",), rows=0)
        return {"rows": []}
    read(request, _MASKED, subject=found.pk, region=found.region_code)
    return {"rows": [_masked(found)]}


@router.get("/people/{person_id}", response=schemas.Person, url_name="person", summary=phrase("一位老人"))
def person(request: CallRequest, person_id: UUID) -> dict[str, Any]:
    """One file, masked."""
    found = seen(request, person_id, _MASKED)
    return _masked(found)


@facts_router.get(
    "/people/{person_id}/facts", response=schemas.Facts, url_name="facts", summary=phrase("一位老人的事实")
)
def facts(request: CallRequest, person_id: UUID) -> dict[str, Any]:
    """What the register knows of each fact, from whom and of which day."""
    found = seen(request, person_id, ("facts",))
    return {"rows": _facts(found)}


@facts_router.post(
    "/facts/read", response=schemas.FactsOfMany, url_name="facts-read", summary=phrase("很多位老人的事实，一次取")
)
def facts_of_many(request: CallRequest, body: schemas.PersonsIn) -> dict[str, Any]:
    """Of each person by herself: who is not there, or not to be seen, is named, the others are given."""
    return {"rows": of_each(request, body.person_ids, ("facts",), "facts", _facts)}


@facts_router.post(
    "/people/{person_id}/facts", response=schemas.Recorded, url_name="facts", summary=phrase("登记一条事实")
)
def fact(request: CallRequest, person_id: UUID, body: schemas.FactIn) -> dict[str, Any]:
    """One fact as the system's own source tells it."""
    now = timezone.now()
    new = record_fact(
        actor=request.actor, today=timezone.localdate(now), now=now, person_id=person_id, fact=body.fact,
        value=body.value, source=_source(request), as_of=body.as_of, from_date=body.from_date,
        until_date=body.until_date,
    )  # fmt: skip
    return {"new": new}


@facts_router.post("/facts", response=schemas.RecordedAll, url_name="facts-all", summary=phrase("一次登记很多条事实"))
def facts_all(request: CallRequest, body: schemas.FactsIn) -> dict[str, Any]:
    """Each row is checked by itself: those that cannot be used are named, the others are recorded together."""
    now, source = timezone.now(), _source(request)
    today = timezone.localdate(now)
    told = [
        Told(one.person_id, one.fact, source, one.value, one.as_of or today, one.from_date, one.until_date)
        for one in body.rows
    ]
    problems, new = record_each(actor=request.actor, today=today, now=now, told=told)
    refused = [{"row": place, "problem": _row_problem(problem)} for place, problem in enumerate(problems) if problem]
    return {"taken": len(told) - len(refused), "new": new, "refused": refused}


def seen(request: CallRequest, person_id: UUID, fields: tuple[str, ...], action: str = READ) -> Any:
    """The file, when the system may see it; an entry says so. NotFound else, also for a merged one."""
    actor: Actor = request.actor
    actor.require(action)
    found = person_of(actor, person_id)
    read(request, fields, subject=found.pk, region=found.region_code)
    return found


def of_each(
    request: CallRequest,
    persons: Sequence[UUID],
    fields: tuple[str, ...],
    name: str,
    give: Callable[[Any], Any],
    action: str = READ,
) -> list[dict[str, Any]]:
    """A row for each person: what is given of her, or the problem; each that is given leaves an entry."""
    request.actor.require(action)
    rows: list[dict[str, Any]] = []
    for key in dict.fromkeys(persons):
        try:
            rows.append({"person_id": key, name: give(seen(request, key, fields, action)), "problem": None})
        except NotFound:
            rows.append({"person_id": key, name: None, "problem": problem_body(404, NOT_HERE)})
    return rows


def _facts(person: Any) -> list[dict[str, Any]]:
    return [_fact(name, known) for name, known in facts_of(person.pk, timezone.localdate()).items()]


def _row_problem(told: str) -> dict[str, Any]:
    """What is wrong with a row that is told; the register says "which: what", or that nobody is there."""
    where, _, what = told.partition("：")
    return problem_body(400, told, field=_ROW_FIELDS.get(where, "")) if what else problem_body(404, NOT_HERE)


def _masked(one: Any) -> dict[str, Any]:
    tails = {"identity_number": one.identity_tail, "phone": one.phone_tail}
    return {
        "id": one.pk, "region": one.region_code, "name": one.name[:1] + "*" * (len(one.name) - 1), "sex": one.sex,
        "birth_year": one.birth_date.year if one.birth_date else None, "standing": Standing(one.standing).value,
        "version": one.version,
        **{name: "*" * _HIDDEN[name] + tail if tail else "" for name, tail in tails.items()},
    }  # fmt: skip


def _fact(name: str, known: KnownFact) -> dict[str, Any]:
    said = known.said
    return {
        "fact": name, "label": known.fact.label, "words": known.words, "conflict": bool(known.others),
        "value": said.telling.value if said else None, "source": said.telling.source if said else None,
        "as_of": said.telling.as_of if said else None, "stale_from": said.stale_from if said else None,
    }  # fmt: skip


def _source(request: CallRequest) -> str:
    request.actor.require(WRITE)
    if not request.client.source:
        raise Refused("这个系统没有登记它的来源，不能登记事实")
    return request.client.source
