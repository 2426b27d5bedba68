"""The list is issued, who may have something receives it but for those planted, and everybody is decided.

What offices know decides who was put down: an item is received by everybody entitled by the register, but for a share
who never applied (`never_enrolled`), and by some who died lately and still stand on a payment list (`paid_beyond`).
Who is dead or gone in truth and not in the register receives: nobody is to be named as missing out who is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from django.db import connection

from songhe.demo.chance import Chance
from songhe.demo.register.assessing_cast import left_out
from songhe.demo.register.telling import written
from songhe.eligibility.decisions.api import record_receipts, run_whole
from songhe.eligibility.determining import column, wide_table
from songhe.eligibility.engines import PolarsEngine
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.outbox.states import State
from songhe.people.api import person_table
from songhe.policy.api import Release, approve, import_list, issue, load_instruments, programme_of, propose
from songhe.rules.facts import KEY
from songhe.rules.programme import Programme

LIST = "420700-ezhou/basic-list-2023"
SOURCE = "发放名册"
_DRAWN = 7_307


def issue_list(policies: Path, day: date, now: datetime) -> Release:
    """The city's list goes the way of every list: one officer proposes, another approves and issues."""
    officer, leader = (_at_work(login, day) for login in ("city-officer", "city-leader"))
    load_instruments(root=policies)
    draft = import_list(actor=officer, root=policies, key=LIST, now=now)
    proposed = propose(actor=officer, release=draft.pk, note="按鄂州政办发〔2023〕28号附件1录入", now=now)
    approve(actor=leader, release=draft.pk, digest=proposed.digest, now=now)
    return issue(actor=leader, release=draft.pk, today=day, now=now)


def put_everybody_down(
    release: Release, gone: pl.DataFrame, seed: int, day: date, now: datetime
) -> Mapping[str, pl.DataFrame]:
    """Writes who receives what; gives what was planted. `gone` has the `id` of who is dead or away only in truth."""
    programme = programme_of(release, day)
    people = person_table(today=day)
    entitled = _entitled(programme, people)
    chance = Chance(np.random.SeedSequence([seed, _DRAWN]), entitled.height)
    drawn = entitled.with_columns(left_out=pl.Series(chance.uniform()) < written()["never_enrolled"])
    absent = pl.col(KEY).is_in(gone["id"].cast(pl.String).implode())
    of_story = pl.struct(KEY, "item").is_in([{KEY: key, "item": item} for key, item in left_out()])
    drawn = drawn.with_columns((pl.col("left_out") & ~absent) | of_story)
    beyond = _still_paid(programme, people, day)
    since = day - timedelta(days=200)
    rows = pl.concat([drawn.filter(~pl.col("left_out")).select(KEY, "item"), beyond]).unique(maintain_order=True)
    actor = Actor.system("演示城市", "")
    record_receipts(actor=actor, rows=((key, item, since) for key, item in rows.iter_rows()), source=SOURCE, now=now)
    never = drawn.filter("left_out").select(pl.col(KEY).alias("id"), "item")
    return {"never_enrolled": never, "paid_beyond": beyond.rename({KEY: "id"})}


def decide_everybody(day: date, now: datetime) -> Mapping[str, int]:
    """The first run over the city; gives its counts."""
    run = run_whole(actor=Actor.system("演示城市", ""), region="", on=day, now=now)
    _as_if_found_bit_by_bit()
    return {name: figure for name, figure in run.figures.items() if isinstance(figure, int)}


def _as_if_found_bit_by_bit() -> None:
    """Matters and their tasks are as old as if the weeks before had found them; those of a birthday wait for it."""
    with connection.cursor() as cursor:
        # Written in this transaction: without figures about them, each task was looked for among all doors.
        cursor.execute("ANALYZE decisions_matter, tasks_task")
        cursor.execute(
            """UPDATE decisions_matter
               SET due_date = due_date - d.days, opened_at = opened_at - make_interval(days => d.days)
               FROM (SELECT DISTINCT door, abs(hashtext(door::text)) %% %s AS days FROM decisions_matter) AS d
               WHERE d.door = decisions_matter.door AND kind <> 'soon'""",
            [written()["found_within"]],
        )
        cursor.execute(
            """UPDATE tasks_task t SET due_date = m.due_date, opened_at = m.opened_at
               FROM (SELECT door, min(due_date) AS due_date, min(opened_at) AS opened_at
                     FROM decisions_matter GROUP BY door) AS m
               WHERE t.kind = 'decisions.visit' AND t.subject = m.door"""
        )


def delivered(now: datetime) -> None:
    """What the building of the city told has been done by the building itself."""
    Delivery.objects.filter(state=State.WAITING).update(state=State.DONE, attempts=1, tried_at=now)


def _entitled(programme: Programme, people: pl.DataFrame) -> pl.DataFrame:
    """One row a person and item that somebody has to be put down for."""
    wide = wide_table(programme, PolarsEngine(programme.on), people)
    parts = [
        wide.filter(pl.col(column(bound))).select(KEY, pl.lit(bound.item.slug).alias("item"))
        for bound in programme.items
        if bound.item.applied_for
    ]
    return pl.concat(parts)


def _still_paid(programme: Programme, people: pl.DataFrame, day: date) -> pl.DataFrame:
    """Some of those who died within the last weeks and were old enough for the allowance: still on the payment list."""
    slug, back = "advanced-age-allowance", written()["still_paid"]
    dead = people.filter((pl.col("death_date") > day - timedelta(days=back["days"])) & (pl.col("death_date") <= day))
    alive = wide_table(
        programme, PolarsEngine(programme.on), dead.with_columns(death_date=pl.lit(None, dtype=pl.Date))
    ).filter(pl.col(column(programme.item(slug))))
    return alive.select(KEY, pl.lit(slug).alias("item")).gather_every(back["every"])


def _at_work(login: str, day: date) -> Actor:
    actor = actor_of(Account.objects.get(login=login), day)
    assert actor is not None  # noqa: S101
    return actor
