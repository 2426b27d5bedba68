"""What decisions do when other rooms tell something. Handlers may run twice: a second run finds nothing changed."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from songhe.eligibility.decisions.operations.following import lay_talks
from songhe.eligibility.decisions.operations.running import redetermine, run_whole
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks.permissions import ASSIGN
from songhe.kernel.regions import significant
from songhe.people.api import told_in
from songhe.policy.api import in_force

_NAME = "判定"
_FEW = 50_000


def on_person_changed(event: Any) -> None:
    """One person is decided anew, and whoever was merged with her; of a batch, those that it told of."""
    now = timezone.now()
    today = timezone.localdate(now)
    if not in_force(today):
        return
    actor = Actor.system(_NAME, "")
    with scoped(actor, "decisions.event"):
        if event.person is not None:
            persons = [key for key in (event.person, getattr(event, "merged", None)) if key is not None]
            redetermine(actor=actor, persons=persons, on=today, now=now)
            return
        told = told_in(event.batch) if event.batch is not None else []
        if told and len(told) <= _FEW:
            redetermine(actor=actor, persons=told, on=today, now=now)
        else:
            run_whole(actor=actor, region=significant(event.region), on=today, now=now)


def on_person_moved(event: Any) -> None:
    """What was talked about with her, and what is still to be followed up, goes where her file went."""
    lay_talks(actor=Actor.system("咨询", "", (ASSIGN,)), person=event.person)


def on_release_issued(event: Any) -> None:
    """A list that holds already decides its region anew; one that holds later waits for the night before its day."""
    now = timezone.now()
    if event.from_date <= timezone.localdate(now):
        digits = significant(event.region)
        run_whole(actor=Actor.system(_NAME, event.region), region=digits, on=timezone.localdate(now), now=now)


def on_division_changed(event: Any) -> None:
    """Files went to another division: its people are decided anew, and what is about them goes along."""
    now = timezone.now()
    today = timezone.localdate(now)
    if not in_force(today):
        return
    digits = significant(event.after_code)
    run_whole(actor=Actor.system(_NAME, event.after_code), region=digits, on=today, now=now)
