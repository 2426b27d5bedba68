"""What lies on the desks when the city opens: pairs to look at, found by the register's own comparison."""

from __future__ import annotations

from datetime import date, datetime

from songhe.foundation.access.actors import Actor
from songhe.people.api import MERGE
from songhe.people.duplicates.api import find_pairs

# A small township: comparing a whole city takes longer than building it.
COMPARED = ("420704106",)


def open_tasks(day: date, now: datetime) -> int:
    """Compares the files of small townships; gives how many pairs there are, each of which is a task."""
    found = 0
    for region in COMPARED:
        actor = Actor.system("演示城市", f"{region}000", (MERGE,))
        found += find_pairs(actor=actor, today=day, now=now, region=f"{region}000")
    return found
