"""The roll of a region that stays in memory between questions, in each web process that is asked.

A roll is read in the scope of whoever asks first, or by a thread in a scope of the same region: row-level security
decides who is on it, and nobody of another region ever finds it. It is good until something is told of a person
or a day ends; then it is made anew behind the scenes, while the old one still answers and says as of when.
Nothing is written anywhere: a process that dies takes its rolls along, and the next one reads them again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from songhe.eligibility.roll import Roll
from songhe.eligibility.what_if import roll_of
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.models import StoredEvent
from songhe.people.api import Counts, person_table
from songhe.rules.facts import KEY
from songhe.rules.programme import Programme
from songhe.rules.readings.polars import SCHEMA

AT_ONCE = 60_000  # as many people are read while somebody waits
MOST_PEOPLE = 3_000_000  # on all rolls of a process together
REST = timedelta(seconds=60)  # a roll is not made anew more often than this
_CODE = 12
_PEOPLE, _REGIONS = "songhe.people.", "songhe.regions."
Key = tuple[str, date, tuple[str, ...]]
Version = tuple[date, int]


@dataclass(frozen=True, slots=True)
class Resident:
    """A roll with what it was made from: the day, the number of the last event about people, and the moment."""

    roll: Roll
    version: Version
    made_at: datetime

    @property
    def bytes(self) -> int:
        """About how much memory the facts take; the bits of conditions come on top, an eighth of a byte each."""
        return sum(int(tile.people.estimated_size()) for tile in self.roll.tiles)


class Residence:
    """The rolls of one process."""

    def __init__(self, most: int = MOST_PEOPLE, at_once: int = AT_ONCE) -> None:
        self._most, self._at_once = most, at_once
        self._rolls: OrderedDict[Key, Resident] = OrderedDict()
        self._making: set[Key] = set()
        self._lock = threading.Lock()

    def roll(self, actor: Actor, programme: Programme, now: datetime, without: tuple[str, ...] = ()) -> Resident | None:
        """The people of the actor's region but not of those `without`, on the day; None while it is made.

        Runs in the actor's scope. A few are read at once; many, or those whose roll is merely old, by a thread.
        """
        key, version = (actor.region, programme.on, without), version_now(now)
        with self._lock:
            found = self._rolls.get(key)
            if found is not None:
                self._rolls.move_to_end(key)
        if found is not None and found.version == version:
            return found
        if Counts.of(actor.region).people("total") <= self._at_once:
            return self._keep(key, make(actor, programme, version, now, without))
        if found is None or now - found.made_at >= REST:
            self._make_behind(key, actor, programme)
        return found

    def drop(self) -> None:
        """Forgets every roll."""
        with self._lock:
            self._rolls.clear()

    @property
    def people(self) -> int:
        """How many people are on the rolls of this process."""
        return sum(one.roll.height for one in self._rolls.values())

    def _keep(self, key: Key, made: Resident) -> Resident:
        with self._lock:
            self._rolls[key] = made
            self._rolls.move_to_end(key)
            while len(self._rolls) > 1 and self.people > self._most:
                self._rolls.popitem(last=False)
        return made

    def _make_behind(self, key: Key, actor: Actor, programme: Programme) -> None:
        with self._lock:
            if key in self._making:
                return
            self._making.add(key)
        threading.Thread(target=self._made_behind, args=(key, actor, programme), name="simulator", daemon=True).start()

    def _made_behind(self, key: Key, actor: Actor, programme: Programme) -> None:
        try:
            with scoped(Actor(None, actor.name, actor.region, frozenset()), "simulator"):
                now = timezone.now()
                self._keep(key, make(actor, programme, version_now(now), now, key[2]))
        finally:
            connection.close()
            with self._lock:
                self._making.discard(key)


def make(
    actor: Actor, programme: Programme, version: Version, now: datetime, without: tuple[str, ...] = ()
) -> Resident:
    """Reads everybody of the actor's region but not of those `without`, in a scope of it.

    The version must have been asked for before.
    """
    region = actor.region.ljust(_CODE, "0") if actor.region else ""
    people = person_table(today=version[0], region=region, without=[one.ljust(_CODE, "0") for one in without])
    return Resident(roll_of(programme, people, [KEY, *SCHEMA]), version, now)


def version_now(now: datetime) -> Version:
    """The day and the number of the last event that was told about people or divisions, wherever they are."""
    about = Q(name__startswith=_PEOPLE) | Q(name__startswith=_REGIONS)
    last = StoredEvent.objects.filter(about).order_by("-id").values_list("id", flat=True).first()
    return timezone.localdate(now), last or 0


RESIDENCE = Residence()
