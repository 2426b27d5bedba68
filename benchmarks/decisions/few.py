"""Ten thousand people whose facts changed, one person, and how long it takes until somebody sees the task."""

from __future__ import annotations

from multiprocessing import get_context
from random import Random
from statistics import median
from time import perf_counter, sleep
from uuid import UUID

from django.db import connection
from django.utils import timezone

from benchmarks.decisions.cold import in_new_process
from benchmarks.decisions.ground import BIG, Bench, everybody, lines, timed
from benchmarks.ground import Line, seconds
from benchmarks.page import busy
from benchmarks.platform.ground import percentile
from songhe.config.serving import Running, end_left_over
from songhe.eligibility.decisions.api import redetermine
from songhe.eligibility.decisions.models import Run
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.outbox.states import State
from songhe.foundation.tasks.models import Task
from songhe.people import permissions
from songhe.people.api import Told, counted_on, record_death, record_facts
from songhe.people.models import Sheet

CHANGED_SECONDS, SEEN_SECONDS = 0.5, 1.0
_PATIENCE, _LOOKS = 300.0, 2.0  # seconds; a worker looks so often for what was told
_RECEIVING = """
SELECT p.id, coalesce(p.household_id, p.id) FROM decisions_standing s JOIN people_person p ON p.id = s.person_id
WHERE s.held & s.yes <> 0 AND p.standing = 'present' AND NOT EXISTS (
    SELECT FROM tasks_task t WHERE t.kind = 'decisions.visit' AND t.subject = coalesce(p.household_id, p.id))
ORDER BY p.id DESC LIMIT %s"""


def few(bench: Bench) -> list[Line]:
    """Facts are told first, outside the clock; the clock runs from the telling's end to the commit of the decision."""
    return _many(bench) + _one_cold(bench) + _one_warm(bench) + _until_seen(bench)


def _many(bench: Bench) -> list[Line]:
    count, found = bench.sizes.changed, []
    for number in range(bench.sizes.rounds):
        bench.say(f"{count:,}人的事实变了")
        persons = _tell(bench, number * count, count)
        run, taken = timed(bench, lambda persons=persons: _again(bench, persons))
        found.append((taken.seconds, taken, run))
    found.sort(key=lambda one: one[0])
    _, taken, run = found[len(found) // 2]
    figures = run.figures
    what = (
        f"{count:,} people with a changed fact: {figures['changed']:,} came out otherwise, {figures['doors']:,} doors"
    )
    return lines(bench, what, taken, CHANGED_SECONDS)


def _one_cold(bench: Bench) -> list[Line]:
    """The first decision of a process that has just begun, and its second."""
    bench.say("一个人，新开的进程")
    persons = _tell(bench, 0, 2)
    with get_context("spawn").Pool(1) as apart:
        first, second = apart.apply_async(in_new_process, (bench.environment, persons, bench.day)).get(_PATIENCE)
    return [
        Line("one person, first decision of a new process (connects, reads the list, writes the statements)",
             seconds(first), f"≤ {SEEN_SECONDS:g} s", _judged(bench, first)),
        Line("… the next person in that process", seconds(second)),
    ]  # fmt: skip


def _one_warm(bench: Bench) -> list[Line]:
    bench.say("一个一个人")
    persons = _tell(bench, bench.sizes.changed // 2, bench.sizes.single)
    took = [timed(bench, lambda person=person: _again(bench, [person]))[1].seconds for person in persons]
    p95 = percentile(took, 0.95)
    what = f"one person after the other ({len(took)}), decided, tasks written: p50, p95"
    return [Line(what, f"{seconds(median(took))}, {seconds(p95)}", f"≤ {SEEN_SECONDS:g} s", _judged(bench, p95))]


def _until_seen(bench: Bench) -> list[Line]:
    """With a worker as `songhe serve` has one: somebody who receives something dies; when is the visit a task?"""
    with scoped(everybody(), "bench"):
        Delivery.objects.filter(state=State.WAITING).update(state=State.DONE, tried_at=timezone.now())
    end_left_over(bench.place)
    running = Running(bench.place, 0, bench.environment)
    try:
        bench.say("起一个后台，等它做完当天的事")
        running.start("work")
        _wait_for_the_day()
        bench.say("登记去世，等着看到待办")
        chance = Random(bench.sizes.seen)  # noqa: S311 - somebody dies at any moment, not just after the worker looked
        took = [_seen_after(*each, chance.uniform(0, _LOOKS)) for each in _receiving(bench.sizes.seen)]
    finally:
        running.stop()
    p95 = percentile(took, 0.95)
    what = f"a death registered, until the task to stop payment is seen, with a worker ({len(took)}): p50, p95"
    return [
        Line(what, f"{seconds(median(took))}, {seconds(p95)}", f"≤ {SEEN_SECONDS:g} s", _judged(bench, p95)),
        Line("… load at the end", busy()),
    ]


def _judged(bench: Bench, value: float) -> bool | None:
    return value <= SEEN_SECONDS if bench.sizes.people >= BIG else None


def _wait_for_the_day() -> None:
    """A worker begins with what the day brings, everybody anew when the day is a new one."""
    today, until = timezone.localdate(), perf_counter() + _PATIENCE
    while perf_counter() < until:
        sleep(3.0)
        with scoped(everybody(), "bench"):
            if counted_on() == today and Run.objects.filter(kind="full", on_date=today).exists():
                sleep(3.0)
                return
    raise RuntimeError("the worker did not come to an end with its day")


def _receiving(count: int) -> list[tuple[UUID, UUID]]:
    with scoped(everybody(), "bench"), connection.cursor() as cursor:
        cursor.execute(_RECEIVING, [count])
        return list(cursor.fetchall())


def _seen_after(person: UUID, door: UUID, pause: float) -> float:
    sleep(pause)
    today, now = timezone.localdate(), timezone.now()
    with scoped(_worker(), "bench"):
        record_death(actor=_worker(), today=today, now=now, person_id=person, on_date=today, source="community")
    start = perf_counter()
    while perf_counter() - start < _PATIENCE:
        with scoped(everybody(), "bench"):
            if Task.objects.filter(kind="decisions.visit", subject=door).exists():
                return perf_counter() - start
        sleep(0.02)
    raise RuntimeError("no task was seen")


def _tell(bench: Bench, start: int, count: int) -> list[UUID]:
    """The community says of so many people that they live alone, or do not, as it was not known before."""
    with scoped(_worker(), "bench"):
        rows = Sheet.objects.filter(standing="present").order_by("pk").values_list("pk", "lives_alone")
        rows = list(rows[start : start + count])
        told = [Told(key, "lives_alone", "community", "false" if alone else "true", bench.day) for key, alone in rows]
        record_facts(actor=_worker(), today=bench.day, now=timezone.now(), told=told)
    return [key for key, _ in rows]


def _again(bench: Bench, persons: list[UUID]) -> Run:
    run = redetermine(actor=everybody(), persons=persons, on=bench.day, now=timezone.now())
    assert run is not None  # noqa: S101
    return run


def _worker() -> Actor:
    return Actor(None, "何俊", "", frozenset(permissions.ACTIONS))
