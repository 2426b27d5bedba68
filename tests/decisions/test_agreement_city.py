"""Many single changes through the doors of the register: what is kept stays what the rules mean.

`SONGHE_AGREEMENT=1000` makes a thousand changes; by itself the test makes fewer. One transaction holds the test, and it
cannot hold the tables of a thousand runs: with more changes, several persons are decided together.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID

import polars as pl
import pytest

from songhe.eligibility.decisions.models import Standing
from songhe.eligibility.decisions.operations.running import redetermine, run_whole
from songhe.foundation.access.actors import Actor
from songhe.people.models import Person
from songhe.people.operations.dying import record_death
from songhe.people.operations.moving import move_person
from songhe.people.operations.telling import record_fact
from songhe.rules.programme import Programme
from tests.decisions.crowd import NOW, TODAY
from tests.decisions.test_runs import EVERYBODY, as_decided, as_meant, people, programme, sheets

__all__ = ["people", "programme"]
CHANGES = int(os.environ.get("SONGHE_AGREEMENT", "60"))
FACTS = {
    "assistance": ("none", "edge", "minimum_living"),
    "disability_level": ("0", "1", "2", "3"),
    "lives_alone": ("true", "false"),
}


@pytest.mark.covers("ENT-01", "ENT-04")
def test_after_changes_through_the_register_what_is_kept_is_what_the_rules_mean(
    programme: Programme, people: pl.DataFrame, everywhere: Actor
) -> None:
    run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW)
    worker, chance, done = everywhere, Random(11), 0  # noqa: S311
    places = sorted(set(Person.objects.values_list("living_region", flat=True)) - {""}) or ["420704001002"]
    keys = list(Person.objects.filter(standing="present").order_by("pk").values_list("pk", flat=True))
    waiting: list[UUID] = []
    for number in range(CHANGES):
        person = chance.choice(keys)
        told = {"actor": worker, "today": TODAY, "now": NOW + timedelta(minutes=number), "person_id": person}
        deed = _death if number % 15 == 14 else _move if number % 10 == 9 else _fact
        done += deed(told, chance, places)
        if deed is _death:
            keys.remove(person)
        waiting.append(person)
        if len(waiting) >= CHANGES // 60 or number == CHANGES - 1:
            redetermine(actor=EVERYBODY, persons=waiting, on=TODAY, now=NOW)
            waiting = []
    assert done > CHANGES // 2
    decided = as_decided(programme)
    assert decided == as_meant(programme, sheets())
    assert run_whole(actor=EVERYBODY, region="", on=TODAY, now=NOW).figures["changed"] == 0
    assert Standing.objects.count() * len(programme.items) == len(decided)


Deed = Callable[[dict[str, object], Random, list[str]], bool]


def _fact(told: dict[str, object], chance: Random, places: list[str]) -> bool:
    fact = chance.choice(sorted(FACTS))
    return record_fact(**told, fact=fact, value=chance.choice(FACTS[fact]), source="community")  # type: ignore[arg-type]


def _death(told: dict[str, object], chance: Random, places: list[str]) -> bool:
    record_death(**told, on_date=TODAY, source="community")  # type: ignore[arg-type]
    return True


def _move(told: dict[str, object], chance: Random, places: list[str]) -> bool:
    area = chance.choice(places)
    if Person.objects.get(pk=told["person_id"]).living_region == area:
        return False
    move_person(**told, place="living", area=area, on_date=TODAY)  # type: ignore[arg-type]
    return True
