"""What the cast was assessed for: the stories of `cast_assessed.yaml` by the real operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from songhe.assessment.api import object_to
from songhe.demo.cast import cast
from songhe.demo.register.assessing_way import Way, at_work
from songhe.demo.register.cast_piece import cast_id

_FILE = Path(__file__).with_name("cast_assessed.yaml")
_NUMBER = 3  # what the first of them says of form A; the others follow


@cache
def _written() -> Mapping[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def stories() -> Mapping[str, list[dict[str, Any]]]:
    """By the key of the elder what was asked for, the oldest first."""
    return {key: plans for key, plans in _written().items() if key != "never_put_down"}


def left_out() -> Iterator[tuple[str, str]]:
    """Person and item that somebody may have by the new level and was never put down for."""
    for key, item in _written()["never_put_down"].items():
        yield str(cast_id(key)), item


def levels() -> Iterator[tuple[str, int]]:
    """What each visit of the stories came to, by a name of the visit."""
    for key, plans in stories().items():
        for number, plan in enumerate(plans):
            if "level" in plan:
                yield f"{key} {number}", plan["level"]


def live_stories(way: Way, answers: Mapping[str, str]) -> None:
    """Everything of the stories, the oldest first."""
    regions = {elder.person_id: str(elder.facts["registered_region"]) for elder in cast()}
    regions["C05"] = str(next(elder for elder in cast() if elder.person_id == "C05").facts["residence_region"])
    told = [
        (plan["ago"], key, number, plan) for key, plans in stories().items() for number, plan in enumerate(plans)
    ]  # fmt: skip
    for place, (_, key, number, plan) in enumerate(sorted(told, key=lambda one: -one[0])):
        person = {"id": str(cast_id(key)), "region_code": regions[key].ljust(12, "0")}
        _lived(way, person, plan, answers.get(f"{key} {number}", ""), _NUMBER + place)


def _lived(way: Way, person: Mapping[str, Any], plan: Mapping[str, Any], answers: str, number: int) -> None:
    then = way.now - timedelta(days=plan["ago"]) + timedelta(hours=1, minutes=5 * number)
    row = way.ask(person, plan, then)
    team = next(one for one in way.teams(row.region_code) if one.visitor is not None)
    if "level" not in plan:
        way.send(row, team, then + timedelta(days=1))
        way.appoint(row, _today_at(way, plan["hour"]), number, then + timedelta(days=1, hours=1))
        return
    done = way.visited(row, team, answers, number, then + timedelta(days=1))
    result = way.confirmed(row, at_work(done, number))
    if "objection" in plan:
        doubt = plan["objection"]
        actor = way.actor(doubt["by"])
        with way.acting(actor):
            object_to(
                actor=actor, result=result.pk, words=doubt["words"], raised_by=doubt["raised_by"],
                now=way.now - timedelta(days=doubt["ago"]),
            )  # fmt: skip


def _today_at(way: Way, hour: int) -> datetime:
    return way.now.replace(hour=hour, minute=0)
