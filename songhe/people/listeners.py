"""What the register does when other rooms tell something. Handlers may run twice."""

from __future__ import annotations

from typing import Protocol

from django.utils import timezone

from songhe.foundation.outbox.events import Event
from songhe.people.counts import recount
from songhe.people.operations.recoding import recode_division


class Replaced(Protocol):
    """A division that gave way to another, as `songhe.regions.events.DivisionReplaced` tells it."""

    @property
    def before_code(self) -> str:
        """Twelve digits."""

    @property
    def after_code(self) -> str:
        """Twelve digits."""


def on_division_changed(event: Replaced) -> None:
    """Files that lie in the division lie in its successor."""
    recode_division(before=event.before_code, after=event.after_code)


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
