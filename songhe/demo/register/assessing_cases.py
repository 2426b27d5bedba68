"""What assessment is at when the city opens: organisations, and cases on their way, by the real operations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import polars as pl
from django.db import connection

from songhe.assessment.api import (
    Assessment,
    Assessor,
    Campaign,
    FieldChange,
    Organisation,
    accept,
    appoint,
    ask,
    assess_again,
    assess_day,
    assign,
    confirm,
    content_digest,
    end,
    object_to,
    refuse,
    save_form,
    sign,
    submit,
    withdraw,
)
from songhe.demo.register.assessing_bodies import Bodies, certified_from, medical_of, written
from songhe.demo.register.signing import signature
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped

_FORMS = UUID("5b1f6f0a-1d1b-4b6e-9e32-0c8a2f4c9d55")
_BASICS: Mapping[str, Any] = {"informant": "子女", "risk_events": {}, "diagnoses": {"hypertension": {}}, "coma": "没有"}


def lay_bodies(bodies: Bodies) -> None:
    """Enters the organisations with their assessors; two have accounts."""
    accounts = Account.objects.in_bulk([one.login for one in bodies.assessors if one.login], field_name="login")
    Organisation.objects.bulk_create(
        Organisation(
            id=body.id, district=body.district.ljust(12, "0"), name=body.name, code=body.code,
            from_date=date(2021, 3, 1),
        )
        for body in bodies.bodies
    )  # fmt: skip
    Assessor.objects.bulk_create(
        Assessor(
            id=one.id, organisation_id=bodies.bodies[one.body].id, name=one.name, medical=one.medical,
            account=accounts.get(one.login), full_time=place % 4 != 3, certificate=f"PG4299{place:06d}",
            certified_from=certified_from(one), certified_until=one.until, joined_date=certified_from(one),
        )
        for place, one in enumerate(bodies.assessors)
    )  # fmt: skip
    connection.check_constraints()  # nothing may wait while loading changes the tables


def open_cases(bodies: Bodies, waiting: pl.DataFrame, day: date, now: datetime) -> pl.DataFrame:
    """Cases in all their states, as far as there are people; gives `id` of whose result told the register since.

    `waiting` has id, name, region_code and answers of people who were never assessed.
    """
    campaign = Campaign.objects.create(
        region="420704000000", name="困难老人普遍评估", group="minimum_living", purpose="hardship",
        from_date=day - timedelta(days=60), by_date=day + timedelta(days=40), maker="胡晓芸",
        made_at=now - timedelta(days=62),
    )  # fmt: skip
    people = waiting.iter_rows(named=True)
    cases = _Cases(bodies, campaign, now)
    for number, (state, person) in enumerate(zip(_states(), people, strict=False)):
        cases.lead(state, number, person)
    assess_day(today=day, now=now)
    return pl.DataFrame({"id": cases.told}, schema={"id": pl.String})


def _states() -> Iterator[str]:
    for state, count in written()["cases"].items():
        yield from [state] * count


class _Cases:
    """Leads cases along; the desk of the district accepts and reviews, the named two visit."""

    def __init__(self, bodies: Bodies, campaign: Campaign, now: datetime) -> None:
        self._day, self._now, self._campaign = now.date(), now, campaign
        first = bodies.bodies[0]
        self._team = [bodies.assessors[first.staff[place]] for place in (0, medical_of())]
        second = bodies.bodies[2]
        self._others = [bodies.assessors[second.staff[place]].id for place in (0, medical_of())]
        self._desk = self._at_work("officer-420704")
        self._visitor = self._at_work(self._team[0].login)
        self.told: list[str] = []

    def lead(self, state: str, number: int, person: Mapping[str, Any]) -> None:
        """One case as far as the state says."""
        days = _DAYS[state] + number % 3
        then = self._now - timedelta(days=days, hours=-2, minutes=-7 * number)
        with scoped(self._desk, "demo build"):
            row = self._asked(person, number, then)
            if state == "asked":
                return
            if state == "refused":
                refuse(actor=self._desk, assessment=row.pk, words="上个月才评过，结果还有效", now=then)
                return
            accept(actor=self._desk, assessment=row.pk, now=then + timedelta(hours=3))
            if state == "withdrawn":
                withdraw(actor=self._desk, assessment=row.pk, words="家人说先不评了", now=then + timedelta(hours=20))
            elif state != "accepted":
                self._sent(row, state, number, person, then + timedelta(days=1))

    def _asked(self, person: Mapping[str, Any], number: int, then: datetime) -> Assessment:
        purpose, by, reason = _WHY[number % len(_WHY)]
        return ask(
            actor=self._desk, person_id=UUID(person["id"]), purpose=purpose, reason=reason, asked_by=by, now=then,
            campaign=self._campaign if by == "campaign" else None,
        )  # fmt: skip

    def _sent(self, row: Assessment, state: str, number: int, person: Mapping[str, Any], then: datetime) -> None:
        named = number % 2 == 0 or state not in ("assigned", "appointed")
        team = [one.id for one in self._team] if named else self._others
        assign(actor=self._desk, assessment=row.pk, assessors=team, now=then)
        if state == "assigned":
            return
        if state == "ended":
            end(actor=self._desk, assessment=row.pk, words="上门两次都没人在家", now=then + timedelta(days=1))
            return
        visit = self._hour(state, number, then)
        appoint(actor=self._desk, assessment=row.pk, visit_at=visit, place="老人家里", now=then)
        if state != "appointed":
            self._visited(row, state, person, visit + timedelta(minutes=70))

    def _hour(self, state: str, number: int, then: datetime) -> datetime:
        """Today and the next days for those still to come; the days before for the others; no two at once."""
        begin = self._now.replace(hour=9, minute=0, second=0, microsecond=0)
        if state == "appointed":
            return begin + timedelta(days=number % 6 // 2, hours=(number * 2) % 8)
        return then.replace(hour=9, minute=0) + timedelta(days=1, hours=(number * 2) % 8)

    def _visited(self, row: Assessment, state: str, person: Mapping[str, Any], then: datetime) -> None:
        form_id = uuid5(_FORMS, person["id"])
        found = {f"A.{key}": value for key, value in _BASICS.items()} | json.loads(person["answers"])
        changes = [FieldChange(field, value, None, then) for field, value in found.items()]
        with scoped(self._visitor, "demo build"):
            form, _ = save_form(actor=self._visitor, assessment=row.pk, form_id=form_id, changes=changes, now=then)
            for one in self._team:
                sign(
                    actor=self._visitor, form_id=form_id, assessor=one.id, drawing=signature(one.name, self._day.day),
                    digest=content_digest(form), now=then,
                )  # fmt: skip
            submit(actor=self._visitor, form_id=form_id, assessed_date=then.date(), now=then)
        if state == "submitted":
            return
        then += timedelta(days=1)
        result = confirm(actor=self._desk, assessment=row.pk, now=then)
        self.told.append(person["id"])
        if state in ("objected", "again"):
            objection = object_to(
                actor=self._desk, result=result.pk, words="老人评估那天精神好，平时要人扶", raised_by="proxy",
                now=then + timedelta(days=1),
            )  # fmt: skip
            if state == "again":
                assess_again(actor=self._desk, objection=objection.pk, now=then + timedelta(days=2))

    def _at_work(self, login: str) -> Actor:
        found = actor_of(Account.objects.get(login=login), self._day)
        assert found is not None  # noqa: S101
        return found


_DAYS = {"asked": 1, "accepted": 5, "assigned": 7, "appointed": 8, "submitted": 9, "confirmed": 12, "refused": 9,
         "withdrawn": 12, "ended": 14, "objected": 12, "again": 13}  # fmt: skip
_WHY = (
    ("care_subsidy", "community", "first"),
    ("hardship", "campaign", "first"),
    ("home_care", "proxy", "routine"),
    ("institution", "institution", "first"),
    ("own_wish", "self", "other"),
)
