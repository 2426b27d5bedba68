"""What was done before the city opens: lists handed in, let in, taken back or still waiting, by the real operations."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from songhe.demo.register.earlier import EarlierLists, desks
from songhe.demo.register.written import written_csv
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.models import Account
from songhe.foundation.access.queries import actor_of
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs.models import Job
from songhe.foundation.jobs.states import JobState
from songhe.foundation.jobs.telling import tell_starter
from songhe.foundation.notices.models import Notice
from songhe.foundation.outbox.models import Delivery
from songhe.foundation.outbox.states import State
from songhe.foundation.uploads.operations import adopt
from songhe.kernel.errors import Conflict, Refused
from songhe.people.api import IMPORT
from songhe.people.imports.api import (
    Batch,
    approve_at_once,
    changes_of,
    file_of,
    list_of,
    open_batch,
    propose,
    read_at_once,
    sample,
    suggested,
    undo_at_once,
)

_READ_AFTER = timedelta(days=4)
_TOLD = {"id": pl.String, "fact": pl.String, "value": pl.String}


@dataclass(slots=True)
class History:
    """The lists that were written and stand: their batches."""

    day: date
    now: datetime
    written: list[Batch] = field(default_factory=list)
    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        """Somebody who works here, with today's rights."""
        if login not in self.actors:
            found = actor_of(Account.objects.get(login=login), self.day)
            assert found is not None  # noqa: S101
            self.actors[login] = found
        return self.actors[login]


def live_through(lists: EarlierLists, day: date, now: datetime) -> pl.DataFrame:
    """Everything of `desks.yaml`, the oldest first; gives what was told: id, fact, value, one row each.

    What listens to the deeds is not called: the whole city is counted when all is there.
    """
    history = History(day, now)
    with tempfile.TemporaryDirectory() as folder:
        for plan, rows in zip(desks()["lists"], lists.tables(), strict=True):
            if rows.height:
                _hand_in(history, plan, rows, Path(folder))
    Notice.objects.filter(created_at__lt=now - _READ_AFTER).update(read_at=now - timedelta(days=1))
    Delivery.objects.filter(state=State.WAITING).update(state=State.DONE, attempts=1, tried_at=now)
    told = [
        (str(person), fact, value)
        for batch in history.written
        for person, fact, value in changes_of(batch, "c.person, c.fact, c.value")
    ]
    return pl.DataFrame(told, schema=_TOLD, orient="row")


def _hand_in(history: History, plan: Mapping[str, Any], rows: pl.DataFrame, folder: Path) -> None:
    """One list on its way as far as it came."""
    officer, at = history.actor(plan["by"]), history.now - timedelta(days=plan["days"], hours=-1)
    said, expected = at.date() - timedelta(days=1), list_of(plan["list"])
    name = f"{expected.name}{said.month}月.csv"
    written_csv(folder / name, rows, "utf-8-sig")
    with scoped(officer, "demo build"):
        upload = adopt(officer, folder / name, name, region=plan["region"], permission=IMPORT, now=at)
        try:
            batch = open_batch(
                actor=officer, upload=upload, source=expected.key, data_until=said, today=at.date(), now=at,
                region=plan["region"],
            )  # fmt: skip
        except (Conflict, Refused):  # in a very small city two lists may be the same
            return
        with file_of(batch) as path:
            header, _ = sample(path, expected, {})
        batch = read_at_once(
            actor=officer, batch_id=batch.pk, header=header, mapping=suggested(batch, header), now=at, say=_silent
        )
        _worked(officer, batch, "stage", "读取和比对", {"读到行数": batch.counts["read"]}, at)
        if plan["end"] == "mistaken":
            return
        try:
            batch = propose(actor=officer, batch_id=batch.pk, now=at + timedelta(minutes=25))
        except Refused:  # in a very small city a list may say nothing new
            return
    if plan["end"] != "waiting":
        _let_in(history, plan, batch, at + timedelta(hours=5))


def _let_in(history: History, plan: Mapping[str, Any], batch: Batch, at: datetime) -> None:
    """The second person lets the list in; one that was a mistake is taken back on the next day."""
    leader = history.actor(plan["second"])
    with scoped(leader, "demo build"):
        batch = approve_at_once(actor=leader, batch_id=batch.pk, list_hash=batch.list_hash, now=at, say=_silent)
        _worked(leader, batch, "apply", "写入", {"写入条数": batch.counts["applied"]["facts"]}, at)
        if plan["end"] == "applied":
            history.written.append(batch)
            return
        later = at + timedelta(days=1)
        batch = undo_at_once(actor=leader, batch_id=batch.pk, reason=plan["reason"], now=later, say=_silent)
        _worked(leader, batch, "undo", "撤回", {"撤回条数": batch.counts["undone"]["facts"]}, later)


def _worked(actor: Actor, batch: Batch, kind: str, what: str, counts: Mapping[str, int], at: datetime) -> None:
    """The work in the background that would have done this, with its notice."""
    job = Job.objects.create(
        kind=f"people.import.{kind}", title=f"{list_of(batch.source).name}：{what}", region_code=batch.region_code,
        started_by_id=actor.account_id, starter_name=actor.name, arguments={"batch": str(batch.pk)},
        state=JobState.DONE, done=100, total=100, attempts=1, created_at=at, started_at=at + timedelta(seconds=1),
        finished_at=at + timedelta(seconds=6), result={"link": f"/imports/{batch.pk}/", "counts": dict(counts)},
    )  # fmt: skip
    tell_starter(job, JobState.DONE, "", at + timedelta(seconds=6))


def _silent(done: int, total: int, words: str) -> None:
    """Nobody looks at the progress."""
