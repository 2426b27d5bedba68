"""Talks go where the file of the person goes, and what was handed over waits with whoever is in charge there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps

from songhe.eligibility.decisions.kinds import HANDOVER
from songhe.eligibility.decisions.models import AdviceTalk
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks import lay_about, put_back
from songhe.foundation.tasks.queries import open_about
from songhe.kernel.regions import significant

_DIGITS = 12


def lay_talks(*, actor: Actor, person: UUID) -> int:
    """The talks with somebody lie where her file lies; gives how many went.

    What is still to be followed up goes to the division of the same level there, and nobody has it yet.
    """
    with scoped(actor, "decisions.advice"):
        home = _home(person)
        rows = list(AdviceTalk.objects.select_for_update().filter(person=person).exclude(region_code=home or ""))
        for row in rows if home else []:
            _lay(actor, row, home)
        return len(rows) if home else 0


def _lay(actor: Actor, row: AdviceTalk, home: str) -> None:
    task = open_about(row.pk, HANDOVER.code).first() if row.handed_to else None
    row.region_code = home
    if task is not None:
        there = home[: len(significant(row.handed_to))].ljust(_DIGITS, "0")
        if there != row.handed_to:
            row.handed_to = there
            put_back(actor=actor, tasks=[task.pk])
            lay_about(actor=actor, kind=HANDOVER.code, subject=row.pk, region=there)
    row.save(update_fields=["region_code", "handed_to"])


def _home(person: UUID) -> str:
    model: Any = apps.get_model("people", "Person")
    code: str | None = model.objects.filter(pk=person).values_list("region_code", flat=True).first()
    return code or ""
