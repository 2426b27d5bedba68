"""What a result tells the register: the ability grade, and what the list derives from it by a stated rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from songhe.assessment.figures import least_level
from songhe.assessment.itself import SYSTEM
from songhe.assessment.models import Result
from songhe.assessment.scales.basics import diagnosed_dementia
from songhe.assessment.scales.definition import CURRENT, scale_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.outbox import publish
from songhe.people.api import Told, record_facts, withdraw_facts
from songhe.people.events import FactsChanged

SOURCE = "assessment"


def facts_of(result: Result, basics: Mapping[str, Any]) -> list[Told]:
    """The facts of one result. Only the current scale tells; a diagnosis that was not seen leaves dementia unknown."""
    if result.level is None or scale_of(result.scale).use != CURRENT:
        return []
    values = {
        "ability_grade": str(result.level),
        "cannot_self_care": _truth(result.level >= least_level("cannot_self_care")),
        "long_term_care_need": _truth(result.level >= least_level("long_term_care_need")),
    }
    if diagnosed_dementia(basics):
        values["dementia"] = _truth(True)
    return [
        Told(result.person_id, fact, SOURCE, value, result.assessed_date, result.assessed_date, result.valid_until)
        for fact, value in values.items()
    ]


def offer(result: Result, *, basics: Mapping[str, Any], now: datetime) -> None:
    """Tells the register what a standing result says; who listens decides anew. Stands in a transaction."""
    told = facts_of(result, basics)
    actor = Actor.system(SYSTEM, "")
    if told and record_facts(actor=actor, today=timezone.localdate(now), now=now, told=told, batch=result.pk):
        facts = tuple(one.fact for one in told)
        publish(FactsChanged(region=result.region_code, person=result.person_id, facts=facts))


def take_back(result: Result, *, now: datetime) -> None:
    """What the result told stands no longer; what it replaced stands again. Stands in a transaction."""
    actor = Actor.system(SYSTEM, "")
    if withdraw_facts(actor=actor, today=timezone.localdate(now), now=now, batch=result.pk):
        publish(FactsChanged(region=result.region_code, person=result.person_id, facts=("ability_grade",)))


def _truth(value: bool) -> str:
    return "true" if value else "false"
