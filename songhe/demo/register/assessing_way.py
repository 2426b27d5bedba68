"""The way of an assessment as people go it: who asks, who is sent, what is found, by the real operations."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from songhe.assessment.api import (
    Assessment,
    FieldChange,
    Result,
    accept,
    appoint,
    ask,
    assign,
    confirm,
    content_digest,
    keep_photo,
    save_form,
    sign,
    submit,
)
from songhe.demo.register.assessing_bodies import Assessing, Bodies, medical_of
from songhe.demo.register.signing import signature
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped

_HERE = Path(__file__)
_SPACE = UUID("5b1f6f0a-1d1b-4b6e-9e32-0c8a2f4c9d55")
PHOTOS = ("handrail", "bedroom", "doorway")
_DISTRICT = 6
_HOURS = ((9, 0), (10, 30), (14, 0), (15, 30))
_LASTS = timedelta(minutes=70)


@cache
def words() -> Mapping[str, Any]:
    """The file `assessing_words.yaml`."""
    found: dict[str, Any] = yaml.safe_load(_HERE.with_name("assessing_words.yaml").read_text(encoding="utf-8"))
    return found


def chosen(name: str, number: int) -> Any:
    """What the number chooses from a list of the file."""
    listed = words()[name]
    return listed[number % len(listed)]


def at_work(then: datetime, number: int) -> datetime:
    """An hour of the next day at which a desk is open."""
    return then.replace(hour=9, minute=0) + timedelta(days=1, minutes=(number * 53) % 420)


@dataclass(frozen=True, slots=True)
class Team:
    """Two who go together; `visitor` fills in on the own account."""

    staff: tuple[Assessing, Assessing]
    visitor: Actor | None

    @property
    def ids(self) -> list[UUID]:
        """Theirs."""
        return [one.id for one in self.staff]


class Way:
    """Leads cases along: the district's desk accepts and reviews, its teams visit. `told` is of whom a result told."""

    def __init__(self, bodies: Bodies, now: datetime) -> None:
        self.now = now
        self.told: list[str] = []
        self._bodies = bodies
        self._actors: dict[str, Actor] = {}
        self._teams: dict[str, list[Team]] = {}
        self._visits = 0
        self._acting: Actor | None = None

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[None]:
        """Within, it is this one who acts; nothing changes where it was already."""
        before = self._acting
        if before is actor:
            yield
            return
        with scoped(actor, "demo build"):
            self._acting = actor
            yield
        self._acting = before

    def actor(self, login: str) -> Actor:
        """Somebody who works here, with today's rights."""
        if login not in self._actors:
            found = actor_of(Account.objects.get(login=login), self.now.date())
            assert found is not None  # noqa: S101
            self._actors[login] = found
        return self._actors[login]

    def desk(self, region: str) -> Actor:
        """Who accepts and reviews in the district of a place."""
        return self.actor(f"officer-{region[:_DISTRICT]}")

    def teams(self, region: str) -> list[Team]:
        """One team of each organisation of the district, those with an account first."""
        district = region[:_DISTRICT]
        if district not in self._teams:
            found = [self._team(body.staff) for body in self._bodies.bodies if body.district == district]
            self._teams[district] = sorted(found, key=lambda one: one.visitor is None)
        return self._teams[district]

    def body(self, team: Team) -> str:
        """The name of the organisation."""
        return self._bodies.bodies[team.staff[0].body].name

    def ask(self, person: Mapping[str, Any], plan: Mapping[str, Any], then: datetime) -> Assessment:
        """Asked for by the account `by` of the plan, the desk when it has none."""
        actor = self.actor(plan["by"]) if "by" in plan else self.desk(person["region_code"])
        with self.acting(actor):
            return ask(
                actor=actor, person_id=UUID(person["id"]), purpose=plan["purpose"], reason=plan["reason"],
                asked_by=plan["asked_by"], words=plan.get("words", ""), now=then,
            )  # fmt: skip

    def send(self, row: Assessment, team: Team, then: datetime) -> None:
        """Accepted unless it is, and a team sent."""
        desk = self.desk(row.region_code)
        with self.acting(desk):
            if row.state == "asked":
                accept(actor=desk, assessment=row.pk, now=then - timedelta(hours=2))
            assign(actor=desk, assessment=row.pk, assessors=team.ids, now=then)

    def appoint(self, row: Assessment, visit: datetime, number: int, then: datetime) -> None:
        """A time is agreed on."""
        desk = self.desk(row.region_code)
        with self.acting(desk):
            place = chosen("places", number)
            appoint(actor=desk, assessment=row.pk, visit_at=visit, place=place, now=then)

    def visit_on(self, then: datetime) -> datetime:
        """An hour for a visit two days later; no two follow each other at once."""
        self._visits += 1
        hour, minute = _HOURS[self._visits % len(_HOURS)]
        return then.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=2)

    def fill(
        self, row: Assessment, team: Team, answers: str, number: int, begun: datetime, *, half: bool = False
    ) -> Any:
        """The form is filled in, wholly or half; gives it. One answer is given anew on second thoughts."""
        assert team.visitor is not None  # noqa: S101
        found = {f"A.{key}": value for key in words()["basics"] if (value := _basic(key, number)) not in ("", None)}
        given = json.loads(answers)
        if half:
            given = dict(list(given.items())[: len(given) // 2])
        found |= given
        found |= {f"note.{code}": text for code, text in words()["notes"].items() if code in given and number % 3 == 1}
        with self.acting(team.visitor):
            form, _ = save_form(
                actor=team.visitor, assessment=row.pk, form_id=uuid5(_SPACE, str(row.pk)),
                changes=[FieldChange(field, value, None, begun) for field, value in found.items()], now=begun,
            )  # fmt: skip
        return form

    def photograph(self, form: Any, team: Team, number: int, then: datetime) -> None:
        """One photo or two that somebody agreed to."""
        assert team.visitor is not None  # noqa: S101
        for place in range(number % 3 or 1):
            image = _photo(PHOTOS[(number + place) % len(PHOTOS)])
            with self.acting(team.visitor):
                keep_photo(
                    actor=team.visitor, form_id=form.pk, photo=uuid5(_SPACE, f"{form.pk} {place}"), image=image,
                    consent="guardian" if number % 4 == 1 else "self", taken_at=then, now=then,
                )  # fmt: skip

    def hand_in(self, form: Any, team: Team, then: datetime) -> None:
        """Both sign, and the form is handed in."""
        assert team.visitor is not None  # noqa: S101
        with self.acting(team.visitor):
            for place, one in enumerate(team.staff):
                sign(
                    actor=team.visitor, form_id=form.pk, assessor=one.id, drawing=signature(one.name, then.day),
                    digest=content_digest(form), now=then - timedelta(minutes=6 - 3 * place),
                )  # fmt: skip
            submit(actor=team.visitor, form_id=form.pk, assessed_date=then.date(), now=then)

    def visited(self, row: Assessment, team: Team, answers: str, number: int, then: datetime) -> datetime:
        """From sending to handing in; gives the instant of that."""
        self.send(row, team, then)
        visit = self.visit_on(then)
        self.appoint(row, visit, number, then + timedelta(minutes=20))
        assert team.visitor is not None  # noqa: S101
        with self.acting(team.visitor):
            form = self.fill(row, team, answers, number, visit + timedelta(minutes=50))
            self.photograph(form, team, number, visit + timedelta(minutes=55))
            self.hand_in(form, team, visit + _LASTS)
        return visit + _LASTS

    def confirmed(self, row: Assessment, then: datetime) -> Result:
        """The desk confirms it."""
        desk = self.desk(row.region_code)
        with self.acting(desk):
            result = confirm(actor=desk, assessment=row.pk, now=then)
        self.told.append(str(row.person_id))
        return result

    def _team(self, places: Sequence[int]) -> Team:
        staff = self._bodies.assessors[places[0]], self._bodies.assessors[places[medical_of()]]
        login = next((one.login for one in staff if one.login), "")
        return Team(staff, self.actor(login) if login else None)


def _basic(key: str, number: int) -> Any:
    listed = words()["basics"][key]
    return listed[(number + len(key)) % len(listed)]


@cache
def _photo(name: str) -> str:
    image = (_HERE.parent / "photos" / f"{name}.jpg").read_bytes()
    return "data:image/jpeg;base64," + base64.b64encode(image).decode()
