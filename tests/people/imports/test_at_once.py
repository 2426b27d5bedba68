"""A list is written while somebody is at a file of it: one after the other, and never half of either."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connections
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import DeadlockDetected
from pytest_django import DjangoDbBlocker

from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.jobs import run_queued
from songhe.kernel.errors import Conflict
from songhe.people.imports import applying
from songhe.people.imports.models import Batch
from songhe.people.imports.operations.approving import approve, propose
from songhe.people.imports.states import BatchState
from songhe.people.models import Circumstance, Person, Sheet
from songhe.people.operations.telling import record_fact
from tests.database import database_copy
from tests.people.imports.conftest import Desk
from tests.people.imports.register import LIST_DAY, NOW, TODAY, fact, number, person, sheets

HEADER = ("姓名", "证件号", "残疾类别", "残疾等级")
ROWS = (("李桂芳", number(1), "肢体", "三级"), ("刘金凤", number(2), "精神", "2"))
LEVEL, SOURCE = "disability_level", "disabled_federation"
CLERK = Actor(None, "何俊", "420704", frozenset({"people.write"}))
PATIENCE = 20.0


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Instead of a transaction that is undone: a database of one's own in which everything is committed."""
    settings = connections["default"].settings_dict
    before = dict(settings)
    with database_copy("_lists") as copy, django_db_blocker.unblock():
        parts = conninfo_to_dict(copy.web)
        settings.update(NAME=parts["dbname"], USER=parts["user"], HOST=parts["host"], PORT=parts["port"])
        connections.close_all()
        yield
        connections.close_all()
        settings.update(before)


@pytest.fixture
def approved(desk: Desk) -> tuple[Batch, Person]:
    """A list that waits to be written, and somebody on it."""
    with scoped(Actor.system("测试", ""), "test"):
        li, liu = person(1, "李桂芳"), person(2, "刘金凤")
        for who in (li, liu):
            fact(who, LEVEL, "4", SOURCE)
        sheets()
    batch = desk.stage(HEADER, ROWS)
    with scoped(desk.officer, "test"):
        proposed = propose(actor=desk.officer, batch_id=batch.pk, now=NOW)
    with scoped(desk.leader, "test"):
        approve(actor=desk.leader, batch_id=batch.pk, list_hash=proposed.list_hash, now=NOW)
    return batch, li


def tell(person_id: Any, value: str, source: str) -> None:
    record_fact(
        actor=CLERK, today=TODAY, now=NOW, person_id=person_id, fact=LEVEL, value=value, source=source, as_of=LIST_DAY
    )


@contextmanager
def elsewhere(work: Callable[[], Any]) -> Iterator[Any]:
    """The work in a thread with a connection of its own; its outcome is waited for at the end."""

    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        yield future
        future.result(PATIENCE)


def until_somebody_waits(owner: psycopg.Connection) -> None:
    """Until a connection waits for another one's lock."""
    start = monotonic()
    while not owner.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()[0]:  # type: ignore[index]
        assert monotonic() - start < PATIENCE
        sleep(0.02)


def facts() -> list[tuple[str, str, str, bool]]:
    with scoped(Actor.system("测试", ""), "test"):
        rows = Circumstance.objects.filter(fact=LEVEL, known_until=None).order_by("person__name", "source")
        return [(row.person.name, row.source, row.value, row.batch is not None) for row in rows]


@pytest.mark.covers("PER-03")
def test_a_list_waits_for_who_is_at_a_file_and_is_then_not_written(
    approved: tuple[Batch, Person], desk: Desk, as_owner: psycopg.Connection
) -> None:
    batch, li = approved
    told, go_on = Event(), Event()

    def deed() -> None:
        with scoped(CLERK, "test"):
            tell(li.pk, "2", SOURCE)
            told.set()
            assert go_on.wait(PATIENCE)

    with elsewhere(deed):
        assert told.wait(PATIENCE)
        with elsewhere(run_queued):
            until_somebody_waits(as_owner)
            go_on.set()
    after = desk.again(batch)
    assert after.state == BatchState.COMPARED and "1人的记录变了，请重新比对" in after.failure
    assert facts() == [("刘金凤", SOURCE, "4", False), ("李桂芳", SOURCE, "2", False)]


@pytest.mark.covers("PER-03")
def test_who_comes_to_a_file_while_a_list_is_written_waits_and_goes_on_from_there(
    approved: tuple[Batch, Person], desk: Desk, as_owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, li = approved
    locked, go_on, check = Event(), Event(), applying.check_unmoved

    def slowly(*arguments: Any) -> None:
        check(*arguments)
        locked.set()
        assert go_on.wait(PATIENCE)

    monkeypatch.setattr(applying, "check_unmoved", slowly)

    def deed() -> None:
        with scoped(CLERK, "test"):
            tell(li.pk, "1", "community")

    with elsewhere(run_queued):
        assert locked.wait(PATIENCE)
        with elsewhere(deed):
            until_somebody_waits(as_owner)
            go_on.set()
    assert desk.again(batch).state == BatchState.APPLIED
    assert facts() == [
        ("刘金凤", SOURCE, "2", True),
        ("李桂芳", "community", "1", False),
        ("李桂芳", SOURCE, "3", True),
    ]
    with scoped(Actor.system("测试", ""), "test"):
        sheet = Sheet.objects.get(person=li)
        assert (sheet.disability_level, sheet.conflicts) == (3, [LEVEL])


@pytest.mark.parametrize("cause", [psycopg.errors.UniqueViolation(), DeadlockDetected()])
def test_what_the_database_refuses_because_somebody_was_quicker_is_said(cause: Exception) -> None:
    with pytest.raises(Conflict, match="请重新比对"), applying.conflicting():
        raise OperationalError("locked") from cause
    with pytest.raises(OperationalError), applying.conflicting():
        raise OperationalError("gone") from psycopg.errors.AdminShutdown()
