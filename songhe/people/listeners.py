"""What the register does when other rooms tell something. Handlers may run twice."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from django.utils import timezone

from songhe.foundation.outbox.events import Event
from songhe.people.counts import recount
from songhe.people.operations.recoding import ask_where_files_lie, recode_division
from songhe.regions.api import onwards, parted_now


class Replaced(Protocol):
    """A division that gave way to another, as `songhe.regions.events.DivisionReplaced` tells it."""

    @property
    def before_code(self) -> str:
        """Twelve digits."""

    @property
    def after_code(self) -> str:
        """Twelve digits."""

    @property
    def on_date(self) -> date:
        """The first day on which it is so."""


class Parted(Protocol):
    """A division that was split or ended, as `DivisionSplit` and `DivisionEnded` tell it."""

    @property
    def before_code(self) -> str:
        """Twelve digits."""

    @property
    def on_date(self) -> date:
        """The first day on which it is so."""


def on_division_changed(event: Replaced) -> None:
    """Files that lie in the division, or below it, lie in its successor, and in what that has become since."""
    _follow(event, below=True)


def on_division_absorbed(event: Replaced) -> None:
    """Files that lie in the division itself lie in the one that absorbed it, and in what that has become since."""
    _follow(event, below=False)


def on_division_unclear(event: Parted) -> None:
    """A division was split or ended: where its files lie is for somebody to say."""
    now = timezone.now()
    for code in parted_now(event.before_code, on_date=event.on_date, today=timezone.localdate(now)):
        ask_where_files_lie(before=code, on_date=event.on_date, now=now)


def _follow(event: Replaced, *, below: bool) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    route = onwards(event.before_code, event.after_code, below=below, on_date=event.on_date, today=today)
    for step in route.steps:
        recode_division(before=step.before, after=step.after, below=step.below)
    for code in route.unclear:
        ask_where_files_lie(before=code, on_date=event.on_date, now=now)
    for region in route.targets:
        recount(today=today, now=now, region=region)


def on_people_changed(event: Event) -> None:
    """The groups of the communities that an event speaks of are counted anew; of a batch, the whole region's.

    Where a file came from, or goes to, counts as far as it lies in the event's region.
    """
    now = timezone.now()
    codes = {event.region, getattr(event, "from_region", ""), getattr(event, "to_region", "")} - {""}
    if getattr(event, "person", None) is None:
        recount(today=timezone.localdate(now), now=now, region=event.region)
    else:
        recount(today=timezone.localdate(now), now=now, codes=codes)
