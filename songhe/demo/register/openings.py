"""What lies on the desks when the city opens: pairs to look at, some taken, some decided, due on many days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from songhe.demo.register.earlier import desks
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.foundation.tasks import take
from songhe.foundation.tasks.models import Task
from songhe.kernel.regions import significant
from songhe.people.api import MERGE, Counts
from songhe.people.duplicates.api import TASK, Pair, decide_different, decide_later, find_pairs

_OPEN_FOR = timedelta(days=30)
_EVERY = 3  # of the tasks with somebody to do them, one in so many is taken
_SURE = 0.5
_OFFICES = ("street", "officer")


def open_tasks(day: date, now: datetime) -> int:
    """Compares the files of a few places; gives how many pairs there are, each of which is a task."""
    found = 0
    for region in _compared():
        actor = Actor.system("演示城市", region, (MERGE,))
        found += find_pairs(actor=actor, today=day, now=now, region=region)
    _spread(day, now)
    _begun(day, now)
    return found


def _compared() -> Iterator[str]:
    """The places of `desks.yaml` for as many people as may be compared: it takes longer than building a city."""
    left, whole = desks()["compared"]["people"], "-"
    for place in desks()["compared"]["places"]:
        region = place.ljust(12, "0")
        people = Counts.of(region).summary.people["total"]
        if 0 < people <= left and not place.startswith(whole):
            left, whole = left - people, significant(region)
            yield region


def _spread(day: date, now: datetime) -> None:
    """The tasks are due on the days of `desks.yaml`, as if the files had been compared from week to week."""
    tasks = Task.objects.filter(kind=TASK.code).order_by("region_code")
    rows = sorted(tasks, key=lambda task: (task.region_code, _persons(task)))
    for number, task in enumerate(rows):
        task.due_date = day + timedelta(days=desks()["due"][number % len(desks()["due"])])
        opened = now - _OPEN_FOR + (task.due_date - day)
        task.opened_at = min(opened, now)
    Task.objects.bulk_update(rows, ["due_date", "opened_at"])


def _persons(task: Task) -> tuple[str, str]:
    pair = Pair.objects.get(pk=str(task.subject))
    return str(pair.left_id), str(pair.right_id)


def _begun(day: date, now: datetime) -> None:
    """Some tasks are somebody's, and of the pairs that hardly are one person's some are decided."""
    for account in Account.objects.filter(login__regex=f"^({'|'.join(_OFFICES)})-").order_by("login"):
        actor = actor_of(account, day)
        if actor is None:
            continue
        with scoped(actor, "demo build"):
            lo, hi = actor.range
            open_here = Task.objects.filter(kind=TASK.code, state="open", region_code__gte=lo, region_code__lt=hi)
            mine = sorted(open_here, key=lambda task: (task.due_date, _persons(task)))
            take(actor=actor, tasks=[task.pk for task in mine[::_EVERY]])
            _decide(actor, now)


def _decide(actor: Actor, now: datetime) -> None:
    """One unlikely pair is of two persons; another one has to wait for a visit."""
    unlikely = list(
        Pair.objects.filter(state="open", probability__lt=_SURE).order_by("probability", "left", "right")[:2]
    )
    for pair, is_clear in zip(unlikely, (True, False), strict=False):
        if not significant(pair.region_code).startswith(actor.region):
            continue
        at = now - timedelta(hours=18)
        if is_clear:
            decide_different(actor=actor, now=at, pair_id=pair.pk, reason="打过电话，是两位老人，同名不同村")
        else:
            decide_later(actor=actor, now=at, pair_id=pair.pk, reason="一位住院，下周上门再看")
