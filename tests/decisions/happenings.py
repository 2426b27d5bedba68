"""What happens to people on a day, drawn by lot and told through the doors of the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import F

from songhe.eligibility.decisions.operations.running import redetermine
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.kernel.errors import SongheError
from songhe.people import permissions
from songhe.people.api import end_fact, record_death, record_fact, register_person, undo_death
from songhe.people.models import Person, Sheet
from songhe.people.operations.merging import merge_persons, unmerge_persons
from songhe.people.operations.moving import move_out, move_person, return_person
from songhe.people.operations.registering import correct_person
from songhe.people.terms import Standing
from songhe.people.trust import TOLD_FACTS, sources_of
from songhe.rules.facts import KEY, PERSON_TABLE, Fact, Kind

WORKER = Actor(None, "测试", "", frozenset(permissions.ACTIONS))
Said = tuple[UUID, str, str]


class Happenings:
    """One after the other, the same for the same seed and city; `done` counts them by kind."""

    def __init__(self, seed: int, day: date) -> None:
        self._chance = Random(seed)  # noqa: S311
        self.day, self.now = day, datetime.combine(day, time(9)).astimezone()
        with scoped(WORKER, "test"):
            self._people = list(Person.objects.exclude(standing="merged").order_by("pk").values_list("pk", flat=True))
            here = Person.objects.filter(standing=Standing.PRESENT, living_region__startswith=F("region_code"))
            self._places = sorted(set(here.values_list("living_region", flat=True)))  # where the list holds
        self._said: list[Said] = []
        self._merged: list[tuple[UUID, list[UUID]]] = []
        self.done: Counter[str] = Counter()
        self._deeds: list[Callable[[UUID], str]] = [self._tell] * 8 + [self._make_known] * 4 + [self._take_back] * 3
        self._deeds += (
            [self._die_or_live] * 2
            + [self._move] * 2
            + [self._leave_or_return, self._mend, self._come, self._merge_or_part]
        )

    def later(self, day: date) -> None:
        """The next ones happen on another day."""
        self.day, self.now = day, datetime.combine(day, time(9)).astimezone()

    def next(self) -> list[UUID]:
        """One more happening; who it happened to is decided anew, and given."""
        while True:
            self.now += timedelta(seconds=17)
            person = self._chance.choice(self._people)
            try:
                with scoped(WORKER, "test"):
                    self._touched = [person]
                    kind = self._chance.choice(self._deeds)(person)
            except SongheError:  # nobody moves who is dead, and the like: something else happens
                continue
            if kind:
                self.done[kind] += 1
                redetermine(actor=WORKER, persons=self._touched, on=self.day, now=self.now)
                return self._touched

    @property
    def _told(self) -> dict[str, Any]:
        return {"actor": WORKER, "today": self.day, "now": self.now}

    def _tell(self, person: UUID) -> str:
        """Any source says anything, of a day that may be long past."""
        fact = self._chance.choice(TOLD_FACTS)
        as_of = self.day - timedelta(days=self._chance.choice((0, 1, 40, 100, 400, 900)))
        return self._say(person, fact, self._chance.choice(sources_of(fact)), as_of)

    def _make_known(self, person: UUID) -> str:
        """What nobody knows of her is told by the least or the most trusted."""
        sheet = Sheet.objects.filter(pk=person).values(*TOLD_FACTS).first() or {}
        unknown = [fact for fact, value in sheet.items() if value is None]
        if not unknown:
            return ""
        fact = self._chance.choice(unknown)
        return self._say(person, fact, self._chance.choice((sources_of(fact)[0], sources_of(fact)[-1])), self.day)

    def _say(self, person: UUID, fact: str, source: str, as_of: date) -> str:
        value = self._chance.choice(values_of(PERSON_TABLE[fact]))
        new = record_fact(**self._told, person_id=person, fact=fact, value=value, source=source, as_of=as_of)
        if new:
            self._said.append((person, fact, source))
        return "told" if new else ""

    def _take_back(self, person: UUID) -> str:
        """What was told ends today: the fact is as unknown as it was, or another source is heard again."""
        if not self._said:
            return ""
        person, fact, source = self._said.pop(self._chance.randrange(len(self._said)))
        end_fact(**self._told, person_id=person, fact=fact, source=source, until_date=self.day)
        self._touched = [person]
        return "ended"

    def _die_or_live(self, person: UUID) -> str:
        if self._chance.random() < 0.4:
            dead = Person.objects.filter(standing=Standing.DEAD).order_by("pk").values_list("pk", flat=True)
            self._touched = [self._chance.choice(list(dead[:200]))]
            undo_death(**self._told, person_id=self._touched[0], reason="登记错了人")
            return "undone death"
        on_date = self.day - timedelta(days=self._chance.choice((0, 3, 60)))
        record_death(**self._told, person_id=person, on_date=on_date, source="community")
        return "death"

    def _move(self, person: UUID) -> str:
        place = self._chance.choice(("living", "living", "registered"))
        area = self._chance.choice(self._places)
        move_person(**self._told, person_id=person, place=place, area=area, on_date=self.day)
        return "move"

    def _leave_or_return(self, person: UUID) -> str:
        away = list(Person.objects.filter(standing=Standing.AWAY).order_by("pk").values_list("pk", flat=True)[:200])
        if away and self._chance.random() < 0.5:
            self._touched = [self._chance.choice(away)]
            return_person(**self._told, person_id=self._touched[0], on_date=self.day)
            return "return"
        move_out(**self._told, person_id=person, on_date=self.day)
        return "moved out"

    def _mend(self, person: UUID) -> str:
        row = Person.objects.get(pk=person)
        born = date(self.day.year - self._chance.randrange(58, 101), 1, 1) + timedelta(self._chance.randrange(365))
        correct_person(
            **self._told, person_id=person, version=row.version,
            changes={"birth_date": born, "sex": self._chance.choice(("1", "2"))}, reason="登记时写错了",
        )  # fmt: skip
        return "correction"

    def _come(self, person: UUID) -> str:
        born = date(self.day.year - self._chance.randrange(60, 95), self._chance.randrange(1, 13), 2)
        new = register_person(
            **self._told, name="某某", birth_date=born, sex="2", living_region=self._chance.choice(self._places)
        )
        self._people.append(new.pk)
        self._touched = [new.pk]
        return "registration"

    def _merge_or_part(self, person: UUID) -> str:
        """Two files become one, or two again."""
        if self._merged and self._chance.random() < 0.5:
            event, self._touched = self._merged.pop()
            unmerge_persons(**self._told, event_id=event, reason="不是同一个人")
            return "parting"
        self._touched = [person, self._chance.choice(self._people)]
        event = merge_persons(**self._told, survivor_id=person, merged_id=self._touched[1], reason="同一个人").pk
        self._merged.append((event, self._touched))
        return "merge"


def values_of(fact: Fact) -> list[str]:
    """Everything a source can say of a fact, as text."""
    if fact.kind is Kind.BOOL:
        return ["true", "false"]
    return [str(value) for value in fact.values]


def sheet_of(person: UUID) -> dict[str, Any] | None:
    """The facts of one person as they are read by the rules; None of whom nothing is decided."""
    with scoped(WORKER, "test"):
        found = Sheet.objects.filter(pk=person, standing__in=("present", "dead")).values(*PERSON_TABLE).first()
    return None if found is None else {**found, KEY: str(person)}
