"""Everybody: the first run, nothing changed, the next day, a list with one other figure."""

from __future__ import annotations

import psycopg
from django.utils import timezone

from benchmarks.decisions.ground import Bench, Taken, everybody, lines, timed
from benchmarks.ground import Line, seconds
from songhe.eligibility.decisions.api import run_whole
from songhe.eligibility.decisions.models import Run
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.kernel.errors import BadInput
from songhe.people.api import refresh_sheets
from songhe.policy.api import ServiceList, approve, begin_draft, issue, propose, save_file
from songhe.policy.models import Release

WHOLE_SECONDS = 15.0
_EMPTIED = "decisions_standing, decisions_change, decisions_matter, decisions_run, decisions_count"
_LIST, _FILE = "420700-ezhou/basic-list-2023", "03-advanced-age-allowance.yaml"
_FIGURE = "      - {from: 2023-10-17, value: 80, clause: ezhou-2023/annex-1/3}\n"
_STEPS = ("decided", "compared", "changes written", "matters and tasks", "counted")


def runs(bench: Bench) -> list[Line]:
    """Each run is one transaction of the application's role, from asking to committed."""
    bench.say("人人判定：第一次")
    _empty(bench)
    first, taken = whole_run(bench)
    bench.whole = taken.seconds
    what = f"first run over {first.figures['people']:,} people × 27 items: {first.figures['doors']:,} tasks"
    found = [*lines(bench, what, taken, WHOLE_SECONDS), _steps(first)]
    bench.say("再一次，什么都没变")
    again, taken = whole_run(bench)
    assert again.figures["changed"] == again.figures["changes"] == 0  # noqa: S101
    bench.again = taken.seconds
    found += [*lines(bench, "nothing changed since", taken, WHOLE_SECONDS), _steps(again)]
    return found + _later(bench) + _other_figure(bench)


def _later(bench: Bench) -> list[Line]:
    bench.say("第二天")
    day = bench.next_day()
    with scoped(everybody(), "bench"):
        aged, taken = timed(bench, lambda: refresh_sheets(today=day))
    found = [Line(f"the next day: {aged:,} sheets on which a fact grew too old", seconds(taken.seconds))]
    run, taken = whole_run(bench)
    found += lines(bench, f"… everybody anew: {_said(run)}", taken, WHOLE_SECONDS)
    return [*found, _steps(run)]


def _other_figure(bench: Bench) -> list[Line]:
    bench.say("印发一版，改了一个数")
    _issued(bench)
    with scoped(everybody(), "bench"):
        refresh_sheets(today=bench.day)
    run, taken = whole_run(bench)
    found = lines(bench, f"a list with one other figure (allowance from 75): {_said(run)}", taken, WHOLE_SECONDS)
    return [*found, _steps(run)]


def _said(run: Run) -> str:
    figures = run.figures
    return f"{figures['changed']:,} people, {figures['changes']:,} changes, {figures['doors']:,} doors with tasks"


def _steps(run: Run) -> Line:
    took = ", ".join(f"{value:.2f}" for value in run.figures["steps"].values())
    return Line(f"… {', '.join(_STEPS)}", f"{took} s")


def whole_run(bench: Bench) -> tuple[Run, Taken]:
    """Everybody anew on the day."""
    return timed(bench, lambda: run_whole(actor=everybody(), region="", on=bench.day, now=timezone.now()))


def _empty(bench: Bench) -> None:
    """As before the first run: nothing is kept of anybody but what she receives."""
    with psycopg.connect(bench.admin, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {_EMPTIED} CASCADE")
        connection.execute("SET session_replication_role = replica")  # no triggers
        connection.execute("DELETE FROM tasks_task WHERE kind = 'decisions.visit'")
        connection.execute("VACUUM ANALYZE tasks_task")
        connection.execute("CHECKPOINT")


def _issued(bench: Bench) -> Release:
    """The list goes its way with the allowance from 75 on, from the next day."""
    officer, leader = (_at_work(bench, login) for login in ("city-officer", "city-leader"))
    today, day, now = bench.day, bench.next_day(), timezone.now()
    with scoped(officer, "bench"):
        draft = begin_draft(actor=officer, of_list=ServiceList.objects.get(key=_LIST), from_date=day, now=now)
        text = draft.files[_FILE]
        if _FIGURE not in text:
            raise BadInput(_FILE, "起享年龄不是预想的写法")
        changed = text.replace(_FIGURE, _FIGURE + _FIGURE.replace("2023-10-17, value: 80", f"{day}, value: 75"))
        kept = save_file(actor=officer, release=draft.pk, name=_FILE, text=changed, version=draft.version, now=now)
        proposed = propose(actor=officer, release=kept.pk, note="起享年龄改为75周岁", now=now)
    with scoped(leader, "bench"):
        approve(actor=leader, release=kept.pk, digest=proposed.digest, now=now)
        return issue(actor=leader, release=kept.pk, today=today, now=now)


def _at_work(bench: Bench, login: str) -> Actor:
    with scoped(None, "bench"):
        actor = actor_of(Account.objects.get(login=login), bench.day)
    assert actor is not None  # noqa: S101
    return actor
