"""What assessment is at when the city opens: organisations, and cases on their way, by the real operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import connection

from songhe.assessment.api import (
    Assessment,
    Assessor,
    Organisation,
    accept,
    assess_again,
    assess_day,
    end,
    object_to,
    refuse,
    refuse_objection,
    send_back,
    withdraw,
)
from songhe.demo.register.assessing import Assessments
from songhe.demo.register.assessing_bodies import Bodies, certified_from, written
from songhe.demo.register.assessing_cast import live_stories
from songhe.demo.register.assessing_rounds import hold_campaign, look_twice
from songhe.demo.register.assessing_way import Team, Way, at_work, chosen
from songhe.foundation.access.models import Account
from songhe.foundation.notices.models import Notice
from songhe.people.api import refresh_sheets

_BEGAN, _READ_AFTER = timedelta(hours=2), timedelta(days=4)


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


def open_cases(assessed: Assessments, day: date, now: datetime) -> dict[str, pl.DataFrame]:
    """Cases in all their states, as far as there are people; gives what was planted."""
    way, waiting = Way(assessed.bodies, now), assessed.waiting
    live_stories(way, assessed.of_stories())
    cases = _Cases(way)
    planted = []
    for district, plan in written()["cases"].items():
        people = waiting.filter(pl.col("region_code").str.starts_with(district)).iter_rows(named=True)
        for number, (state, person) in enumerate(zip(_states(plan), people, strict=False)):
            planted.append((person["id"], district, state))
            with way.acting(way.desk(district)):
                cases.lead(state, number, person)
    twice = look_twice(way)
    rounds = hold_campaign(way, assessed)
    assess_day(today=day, now=now)
    Notice.objects.filter(read_at=None, created_at__lt=now - _READ_AFTER).update(read_at=now - timedelta(days=1))
    refresh_sheets(today=day)  # what was told long ago was looked at on its own day
    return {
        "assessed_lately": pl.DataFrame({"id": way.told}, schema={"id": pl.String}),
        "cases": pl.DataFrame(planted, schema=["id", "district", "state"], orient="row"),
        "second_looks": twice,
        "campaign_rounds": rounds,
    }


def _states(plan: Mapping[str, int]) -> Iterator[str]:
    for state, count in plan.items():
        yield from [state] * count


class _Cases:
    """Leads each case as far as its state says, so long ago that something is due on many days around today."""

    def __init__(self, way: Way) -> None:
        self._way, self._now = way, way.now
        self._slots: dict[str, int] = {}
        self._turn = 0

    def lead(self, state: str, number: int, person: Mapping[str, Any]) -> None:
        """One case."""
        days = written()["days"][state]
        then = self._now - timedelta(days=days[number % len(days)], minutes=-7 * (number % 40)) + _BEGAN
        purpose, by, reason, said = chosen("why", number)
        plan = {"purpose": purpose, "asked_by": by, "reason": reason, "words": said}
        row = self._way.ask(person, plan, min(then, self._now))
        if state == "asked":
            return
        if state in ("accepted", "refused", "withdrawn"):
            self._at_the_desk(row, state, number, then)
            return
        self._turn += 1
        teams = self._way.teams(row.region_code)
        visits = state not in ("assigned", "appointed", "ended")
        able = [one for one in teams if one.visitor is not None] if visits else teams
        self._sent(row, state, number, person, able[self._turn % len(able)], then + timedelta(days=1))

    def _at_the_desk(self, row: Assessment, state: str, number: int, then: datetime) -> None:
        desk = self._way.desk(row.region_code)
        with self._way.acting(desk):
            if state == "refused":
                said = chosen("refused", number)
                refuse(actor=desk, assessment=row.pk, words=said, now=then + timedelta(hours=4))
                return
            accept(actor=desk, assessment=row.pk, now=then + timedelta(hours=3))
            if state == "withdrawn":
                said = chosen("withdrawn", number)
                withdraw(actor=desk, assessment=row.pk, words=said, now=then + timedelta(days=1))

    def _sent(
        self, row: Assessment, state: str, number: int, person: Mapping[str, Any], team: Team, then: datetime
    ) -> None:
        if state in ("assigned", "ended", "appointed", "begun"):
            self._way.send(row, team, then)
            self._on_the_way(row, state, number, person, team, then)
            return
        done = self._way.visited(row, team, person["answers"], number, then)
        if state == "submitted":
            return
        if state.startswith("sent_"):
            self._back(row, state, number, team, at_work(done, number))
            return
        result = self._way.confirmed(row, at_work(done, number))
        if state != "confirmed":
            self._doubted(result.pk, state, number, person, at_work(done, number + 2) + timedelta(days=2))

    def _on_the_way(
        self, row: Assessment, state: str, number: int, person: Mapping[str, Any], team: Team, then: datetime
    ) -> None:
        if state == "appointed":
            self._way.appoint(row, self._hour(team), number, min(then + timedelta(hours=1), self._now))
        elif state == "begun":
            yesterday = self._now.replace(hour=15, minute=0) - timedelta(days=1)
            self._way.appoint(row, yesterday, number, then + timedelta(hours=1))
            self._way.fill(row, team, person["answers"], number, yesterday + timedelta(minutes=35), half=True)
        elif state == "ended":
            desk = self._way.desk(row.region_code)
            with self._way.acting(desk):
                end(actor=desk, assessment=row.pk, words=chosen("ended", number), now=then + timedelta(days=2))

    def _hour(self, team: Team) -> datetime:
        """The team's next free hour from today on: three visits a day."""
        key = str(team.ids[0])
        place = self._slots[key] = self._slots.get(key, -1) + 1
        hour, minute = ((11, 0), (14, 0), (15, 30))[place % 3]
        return self._now.replace(hour=hour, minute=minute) + timedelta(days=place // 3)

    def _back(self, row: Assessment, state: str, number: int, team: Team, then: datetime) -> None:
        """The form goes back; the team asks again and hands a better one in, or has not yet."""
        desk = self._way.desk(row.region_code)
        with self._way.acting(desk):
            send_back(actor=desk, assessment=row.pk, words=chosen("sent_back", number), now=then)
            form = row.forms.get(state="draft")
        if state == "sent_again":
            self._way.hand_in(form, team, at_work(then, number + 3))

    def _doubted(self, result: Any, state: str, number: int, person: Mapping[str, Any], then: datetime) -> None:
        desk = self._way.desk(person["region_code"])
        by = ("proxy", "self", "proxy", "community")[number % 4]
        with self._way.acting(desk):
            objection = object_to(
                actor=desk, result=result, words=chosen("objected", number), raised_by=by, now=then
            )  # fmt: skip
            if state == "objected":
                return
            if state == "objection_refused":
                said = chosen("objection_refused", number)
                refuse_objection(actor=desk, objection=objection.pk, words=said, now=then + timedelta(days=2))
                return
            again = assess_again(actor=desk, objection=objection.pk, now=then + timedelta(days=1))
        if state == "again":
            return
        assessed = set(objection.result.assessors)
        others = [one for one in self._way.teams(person["region_code"]) if not assessed & set(one.ids) and one.visitor]
        answers = person["likewise" if state == "upheld" else "worse"]
        done = self._way.visited(again, others[0], answers, number + 1, then + timedelta(days=2))
        self._way.confirmed(again, at_work(done, number))
