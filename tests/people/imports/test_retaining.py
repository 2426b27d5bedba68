"""How long the rows of a list are kept, and what stays of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from songhe.config.daily import new_day
from songhe.foundation.access.actors import Actor
from songhe.foundation.access.scope import scoped
from songhe.foundation.audit.models import Entry
from songhe.foundation.jobs import run_queued
from songhe.people.imports.models import Batch, Candidate, Change, RowError, StagedRow
from songhe.people.imports.operations.approving import undo
from songhe.people.imports.retaining import days_kept, empty_old_lists
from songhe.people.imports.states import BatchState
from songhe.people.models import Circumstance
from tests.people.imports.conftest import Desk
from tests.people.imports.register import NOW, TODAY, WUDU, fact, number, person, sheets

HEADER = ("姓名", "证件号", "残疾类别", "残疾等级")
ROWS = [("李桂芳", number(1), "肢体", "三级"), ("熊国安", number(3)[:-1], "听力", "2")]
STAGED = (Candidate, Change, RowError, StagedRow)
EVERYBODY = Actor.system("测试", "")


@pytest.fixture
def written(desk: Desk) -> Batch:
    with scoped(EVERYBODY, "test"):
        fact(person(1, "李桂芳", WUDU), "disability_level", "4", "disabled_federation")
        sheets()
    return desk.write(HEADER, ROWS)


def staged() -> int:
    with scoped(EVERYBODY, "test"):
        return sum(model.objects.count() for model in STAGED)  # type: ignore[attr-defined]


def files() -> int:
    return sum(path.is_file() for path in Path(settings.FILES).rglob("*"))


def empty(after: int) -> int:
    return empty_old_lists(today=TODAY + timedelta(after), now=NOW + timedelta(after))


def test_rows_and_file_go_after_their_time_and_counts_hashes_and_facts_stay(
    desk: Desk,
    written: Batch,
    client_as: Callable[..., Client],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    days = days_kept(TODAY)
    assert (empty(days), staged() > 0, files()) == (0, True, 1)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert empty(days + 1) == 1
    assert (staged(), files(), empty(days + 2)) == (0, 0, 0)
    batch = desk.again(written)
    assert batch.counts == written.counts and batch.list_hash == written.list_hash and batch.file_hash
    with scoped(EVERYBODY, "test"):
        assert Circumstance.objects.filter(batch=batch.pk, known_until=None).count() == 2
        assert Entry.objects.filter(action="people.import.empty").count() == 1
    page = client_as("district_officer", "420704", login="another").get(reverse("import", args=[batch.pk]))
    assert "到了保存期限" in page.content.decode()


def test_a_list_without_its_rows_can_be_taken_back(desk: Desk, written: Batch) -> None:
    empty(days_kept(TODAY) + 1)
    with scoped(desk.leader, "test"):
        undo(actor=desk.leader, batch_id=written.pk, reason="名册发错了", now=NOW)
    run_queued()
    assert desk.again(written).state == BatchState.UNDONE
    with scoped(EVERYBODY, "test"):
        assert Circumstance.objects.get(known_until=None).value == "4"


def test_a_list_that_is_not_written_yet_keeps_its_rows(desk: Desk) -> None:
    with scoped(EVERYBODY, "test"):
        person(1, "李桂芳", WUDU)
    desk.stage(HEADER, ROWS)
    assert (empty(1000), staged() > 0) == (0, True)


def test_a_new_day_does_it(written: Batch) -> None:
    with time_machine.travel(NOW + timedelta(days_kept(TODAY) + 1), tick=True):
        new_day()
    assert staged() == 0


def test_the_figure_is_the_one_that_holds_on_the_day() -> None:
    assert [days_kept(day) for day in (date(2020, 1, 1), date(2026, 11, 1), date(2030, 1, 1))] == [180, 180, 180]
